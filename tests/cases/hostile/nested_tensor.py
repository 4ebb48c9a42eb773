# attack: returns a nested tensor
# expect: compute_grid=wrong|raised
import warnings

import torch

warnings.simplefilter("ignore")


def compute_grid(x, y, w_values, b_values):
    return torch.nested.nested_tensor([torch.zeros(1), torch.zeros(2)])
