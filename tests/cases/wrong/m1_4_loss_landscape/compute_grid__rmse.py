# wrong: takes the root of every loss.
# status: wrong
# mistake: root
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    rows = []
    for w in w_values:
        rows.append(torch.stack([torch.sqrt(torch.nn.functional.mse_loss(w * x + b, y)) for b in b_values]))
    return torch.stack(rows)
