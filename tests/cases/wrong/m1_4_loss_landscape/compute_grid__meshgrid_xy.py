# wrong: meshgrid in the "xy" order, so the grid comes out transposed.
# status: wrong
# mistake: transposed
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    W, B = torch.meshgrid(w_values, b_values, indexing="xy")
    losses = torch.zeros_like(W)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            losses[i, j] = torch.mean((y - (W[i, j] * x + B[i, j])) ** 2)
    return losses
