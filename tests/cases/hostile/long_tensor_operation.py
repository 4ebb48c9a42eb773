# attack: computes one torch operation that takes minutes and lets go of no lock
# expect: compute_grid=timeout
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.linalg.eigvals(torch.rand(4000, 4000, dtype=torch.float64))
