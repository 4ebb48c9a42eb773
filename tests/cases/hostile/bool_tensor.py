# attack: returns a tensor of bools that are neither 0 nor 1
# expect: compute_grid=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.full((len(w_values), len(b_values)), 255, dtype=torch.uint8).view(torch.bool)
