# wrong: prints the grid and forgets to return it.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    losses = torch.zeros(len(w_values), len(b_values))
    for i, w in enumerate(w_values):
        for j, b in enumerate(b_values):
            losses[i, j] = ((y - (w * x + b)) ** 2).mean()
    print(losses)
