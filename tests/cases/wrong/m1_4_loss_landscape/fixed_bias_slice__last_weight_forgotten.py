# wrong: the loop ends one too early, so the last entry stays zero.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    losses = torch.zeros(len(w_values), dtype=x.dtype)
    for i in range(len(w_values) - 1):
        losses[i] = ((y - (w_values[i] * x + b)) ** 2).mean()
    return losses
