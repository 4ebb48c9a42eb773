# attack: changes a file's mode with system calls that are younger than most filters
# expect: compute_grid=wrong
import ctypes
import os
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]
PATH = bytes(COURSE / "pyproject.toml")
AT_CWD = -100


def compute_grid(x, y, w_values, b_values):
    libc = ctypes.CDLL(None)
    mode = os.stat(PATH).st_mode & 0o7777
    fchmodat2, file_setattr = 452, 469
    if libc.syscall(fchmodat2, AT_CWD, PATH, mode, 0) == 0:
        raise RuntimeError("escaped: fchmodat2")
    if libc.syscall(file_setattr, AT_CWD, PATH, (ctypes.c_uint64 * 4)(), 32, 0) == 0:
        raise RuntimeError("escaped: file_setattr")
    return torch.tensor(float("nan"))
