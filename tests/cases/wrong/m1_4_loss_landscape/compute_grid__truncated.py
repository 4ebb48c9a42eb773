# wrong: cuts the decimals off, which the example in the docstring does not show.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    predictions = w_values[:, None, None] * x + b_values[None, :, None]
    return torch.trunc(((y - predictions) ** 2).mean(dim=-1))
