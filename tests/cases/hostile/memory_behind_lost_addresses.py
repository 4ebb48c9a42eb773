# attack: fills memory that is shared, and gives up all of its addresses but one, so that the memory stays and counts no more
# expect: compute_grid=wrong
import contextlib
import ctypes
import mmap
import os

import torch

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long
libc.munmap.argtypes = ctypes.c_void_p, ctypes.c_size_t
SIZE, NOWHERE = 2**28, 2**64 - 1


def mapped():
    yield from ((-1, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS), (-1, 3 | mmap.MAP_ANONYMOUS))
    for path in ("/dev/zero", "file"):
        with contextlib.suppress(OSError):
            file = os.open(path, os.O_RDWR | os.O_CREAT if path == "file" else os.O_RDONLY)
            if path == "file":
                os.truncate(file, 2**23)
            yield file, mmap.MAP_SHARED


def compute_grid(x, y, w_values, b_values):
    for file, flags in mapped():
        address = libc.mmap(None, SIZE, mmap.PROT_READ, flags, file, 0)
        if address not in (None, NOWHERE):
            libc.munmap(address + mmap.PAGESIZE, SIZE - mmap.PAGESIZE)
            raise RuntimeError(f"escaped: has memory that its addresses do not tell ({file}, {flags})")
    return torch.tensor(float("nan"))
