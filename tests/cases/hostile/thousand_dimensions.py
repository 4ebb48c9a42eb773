# attack: returns a tensor with a thousand dimensions
# expect: compute_grid=wrong|raised|crashed
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.zeros([1] * 1000)
