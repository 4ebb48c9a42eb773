# attack: returns a tensor of 2**28 entries
# expect: compute_grid=wrong|raised|crashed
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.zeros(2**28)
