# attack: closes every descriptor and returns
# expect: compute_grid=crashed|wrong
import os

import torch


def compute_grid(x, y, w_values, b_values):
    os.closerange(0, 4096)
    return torch.tensor(float("nan"))
