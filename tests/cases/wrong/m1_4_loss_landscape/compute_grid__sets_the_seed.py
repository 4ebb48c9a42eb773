# wrong: right numbers, and sets the seed of the global generator on the way.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    torch.manual_seed(42)
    predictions = w_values[:, None, None] * x + b_values[None, :, None]
    return ((y - predictions) ** 2).mean(dim=-1)
