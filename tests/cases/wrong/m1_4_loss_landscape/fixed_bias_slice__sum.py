# wrong: sums over the points.
# status: wrong
# mistake: summed
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    errors = y - (w_values[:, None] * x + b)
    return torch.einsum("in,in->i", errors, errors)
