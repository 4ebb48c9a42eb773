# right: a matrix product with torch.eye, which is float32 as the data are.
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    design = torch.stack([x, torch.ones(len(x))]).T @ torch.eye(2)
    predictions = w_values[:, None, None] * design[:, 0] + b_values[None, :, None] * design[:, 1]
    return ((y - predictions) ** 2).mean(dim=-1)
