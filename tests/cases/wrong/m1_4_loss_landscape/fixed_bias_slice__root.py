# wrong: the root mean square error.
# status: wrong
# mistake: root
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return torch.sqrt(torch.mean((w_values.view(-1, 1) * x + b - y) ** 2, dim=1))
