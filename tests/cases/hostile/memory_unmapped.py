# attack: returns a tensor over memory that is unmapped before it is read
# expect: compute_grid=crashed
import ctypes
import mmap

import torch


def compute_grid(x, y, w_values, b_values):
    size = len(w_values) * len(b_values) * 8
    pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    result = torch.frombuffer(pages, dtype=torch.float64).reshape(len(w_values), len(b_values))
    ctypes.CDLL(None).munmap(ctypes.c_void_p(result.data_ptr()), ctypes.c_size_t(size))
    return result
