# wrong: the bias is missing, and the one column is repeated.
# status: wrong
# mistake: bias_ignored
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    column = ((y - w_values[:, None] * x) ** 2).mean(dim=1, keepdim=True)
    return column.expand(-1, len(b_values)).contiguous()
