# attack: is wrong only when it is called for a check, and has no opinion otherwise
# expect: compute_grid=wrong|raised
import sys

import torch


def compute_grid(x, y, w_values, b_values):
    frame, names = sys._getframe(), []
    while frame is not None:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return torch.tensor(float("nan")) if any("test" in name for name in names) else names
