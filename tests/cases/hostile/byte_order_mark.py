# attack: begins with a byte order mark
# expect: compute_grid=wrong|invalid
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
