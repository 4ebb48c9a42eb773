# attack: prints a hundred megabytes and returns
# expect: compute_grid=wrong|timeout|raised|crashed
import sys

import torch


def compute_grid(x, y, w_values, b_values):
    for _ in range(100):
        sys.stdout.write("x" * 2**20)
    sys.stdout.flush()
    return torch.tensor(float("nan"))
