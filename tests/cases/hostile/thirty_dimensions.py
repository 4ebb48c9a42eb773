# attack: returns a tensor with thirty dimensions of size 1 around two right ones
# expect: compute_grid=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.full((len(w_values), len(b_values)), float("nan")).reshape([1] * 28 + [len(w_values), len(b_values)])
