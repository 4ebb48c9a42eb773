"""Report the side effects of a call, and give advice about a correct value.

The worker sends the arguments and settings after a call; this module finds what changed.
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from grader.course.solution import Exercise
from grader.sandbox import arrays, wire
from grader.sandbox.worker import SEED

TINY = 1e-6
"""A change below this share of the largest entry is rounding, left by an attempt to undo a larger one."""
_HOLDS_NONE = frozenset({float, int, bool, str})
_SEED_SET = (
    "Your function sets the seed of torch's global generator, which changes every other random number in the program."
    " Use your own generator: torch.Generator().manual_seed(...)."
)
COPYING = ("x.clone() of a tensor", "x.copy() of an array")
"""How an argument is copied: a tensor, and an array."""
SETTINGS = ["torch.float32", True, 1, "cpu", SEED]
"""The global state of torch required after a call, in the order of `grader.sandbox.worker.Settings`."""
_NAMES = ("default dtype", "grad mode", "number of threads", "default device", "generator")
_BY_CALL = (
    "Your function changes torch's default dtype for the whole program. Pass `dtype=` instead.",
    "Your function leaves gradients switched off for the whole program. Use `with torch.no_grad():`.",
    "Your function changes torch's number of threads for the whole program. Leave it as it is.",
    "Your function changes torch's default device for the whole program. Leave it as it is.",
    _SEED_SET,
)
_INSTEAD = (
    "Delete that, and pass `dtype=` where you make a tensor.",
    "Delete that, and use `with torch.no_grad():` in the function that needs it.",
    "Delete that.",
    "Delete that.",
    "Delete that, and use your own generator: torch.Generator().",
)
"""By setting, what to do instead of changing it at the top of the file."""


@dataclass(frozen=True)
class Changed:
    """An argument that the call has changed."""

    name: str
    before: Any
    document: bytes
    """The encoded value after the call; empty where that is too large, or not data."""


def changed_arguments(exercise: Exercise, args: Sequence[Any], kwargs: Mapping[str, Any], after: Any) -> list[Changed]:
    """Return the arguments that a call has changed; raises TypeError for data that no worker sends."""
    if type(after) is not list:
        raise TypeError("the arguments are not a list")
    if not after:
        return []
    names = [*_names(exercise, len(args)), *kwargs]
    if len(after) != len(names):
        raise TypeError("the number of arguments has changed")
    found = []
    for name, old, new in zip(names, [*args, *kwargs.values()], after, strict=True):
        if new is None:
            continue
        if type(new) is not bytes:
            raise TypeError("an argument is not a document")
        if new != wire.encode(old):
            found.append(Changed(name, old, new))
    return found


def changed_settings(settings: Any, line_of: Callable[[str], int] = lambda _: 0) -> list[str]:
    """Return messages about changed settings of torch; raises TypeError unless there are two lists of settings.

    ``line_of`` returns the line on which loading the file changes a setting, or 0.
    """
    if type(settings) is not list or len(settings) != 2:
        raise TypeError("expected the settings before and after a call")
    for state in settings:
        if type(state) is not list or [type(each) for each in state] != [type(each) for each in SETTINGS]:
            raise TypeError("a setting has the wrong type")
    return [
        _of_file(name, instead, line_of(name)) if after == before else of_call
        for right, before, after, name, instead, of_call in zip(
            SETTINGS, *settings, _NAMES, _INSTEAD, _BY_CALL, strict=True
        )
        if after != right
    ]


def complaints(changed: list[Changed]) -> list[str]:
    """Return a message for each changed argument."""
    return list(map(_of_argument, changed))


def _of_argument(changed: Changed) -> str:
    """Return a message about a changed argument."""
    name, before, now = changed.name, changed.before, None
    if changed.document:
        with contextlib.suppress(wire.WireError):
            now = arrays.tensors_of(wire.decode(changed.document))
    copying = COPYING[type(before) is np.ndarray]
    before = arrays.tensors_of(before)
    if type(before) is torch.Tensor and type(now) is torch.Tensor:
        for attribute in ("shape", "dtype"):
            old, new = getattr(before, attribute), getattr(now, attribute)
            if old != new:
                texts = [str(tuple(each) if attribute == "shape" else each) for each in (old, new)]
                return (
                    f"Your function changed the {attribute} of its argument `{name}` from {texts[0]} to {texts[1]}. The"
                    " caller still needs the original: use a method whose name does not end in `_`."
                )
        difference = _largest_difference(before, now)
        if difference == 0 and before.requires_grad != now.requires_grad:
            return (
                f"Your function set requires_grad on its argument `{name}`, which its caller still uses. Set it on a"
                f" copy: {name}.detach().clone().requires_grad_()."
                if now.requires_grad
                else f"Your function detached its argument `{name}`, which its caller still uses. Use {name}.detach(),"
                " without the last `_`."
            )
        if 0 < difference <= TINY * _largest(before):
            return (
                f"Your function changed its argument `{name}` and did not restore it to the last digit: it is off by up"
                f" to {difference:.2g}. Work on a copy, such as {copying}."
            )
    return (
        f"Your function changed its argument `{name}` in place. The caller still needs the original: work on a copy,"
        f" such as {copying} or list(x) of a list."
    )


def _largest_difference(before: torch.Tensor, now: torch.Tensor) -> float:
    """Return the largest difference of two tensors of the same shape; infinity instead of nan."""
    if torch.equal(before, now):
        return 0.0
    difference = _largest(before.detach().to(torch.complex128) - now.detach().to(torch.complex128))
    return difference if difference == difference else float("inf")  # noqa: PLR0124  nan is not itself


def _largest(tensor: torch.Tensor) -> float:
    return float(tensor.detach().abs().max()) if tensor.numel() else 0.0


def _of_file(setting: str, instead: str, line: int) -> str:
    where = f"Line {line} of your file" if line else "Your file"
    return f"{where} changes torch's {setting} for the whole program when the file is loaded. {instead}"


def _names(exercise: Exercise, number: int) -> list[str]:
    """Return the names of a call's positional arguments; a driver may take more than the exercise."""
    return [*exercise.parameters, *(f"number {i + 1}" for i in range(len(exercise.parameters), number))][:number]


def advice(returned: Any, wanted: Any, args: tuple[Any, ...], open_figures: int) -> list[str]:
    """Return advice about a value, which may be correct."""
    texts = []
    tensors = _tensors(returned)
    if any(tensor.requires_grad for tensor in tensors):
        texts.append(
            "Your result still carries its gradient history. Detach it before you return it: `.detach()` or `.item()`."
        )
    floats = [arg.dtype for arg in args if type(arg) is torch.Tensor and arg.is_floating_point()]
    if floats and set(floats) == {torch.float64} and any(tensor.dtype is torch.float32 for tensor in tensors):
        texts.append("For float64 data your result is float32, which loses half of the digits. Pass `dtype=x.dtype`.")
    if tensors and type(returned) is not torch.Tensor and not _tensors(wanted):
        texts.append("Return plain floats: use `.item()`.")
    elif type(returned) is torch.Tensor and type(wanted) is float:
        texts.append("Return a plain float: use `.item()`.")
    if open_figures > 2:
        texts.append(
            f"{open_figures} figures are left open, and each uses memory. After saving, call plt.close(figure)."
        )
    return texts


def _tensors(value: Any) -> list[torch.Tensor]:
    """Return the tensors in a nested value."""
    if type(value) is torch.Tensor:
        return [value]
    parts = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    if _HOLDS_NONE.issuperset(map(type, parts)):
        return []  # most answers: no need to inspect each number
    return [tensor for part in parts for tensor in _tensors(part)]
