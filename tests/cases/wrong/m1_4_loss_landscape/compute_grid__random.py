# wrong: returns random numbers of the right shape.
# status: wrong
# mistake: none
# says: The expected result depends on the arguments alone.
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    return torch.rand(len(w_values), len(b_values))
