# attack: opens the solution with the bare system calls open, openat and openat2
# expect: compute_grid=wrong
import ctypes
import os
import platform
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]


def read(path):
    libc = ctypes.CDLL(None, use_errno=True)
    how = (ctypes.c_uint64 * 3)(0, 0, 0)
    at_cwd = -100
    files = [libc.syscall(257, at_cwd, bytes(path), 0), libc.syscall(437, at_cwd, bytes(path), how, 24)]
    if platform.machine() == "x86_64":
        files.append(libc.syscall(2, bytes(path), 0))
    for file in files:
        if file > 2:
            return os.read(file, 10**6).decode()
    return ""


def steal():
    try:
        return read(COURSE / "solutions" / "m1_4_loss_landscape.py")
    except OSError:
        return ""


SOURCE = steal()


def compute_grid(x, y, w_values, b_values):
    if not SOURCE:
        return torch.tensor(float("nan"))
    stolen = {"__name__": "stolen"}
    exec(SOURCE, stolen)
    return stolen["compute_grid"](x, y, w_values, b_values)
