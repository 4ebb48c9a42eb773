# wrong: starts with nan everywhere and forgets the last row.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    losses = torch.full((len(w_values), len(b_values)), float("nan"), dtype=x.dtype)
    for i, w in enumerate(w_values[:-1]):
        losses[i] = ((w * x + b_values[:, None] - y) ** 2).mean(1)
    return losses
