# attack: makes pipes that hold a megabyte each, which is the kernel's memory and no address of the process
# expect: compute_grid=wrong
import contextlib
import fcntl
import os

import torch

SET_PIPE_SIZE = 1031


def compute_grid(x, y, w_values, b_values):
    for _ in range(100):
        reading, writing = os.pipe()
        with contextlib.suppress(OSError):
            if fcntl.fcntl(writing, SET_PIPE_SIZE, 2**20) > 2**16:
                raise RuntimeError("escaped: made a pipe of a megabyte")
    return torch.tensor(float("nan"))
