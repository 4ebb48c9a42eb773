# attack: is a function that claims to wrap itself
# expect: compute_grid=wrong|invalid
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))


compute_grid.__wrapped__ = compute_grid
