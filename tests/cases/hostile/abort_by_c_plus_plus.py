# attack: corrupts the heap, so that the next allocation aborts
# expect: compute_grid=crashed|wrong|raised|timeout
import ctypes

import torch


def compute_grid(x, y, w_values, b_values):
    block = ctypes.create_string_buffer(64)
    ctypes.memset(ctypes.addressof(block) - 64, 0xFF, 4096)
    return [torch.zeros(size) for size in range(1000)] and torch.tensor(float("nan"))
