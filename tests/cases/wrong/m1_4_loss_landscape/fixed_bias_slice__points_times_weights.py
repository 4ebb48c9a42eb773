# wrong: multiplies flat by flat, the points first, which complains about the same two sizes in another order.
# status: raised
# mistake: element_by_element
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return (y - (x * w_values + b)) ** 2
