# wrong: a parenthesis too early: the mean is squared instead of the errors averaged.
# status: wrong
# mistake: mean_before_square
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    errors = y - (w_values[:, None, None] * x + b_values[None, :, None])
    return errors.mean(-1) ** 2
