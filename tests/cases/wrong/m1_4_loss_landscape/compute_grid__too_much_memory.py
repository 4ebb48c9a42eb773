# wrong: asks for a grid of a million values a side.
# status: crashed
# mistake: none
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    fine_w = torch.linspace(float(w_values.min()), float(w_values.max()), 10**6)
    fine_b = torch.linspace(float(b_values.min()), float(b_values.max()), 10**6)
    return (fine_w[:, None] * x.mean() + fine_b[None, :] - y.mean()) ** 2
