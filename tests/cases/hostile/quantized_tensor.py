# attack: returns a quantized tensor
# expect: compute_grid=wrong|raised
import warnings

import torch

warnings.simplefilter("ignore")


def compute_grid(x, y, w_values, b_values):
    return torch.quantize_per_tensor(torch.ones(len(w_values), len(b_values)), 1e30, 0, torch.quint8)
