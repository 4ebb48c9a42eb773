# wrong: subtracts b from y in place.
# status: wrong
# mistake: none
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    y -= b
    return ((y - w_values[:, None] * x) ** 2).mean(dim=1)
