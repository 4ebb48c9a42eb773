# attack: sends a signal to every process that there is
# expect: compute_grid=wrong
import os

import torch


def compute_grid(x, y, w_values, b_values):
    # Signal 0 asks the same permission and hurts nobody.
    try:
        os.kill(-1, 0)
    except OSError:
        return torch.tensor(float("nan"))
    raise RuntimeError("escaped: may signal everybody")
