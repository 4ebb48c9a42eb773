# wrong: multiplies x by the biases and adds the weights.
# status: wrong
# mistake: weight_and_bias_swapped
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    W, B = torch.meshgrid(w_values, b_values, indexing="ij")
    predictions = B.unsqueeze(-1) * x + W.unsqueeze(-1)
    return (predictions - y).pow(2).mean(-1)
