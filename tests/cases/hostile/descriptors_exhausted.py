# attack: opens pipes and files until there is no descriptor left
# expect: compute_grid=wrong|raised|crashed
import os

import torch


def compute_grid(x, y, w_values, b_values):
    try:
        while True:
            os.pipe()
    except OSError:
        return torch.tensor(float("nan"))
