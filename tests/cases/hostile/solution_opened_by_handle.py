# attack: opens the solution by a file handle, which asks no folder on the way
# expect: compute_grid=wrong
import ctypes
import os
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]


def read(path):
    class Handle(ctypes.Structure):
        _fields_ = [("size", ctypes.c_uint), ("kind", ctypes.c_int), ("content", ctypes.c_ubyte * 128)]

    libc, handle, mount = ctypes.CDLL(None), Handle(128), ctypes.c_int()
    if libc.name_to_handle_at(-100, bytes(path), ctypes.byref(handle), ctypes.byref(mount), 0):
        return ""
    file = libc.open_by_handle_at(os.open(".", os.O_RDONLY), ctypes.byref(handle), 0)
    return os.read(file, 10**6).decode() if file >= 0 else ""


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
