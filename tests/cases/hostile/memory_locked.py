# attack: locks its memory, takes the huge pages of the machine, and hands pages to pipes
# expect: compute_grid=wrong
import ctypes
import mmap
import os
import platform

import torch

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long
MLOCKALL, MEMFD_SECRET, VMSPLICE = (151, 447, 278) if platform.machine() == "x86_64" else (230, 447, 75)
LOCKED, HUGE, CURRENT, NOWHERE = 0x2000, 0x40000, 1, 2**64 - 1


def compute_grid(x, y, w_values, b_values):
    private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    for name, flags in (("locked memory", LOCKED), ("huge pages", HUGE)):
        if libc.mmap(None, 2**21, mmap.PROT_READ, private | flags, -1, 0) not in (None, NOWHERE):
            raise RuntimeError(f"escaped: has {name}")
    page = ctypes.create_string_buffer(mmap.PAGESIZE)
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(page), mmap.PAGESIZE)
    for name, made in (
        ("locked memory", libc.mlock(page, mmap.PAGESIZE) == 0 or libc.syscall(MLOCKALL, CURRENT) == 0),
        ("secret memory", libc.syscall(MEMFD_SECRET, 0) >= 0),
        ("a page in a pipe", libc.syscall(VMSPLICE, os.pipe()[1], vector, 1, 0) > 0),
    ):
        if made:
            raise RuntimeError(f"escaped: has {name}")
    return torch.tensor(float("nan"))
