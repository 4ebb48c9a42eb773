# wrong: the TODO of the stub still stands above the finished code.
# status: raised
# mistake: none
# says: Your code runs into line
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    raise NotImplementedError("TODO: compute_grid")
    prediction = w_values[:, None, None] * x + b_values[:, None]
    return ((y - prediction) ** 2).mean(-1)
