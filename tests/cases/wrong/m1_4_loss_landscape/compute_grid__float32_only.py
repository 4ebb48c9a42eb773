# wrong: multiplies by a float32 matrix, which raises for float64 data.
# status: raised
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    design = torch.stack([x, torch.ones(len(x))]).T @ torch.eye(2)
    predictions = w_values[:, None, None] * design[:, 0] + b_values[None, :, None] * design[:, 1]
    return ((y - predictions) ** 2).mean(dim=-1)
