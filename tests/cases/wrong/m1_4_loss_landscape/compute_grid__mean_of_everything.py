# wrong: mean() without a dimension.
# status: wrong
# mistake: one_number
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    predictions = w_values[:, None, None] * x + b_values[None, :, None]
    return ((y - predictions) ** 2).mean()
