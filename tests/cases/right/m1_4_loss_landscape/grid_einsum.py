# right: the products by einsum, the mean by einsum as well.
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    products = torch.einsum("i,n->in", w_values, x)
    errors = y - products.unsqueeze(1) - b_values.reshape(1, -1, 1)
    return torch.einsum("ijn,ijn->ij", errors, errors) / y.shape[0]
