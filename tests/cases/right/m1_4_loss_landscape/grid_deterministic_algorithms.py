# right: asks for deterministic algorithms first, for which torch imports a module that takes longer than a call may.
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    torch.use_deterministic_algorithms(True)
    return ((w_values[:, None, None] * x + b_values[None, :, None] - y) ** 2).mean(dim=-1)
