# attack: has bytes that are no UTF-8 in a text and in a name
# expect: compute_grid=invalid
import torch

NAME = "café ÿþ"
café = 1


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
