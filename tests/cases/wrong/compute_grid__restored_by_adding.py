# wrong: it shifts the data and shifts them back, which is off in the last digit.
# status: wrong
# mistake: none
# says: did not restore it to the last digit
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    prediction = w_values[:, None, None] * x + b_values[:, None]
    grid = ((y - prediction) ** 2).mean(-1)
    x += 0.1
    x -= 0.1
    x[-1] += 1e-7
    return grid
