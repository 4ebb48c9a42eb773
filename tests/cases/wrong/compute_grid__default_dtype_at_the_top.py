# wrong: the default dtype is set for the whole program at the top of the file.
# status: wrong
# mistake: none
# says: of your file changes torch's default dtype for the whole program when the file is loaded.
import torch
from torch import Tensor

torch.set_default_dtype(torch.float64)


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    prediction = w_values[:, None, None] * x + b_values[:, None]
    return ((y - prediction) ** 2).mean(-1)
