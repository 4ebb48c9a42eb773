# attack: leaves a hundred thousand empty files
# expect: compute_grid=wrong|raised|timeout|crashed
import os

import torch


def compute_grid(x, y, w_values, b_values):
    for number in range(100_000):
        os.close(os.open(f"{number}", os.O_WRONLY | os.O_CREAT))
    return torch.tensor(float("nan"))
