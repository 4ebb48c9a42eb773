# attack: returns a sparse tensor
# expect: compute_grid=wrong
import warnings

import torch

warnings.simplefilter("ignore")


def compute_grid(x, y, w_values, b_values):
    return torch.full((len(w_values), len(b_values)), float("nan")).to_sparse()
