# attack: returns an nn.Parameter, which is a tensor of another type
# expect: compute_grid=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.nn.Parameter(torch.full((len(w_values), len(b_values)), float("nan")))
