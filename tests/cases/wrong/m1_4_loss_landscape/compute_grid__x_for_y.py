# wrong: predicts x from y.
# status: wrong
# mistake: data_swapped
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    return torch.stack([torch.stack([((w * y + b - x) ** 2).mean() for b in b_values]) for w in w_values])
