# wrong: averages over dimension 0.
# status: wrong
# mistake: wrong_dimension
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    predictions = w_values.unsqueeze(1) * x.unsqueeze(0) + b
    return (predictions - y).pow(2).mean(0)
