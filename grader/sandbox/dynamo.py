"""A stand-in for `torch._dynamo`, the front end of `torch.compile`, until something uses it.

Each optimizer of torch imports it to exempt itself from being compiled. That takes longer than `import torch`, and
nothing is compiled here: a worker runs `torch.compile` eagerly.
"""

import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

_NAME = "torch._dynamo"


class _StandIn(types.ModuleType):
    """What optimizers use, without effect; any other attribute, and any submodule, imports the module itself."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":  # inspect asks every module for its file
            raise AttributeError(name)
        if sys.modules.get(_NAME) is self:
            del sys.modules[_NAME]
        return getattr(importlib.import_module(_NAME), name)

    def graph_break(self, msg: str = "") -> None:
        """Do nothing: there is no graph."""

    def disable(self, fn: Callable[..., Any] | None = None, *_: object, **__: object) -> Callable[..., Any]:
        """Return the function: it is not compiled."""
        return self.disable if fn is None else fn


def stand_in() -> None:
    """Put the stand-in in place of the module, unless that has been imported."""
    import torch

    if _NAME not in sys.modules:
        module = _StandIn(_NAME, "The part of torch._dynamo that an optimizer uses.")
        sys.modules[_NAME] = module
        setattr(torch, _NAME.rpartition(".")[2], module)
