# wrong: x and y exchanged.
# status: wrong
# mistake: data_swapped
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return torch.stack([torch.mean((x - (w * y + b)) ** 2) for w in w_values])
