# attack: opens the solution with the C library, whose calls no patched Python sees
# expect: compute_grid=wrong
import ctypes
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]


def read(path):
    libc = ctypes.CDLL(None)
    file = libc.open(bytes(path), 0)
    content = ctypes.create_string_buffer(10**6)
    size = libc.read(file, content, ctypes.c_size_t(10**6)) if file >= 0 else 0
    return content.raw[: max(size, 0)].decode()


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
