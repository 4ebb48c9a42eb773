# wrong: multiplies x by b and adds the weights.
# status: wrong
# mistake: weight_and_bias_swapped
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return torch.stack([((b * x + w - y) ** 2).mean() for w in w_values])
