# wrong: it sets requires_grad on the data of its caller.
# status: wrong
# mistake: none
# says: Your function set requires_grad on its argument `x`, which its caller still uses.
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    x.requires_grad_(True)
    prediction = w_values[:, None, None] * x + b_values[:, None]
    return ((y - prediction) ** 2).mean(-1).detach()
