# wrong: calls sys.exit when it is done.
# status: crashed
# mistake: none
import sys

from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    losses = ((y - (w_values[:, None, None] * x + b_values[None, :, None])) ** 2).mean(dim=-1)
    print(losses)
    sys.exit()
