# wrong: returns a list.
# status: wrong
# mistake: none
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return [float(((y - (w * x + b)) ** 2).mean()) for w in w_values]
