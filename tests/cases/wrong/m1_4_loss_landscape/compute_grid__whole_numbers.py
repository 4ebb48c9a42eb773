# wrong: collects the losses in a tensor of integers.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    losses = torch.zeros((len(w_values), len(b_values)), dtype=torch.int64)
    for i, w in enumerate(w_values):
        for j, b in enumerate(b_values):
            losses[i, j] = torch.mean((y - (w * x + b)) ** 2)
    return losses
