# wrong: half of the mean.
# status: wrong
# mistake: half
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return ((w_values[:, None] * x + b - y) ** 2).mean(-1) / 2
