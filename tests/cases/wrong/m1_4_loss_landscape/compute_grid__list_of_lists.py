# wrong: returns a list of lists, not a tensor.
# status: wrong
# mistake: none
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    return [[((y - (w * x + b)) ** 2).mean().item() for b in b_values] for w in w_values]
