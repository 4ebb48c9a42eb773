# attack: returns a view with odd strides into a larger storage
# expect: compute_grid=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.full((2 * len(b_values), 3 * len(w_values)), float("nan")).T[::3, ::2]
