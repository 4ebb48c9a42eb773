# wrong: treats b as a tensor of biases.
# status: raised
# mistake: none
# says: len() counts entries, and this is a single number of type float
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    losses = torch.zeros(len(w_values), len(b))
    for i, w in enumerate(w_values):
        for j, bias in enumerate(b):
            losses[i, j] = ((y - (w * x + bias)) ** 2).mean()
    return losses[:, 0]
