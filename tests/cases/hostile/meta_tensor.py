# attack: returns a tensor without memory
# expect: compute_grid=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.empty(len(w_values), len(b_values), device="meta")
