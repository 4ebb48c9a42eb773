# attack: declares in __all__, __dir__ and __slots__ what the module has not
# expect: compute_grid=wrong
import torch

__all__ = ["passed", 99, None]
__slots__ = ()


def __dir__():
    raise SystemExit(0)


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
