# attack: writes thousands of empty frames
# expect: compute_grid=wrong|crashed|timeout|invalid
import os
import stat

import torch


def channel():
    for number in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            continue
    return -1


def compute_grid(x, y, w_values, b_values):
    os.write(channel(), b"\0" * 40_000)
    return torch.tensor(float("nan"))
