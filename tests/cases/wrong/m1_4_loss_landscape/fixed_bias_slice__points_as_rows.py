# wrong: lays the points along the rows, and the flat targets along the columns; no known mistake complains like that.
# status: raised
# mistake: none
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    predictions = torch.outer(x, w_values) + b
    return ((predictions - y) ** 2).mean(dim=0)
