# wrong: keepdim leaves a third dimension of size 1.
# status: wrong
# mistake: none
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    predictions = w_values[:, None, None] * x + b_values[None, :, None]
    return ((y - predictions) ** 2).mean(dim=-1, keepdim=True)
