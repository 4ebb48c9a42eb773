# wrong: the index is set back in every round.
# status: timeout
# mistake: none
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    losses = []
    while len(losses) < len(w_values):
        i = len(losses)
        losses.append(((y - (w_values[i] * x + b)) ** 2).mean())
        losses = losses[:0]
    return torch.stack(losses)
