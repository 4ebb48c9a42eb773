# wrong: takes one column of a grid and keeps it two-dimensional.
# status: wrong
# mistake: column
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    predictions = w_values[:, None, None] * x + torch.tensor([b])[None, :, None]
    return ((y - predictions) ** 2).mean(dim=-1)
