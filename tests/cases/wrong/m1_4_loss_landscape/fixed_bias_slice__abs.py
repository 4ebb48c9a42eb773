# wrong: mean absolute error.
# status: wrong
# mistake: absolute
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return torch.tensor([(w * x + b - y).abs().mean().item() for w in w_values])
