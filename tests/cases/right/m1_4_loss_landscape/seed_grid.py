# right: the seed's own double loop, with meshgrid and zeros_like, under our name.
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    W, B = torch.meshgrid(w_values, b_values, indexing="ij")
    loss_surface = torch.zeros_like(W)

    for i in range(W.shape[0]):
        for j in range(B.shape[1]):
            w, b = W[i, j], B[i, j]
            y_pred = w * x + b
            loss = torch.mean((y - y_pred) ** 2)
            loss_surface[i, j] = loss
    return loss_surface
