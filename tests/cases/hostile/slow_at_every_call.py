# attack: stays just below the limit of one call, at every call
# expect: compute_grid=wrong|timeout
import time

import torch


def compute_grid(x, y, w_values, b_values):
    time.sleep(1.5)
    return torch.tensor(float("nan"))
