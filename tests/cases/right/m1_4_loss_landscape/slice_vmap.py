# right: one loss function, mapped over the weights by torch.vmap.
import torch
from torch.nn import functional as F


def fixed_bias_slice(x, y, w_values, b):
    return torch.vmap(lambda w: F.mse_loss(w * x + b, y))(w_values)
