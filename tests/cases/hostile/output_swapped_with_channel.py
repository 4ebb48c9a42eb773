# attack: exchanges standard output and the channel
# expect: compute_grid=crashed|timeout|wrong|invalid
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
    number = channel()
    spare = os.dup(1)
    os.dup2(number, 1)
    os.dup2(spare, number)
    print("passed")
    return torch.tensor(float("nan"))
