# wrong: returns the grid as text.
# status: wrong
# mistake: none
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    predictions = w_values[:, None, None] * x + b_values[None, :, None]
    return str(((y - predictions) ** 2).mean(dim=-1))
