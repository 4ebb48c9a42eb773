# attack: returns tens of thousands of tensors without numbers, each a thousand times larger for its reader than on the wire
# expect: compute_grid=wrong run_descent=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    return [torch.empty(0)] * 50_000


def run_descent(x, y, w_start, b_start, lr, steps):
    return [(torch.empty(0, dtype=torch.bool), torch.tensor(1.0))] * 9_000
