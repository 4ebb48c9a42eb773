# wrong: sorts the weights first, which a sorted example does not show.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    weights, _ = torch.sort(w_values)
    predictions = weights[:, None, None] * x + b_values[None, :, None]
    return ((y - predictions) ** 2).mean(dim=-1)
