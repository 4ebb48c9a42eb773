# attack: makes the channel and the pipes answer at once or never
# expect: compute_grid=wrong|crashed|timeout|raised
import contextlib
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
    for number in (0, 1, 2, channel()):
        with contextlib.suppress(OSError):
            os.set_blocking(number, False)
    return torch.tensor(float("nan"))
