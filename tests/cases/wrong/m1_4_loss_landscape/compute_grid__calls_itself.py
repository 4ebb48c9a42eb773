# wrong: calls itself without an end.
# status: raised
# mistake: none
# says: The calls are nested too deep
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    first = compute_grid(x, y, w_values, b_values[:1])
    rest = compute_grid(x, y, w_values, b_values[1:])
    return torch.cat([first, rest], dim=1)
