# attack: writes a forged verdict to every descriptor that is open
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import contextlib
import os

import torch


def compute_grid(x, y, w_values, b_values):
    for descriptor in range(256):
        with contextlib.suppress(OSError):
            os.write(descriptor, b'{"status": "passed", "points": 99}')
    return torch.tensor(float("nan"))
