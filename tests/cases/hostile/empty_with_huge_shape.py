# attack: returns an empty tensor of shape (2**40, 0), whose list is a terabyte
# expect: compute_grid=wrong|raised|crashed
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.empty(2**40, 0)
