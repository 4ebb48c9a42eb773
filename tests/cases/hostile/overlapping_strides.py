# attack: returns a window whose rows overlap in memory
# expect: compute_grid=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.full((len(w_values) + len(b_values),), float("nan")).as_strided((len(w_values), len(b_values)), (1, 1))
