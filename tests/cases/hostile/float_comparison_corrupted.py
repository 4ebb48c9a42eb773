# attack: overwrites the comparison of floats in the interpreter's own tables
# expect: compute_grid=wrong|raised|crashed|timeout
import ctypes

import torch


def compute_grid(x, y, w_values, b_values):
    # tp_richcompare of float becomes that of object, for which nothing is equal and nothing is different.
    size = ctypes.sizeof(ctypes.c_void_p)
    slot = 25 * size
    ctypes.memmove(id(float) + slot, id(object) + slot, size)
    return torch.tensor(float("nan"))
