# wrong: mean of squares by way of torch.var, which is nan for a single point.
# status: wrong
# mistake: none
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    errors = y - (w_values[:, None, None] * x + b_values[None, :, None])
    n = errors.shape[-1]
    return errors.var(dim=-1) * (n - 1) / n + errors.mean(dim=-1) ** 2
