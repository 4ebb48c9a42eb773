# attack: returns a tensor with named dimensions, which many functions refuse
# expect: compute_grid=wrong|raised
import warnings

import torch

warnings.simplefilter("ignore")


def compute_grid(x, y, w_values, b_values):
    return torch.full((len(w_values), len(b_values)), float("nan")).rename("loss", "passed")
