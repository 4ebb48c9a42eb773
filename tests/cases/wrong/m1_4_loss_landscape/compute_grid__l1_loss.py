# wrong: uses the mean absolute error.
# status: wrong
# mistake: absolute
import torch
import torch.nn.functional as F
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    losses = torch.empty(w_values.numel(), b_values.numel(), dtype=x.dtype)
    for i in range(w_values.numel()):
        for j in range(b_values.numel()):
            losses[i, j] = F.l1_loss(w_values[i] * x + b_values[j], y)
    return losses
