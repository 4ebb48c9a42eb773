# wrong: divides by the mean square of y, which is nan where y is 0.
# status: wrong
# mistake: none
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    losses = ((y - (w_values[:, None] * x + b)) ** 2).mean(dim=1)
    return losses / (y * y).mean()
