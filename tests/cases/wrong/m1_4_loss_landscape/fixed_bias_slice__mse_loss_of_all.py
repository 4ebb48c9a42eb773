# wrong: mse_loss over all predictions, which gives a single number.
# status: wrong
# mistake: one_number
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    predictions = torch.outer(w_values, x) + b
    return torch.nn.functional.mse_loss(predictions, y.expand_as(predictions))
