# wrong: forgets to count up in a while loop.
# status: timeout
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    losses = torch.zeros(len(w_values), len(b_values))
    i = 0
    while i < len(w_values):
        for j in range(len(b_values)):
            losses[i, j] = ((y - (w_values[i] * x + b_values[j])) ** 2).mean()
    return losses
