# attack: reserves the disk behind the end of an empty file, where no limit of the size of a file counts
# expect: compute_grid=wrong
import ctypes
import os

import torch

KEEP_SIZE, COLLAPSE = 1, 0
SIZE = 80 * 2**20
fallocate = ctypes.CDLL(None, use_errno=True).fallocate
fallocate.argtypes = ctypes.c_int, ctypes.c_int, ctypes.c_long, ctypes.c_long


def compute_grid(x, y, w_values, b_values):
    file = os.open("short", os.O_RDWR | os.O_CREAT)
    for mode in (KEEP_SIZE, COLLAPSE):
        if fallocate(file, mode, 0, SIZE) == 0:
            raise RuntimeError(f"escaped: a file of {os.fstat(file).st_size} bytes holds {SIZE // 2**20} MiB")
    return torch.tensor(float("nan"))
