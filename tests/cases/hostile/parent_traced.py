# attack: attaches to its parent as a debugger
# expect: compute_grid=wrong
import ctypes
import os

import torch


def compute_grid(x, y, w_values, b_values):
    libc = ctypes.CDLL(None)
    attach, detach, seize = 16, 17, 0x4206
    for request in (seize, attach):
        if libc.ptrace(request, os.getppid(), None, None) == 0:
            libc.ptrace(detach, os.getppid(), None, None)
            raise RuntimeError("escaped: traces its parent")
    return torch.tensor(float("nan"))
