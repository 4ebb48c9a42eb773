# attack: is a function with lying name, text, defaults, annotations and module
# expect: compute_grid=wrong|raised|invalid
import inspect

import torch


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))


class Text(str):
    def __str__(self):
        raise SystemExit(0)


compute_grid.__name__ = compute_grid.__qualname__ = "\x1b[2Jpassed"
compute_grid.__doc__ = Text("passed")
compute_grid.__module__ = object()
compute_grid.__defaults__ = (Text("x"),) * 4
compute_grid.__kwdefaults__ = {"points": 99}
compute_grid.__annotations__ = {"return": "__import__('os')._exit(0)"}
compute_grid.__signature__ = inspect.Signature([inspect.Parameter("x" * 10**6, inspect.Parameter.VAR_POSITIONAL)])
