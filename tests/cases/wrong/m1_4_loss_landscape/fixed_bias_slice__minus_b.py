# wrong: y - w * x + b without parentheses.
# status: wrong
# mistake: bias_subtracted
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return ((y - w_values[:, None] * x + b) ** 2).mean(dim=1)
