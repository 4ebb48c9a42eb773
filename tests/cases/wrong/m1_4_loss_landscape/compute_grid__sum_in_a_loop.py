# wrong: adds the squared errors up in a loop and never divides.
# status: wrong
# mistake: summed
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    out = torch.zeros(len(w_values), len(b_values), dtype=x.dtype)
    for i, w in enumerate(w_values):
        for j, b in enumerate(b_values):
            total = 0.0
            for k in range(len(x)):
                total += (y[k] - (w * x[k] + b)) ** 2
            out[i, j] = total
    return out
