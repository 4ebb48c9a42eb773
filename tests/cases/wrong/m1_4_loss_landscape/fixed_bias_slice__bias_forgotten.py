# wrong: the bias is not in the prediction.
# status: wrong
# mistake: bias_ignored
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    losses = []
    for w in w_values:
        losses.append(torch.mean((y - w * x) ** 2))
    return torch.stack(losses)
