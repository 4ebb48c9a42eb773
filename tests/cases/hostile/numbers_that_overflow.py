# attack: returns numbers with which the check itself cannot compute, so that it breaks
# expect: compute_grid=wrong run_descent=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.full((len(w_values), len(b_values)), 1e300, dtype=torch.float64)


def run_descent(x, y, w_start, b_start, lr, steps):
    return [(1e300, -1e300)] * (steps + 1)
