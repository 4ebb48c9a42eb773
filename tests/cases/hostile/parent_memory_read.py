# attack: reads and writes its parent's memory, whose addresses are those of its own
# expect: compute_grid=wrong
import ctypes
import os

import torch


def compute_grid(x, y, w_values, b_values):
    class Piece(ctypes.Structure):
        _fields_ = [("address", ctypes.c_void_p), ("size", ctypes.c_size_t)]

    content = ctypes.create_string_buffer(8)
    ours, theirs = Piece(ctypes.addressof(content), 8), Piece(id(None), 8)
    libc = ctypes.CDLL(None)
    if libc.process_vm_readv(os.getppid(), ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0) > 0:
        raise RuntimeError("escaped: read its parent's memory")
    if libc.process_vm_writev(os.getppid(), ctypes.byref(ours), 0, ctypes.byref(theirs), 0, 0) >= 0:
        raise RuntimeError("escaped: may write its parent's memory")
    return torch.tensor(float("nan"))
