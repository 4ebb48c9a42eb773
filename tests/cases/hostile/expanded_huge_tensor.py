# attack: returns one number expanded to 2**40 entries without memory
# expect: compute_grid=wrong|raised|crashed
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.zeros(1).expand(2**20, 2**20)
