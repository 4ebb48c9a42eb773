# wrong: forgets the parentheses: y - w * x + b adds the bias to the error.
# status: wrong
# mistake: bias_subtracted
import torch
from torch import Tensor


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    losses = torch.zeros(len(w_values), len(b_values))
    for i, w in enumerate(w_values.tolist()):
        for j, b in enumerate(b_values.tolist()):
            losses[i, j] = ((y - w * x + b) ** 2).mean()
    return losses
