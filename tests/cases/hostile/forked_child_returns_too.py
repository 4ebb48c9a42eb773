# attack: forks, so that two processes answer the same call
# expect: compute_grid=wrong
import os

import torch


def compute_grid(x, y, w_values, b_values):
    try:
        child = os.fork()
    except OSError:
        return torch.tensor(float("nan"))
    if child:
        raise RuntimeError("escaped: forked")
    return torch.tensor(float("nan"))
