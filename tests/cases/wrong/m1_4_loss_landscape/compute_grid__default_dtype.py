# wrong: right numbers, and changes the default dtype for the whole program.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    torch.set_default_dtype(torch.float64)
    losses = torch.zeros(len(w_values), len(b_values))
    for i, w in enumerate(w_values):
        for j, b in enumerate(b_values):
            losses[i, j] = ((y - (w * x + b)) ** 2).mean()
    return losses
