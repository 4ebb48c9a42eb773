# wrong: has the 1/2 in front that some books have.
# status: wrong
# mistake: half
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    pred = w_values.reshape(-1, 1, 1) * x + b_values.reshape(1, -1, 1)
    return 0.5 * ((pred - y) ** 2).mean(2)
