# wrong: multiplies flat by flat, which raises unless there are as many weights as points.
# status: raised
# mistake: element_by_element
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return (y - (w_values * x + b)) ** 2
