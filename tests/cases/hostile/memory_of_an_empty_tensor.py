# attack: reserves an uninitialised tensor of 2**40 entries
# expect: compute_grid=raised|crashed
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.empty(2**40)
