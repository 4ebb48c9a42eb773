# attack: takes memory by mmap, memfd and malloc, which no Python object shows
# expect: compute_grid=wrong|raised|timeout|crashed
import contextlib
import ctypes
import mmap
import os

import torch

hoard = []


def compute_grid(x, y, w_values, b_values):
    written = 0
    for number in range(1000):
        with contextlib.suppress(OSError, ValueError):
            hoard.append(mmap.mmap(-1, 2**26))
        ctypes.CDLL(None).malloc(ctypes.c_size_t(2**26))
        with contextlib.suppress(OSError):
            memory = os.memfd_create(f"{number}")
            while written < 2**30:  # where nothing limits it, a gigabyte is enough to be seen
                written += os.write(memory, b"x" * 2**20)
    return torch.tensor(float("nan"))
