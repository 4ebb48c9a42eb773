# attack: leaves the worker a stack of a few frames
# expect: compute_grid=wrong|raised|crashed|invalid
import sys

import torch


def compute_grid(x, y, w_values, b_values):
    result = torch.tensor(float("nan"))
    for limit in range(5, 100):
        try:
            sys.setrecursionlimit(limit)
            break
        except RecursionError:
            continue
    return result
