# attack: allocates a tensor of 2**40 entries
# expect: compute_grid=raised|crashed
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.zeros(2**40)
