# attack: writes half a frame and ends the process
# expect: compute_grid=crashed|timeout
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
    os.write(channel(), (1000).to_bytes(4, "big") + b"\x83")
    os._exit(0)
    return torch.tensor(float("nan"))
