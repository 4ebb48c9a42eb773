# wrong: averages the errors themselves.
# status: wrong
# mistake: not_squared
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    w, b = w_values.view(-1, 1, 1), b_values.view(1, -1, 1)
    return (y - (w * x + b)).sum(dim=2) / y.numel()
