# attack: returns a tensor in the private layout of a library
# expect: compute_grid=wrong|raised
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.zeros(3, 3).to_mkldnn()
