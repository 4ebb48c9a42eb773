# wrong: returns the weight with the lowest loss.
# status: wrong
# mistake: none
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    losses = ((y - (w_values[:, None] * x + b)) ** 2).mean(dim=1)
    return w_values[losses.argmin()]
