# right: NumPy inside, and a tensor made of the result.
import numpy as np
import torch


def fixed_bias_slice(x, y, w_values, b):
    x, y, w = x.numpy(), y.numpy(), w_values.numpy()
    return torch.from_numpy(np.mean((w[:, np.newaxis] * x + b - y) ** 2, axis=1))
