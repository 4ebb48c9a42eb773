# wrong: is a generator that yields the rows.
# status: wrong
# mistake: none
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    for w in w_values:
        yield ((y - (w * x + b_values[:, None])) ** 2).mean(dim=1)
