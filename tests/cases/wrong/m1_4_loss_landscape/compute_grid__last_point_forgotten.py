# wrong: the loop over the points ends one too early, and the division is by all N.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    losses = torch.zeros(len(w_values), len(b_values), dtype=torch.float64)
    for k in range(len(x) - 1):
        losses += (y[k] - (w_values[:, None] * x[k] + b_values)) ** 2
    return losses / len(x)
