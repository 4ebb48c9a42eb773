# wrong: turns the "xy" grid over only where the shape is wrong, so square grids stay transposed.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    W, B = torch.meshgrid(w_values, b_values, indexing="xy")
    losses = ((y - (W[..., None] * x + B[..., None])) ** 2).mean(-1)
    if losses.shape != (len(w_values), len(b_values)):
        losses = losses.T
    return losses
