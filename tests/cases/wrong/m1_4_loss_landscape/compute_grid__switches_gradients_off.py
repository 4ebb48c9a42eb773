# wrong: right numbers, and leaves gradients switched off for the whole program.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    torch.set_grad_enabled(False)
    return torch.mean((y - w_values[:, None, None] * x - b_values[:, None]) ** 2, dim=2)
