# wrong: takes row 0 of the grid instead of column 0.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return compute_grid(x, y, w_values, torch.full((2,), b, dtype=x.dtype))[0]  # noqa: F821
