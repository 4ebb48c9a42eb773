# wrong: returns inside the loop over the weights.
# status: wrong
# mistake: first_weight_only
import torch


def fixed_bias_slice(x, y, w_values, b):
    losses = torch.zeros(len(w_values))
    for i, w in enumerate(w_values):
        losses[i] = ((w * x + b - y) ** 2).mean()
        return losses
