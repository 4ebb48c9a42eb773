# attack: makes system calls by their x32 numbers, which a filter of the 64-bit ones does not name
# expect: compute_grid=wrong|crashed
import ctypes
import platform

import torch


def compute_grid(x, y, w_values, b_values):
    if platform.machine() == "x86_64":
        x32, inet, datagram = 0x40000000, 2, 2
        if ctypes.CDLL(None).syscall(x32 | 41, inet, datagram, 0) >= 0:
            raise RuntimeError("escaped: made a socket with an x32 call")
    return torch.tensor(float("nan"))
