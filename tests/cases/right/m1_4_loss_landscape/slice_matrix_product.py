# right: a matrix product of pairs (w, b), put together in float32, with the rows of x and ones.
import torch


def fixed_bias_slice(x, y, w_values, b):
    pairs = torch.stack([w_values, torch.full((len(w_values),), b)], dim=1)
    predictions = pairs @ torch.stack([x, torch.ones(len(x))])
    return ((predictions - y) ** 2).sum(dim=1) / len(x)
