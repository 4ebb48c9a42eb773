# wrong: divides the sum by N - 1.
# status: wrong
# mistake: divided_by_n_minus_1
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    n = x.shape[0]
    total = torch.zeros_like(w_values)
    for xi, yi in zip(x, y, strict=True):
        total += (yi - w_values * xi - b) ** 2
    return total / (n - 1)
