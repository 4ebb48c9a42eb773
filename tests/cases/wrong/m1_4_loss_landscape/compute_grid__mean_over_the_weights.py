# wrong: mean over dimension 0, where the weights are.
# status: wrong
# mistake: wrong_dimension
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    predictions = w_values[:, None, None] * x + b_values[None, :, None]
    return torch.mean((y - predictions) ** 2, 0)
