# wrong: squeeze drops a dimension that happens to have size 1.
# status: wrong
# mistake: none
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    errors = (y - (w_values[:, None] * x + b)).squeeze()
    return (errors**2).mean(dim=-1)
