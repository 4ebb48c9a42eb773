# wrong: the bias is always 1, as in the lesson and in the docstring.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    b_fixed = 1.0
    losses = []
    for w_val in w_values:
        loss = torch.mean((y - (w_val * x + b_fixed)) ** 2)
        losses.append(loss.item())
    return torch.tensor(losses)
