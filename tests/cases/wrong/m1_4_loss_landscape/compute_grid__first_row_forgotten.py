# wrong: the loop over the weights starts at 1, so row 0 stays zero.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    losses = torch.zeros(len(w_values), len(b_values))
    for i in range(1, len(w_values)):
        for j in range(len(b_values)):
            losses[i, j] = ((y - (w_values[i] * x + b_values[j])) ** 2).mean()
    return losses
