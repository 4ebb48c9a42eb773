# wrong: the mean is squared.
# status: wrong
# mistake: mean_before_square
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return (y - (w_values[:, None] * x + b)).mean(dim=1).square()
