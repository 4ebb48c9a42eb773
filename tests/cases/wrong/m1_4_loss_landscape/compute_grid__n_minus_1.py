# wrong: divides by N - 1, as for a sample variance.
# status: wrong
# mistake: divided_by_n_minus_1
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    residuals = y - (torch.einsum("i,n->in", w_values, x)[:, None, :] + b_values[None, :, None])
    return (residuals * residuals).sum(-1) / (residuals.shape[-1] - 1)
