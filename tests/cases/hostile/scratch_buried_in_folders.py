# attack: leaves folders nested thousands deep, which a recursive clean-up cannot remove
# expect: compute_grid=wrong|raised|timeout|crashed
import os

import torch


def compute_grid(x, y, w_values, b_values):
    home = os.getcwd()
    for _ in range(5000):
        os.mkdir("d" * 100)
        os.chdir("d" * 100)
    os.chdir(home)
    return torch.tensor(float("nan"))
