# attack: writes a library into its folder and loads it, to run machine code
# expect: compute_grid=wrong
import ctypes
import mmap

import torch


def compute_grid(x, y, w_values, b_values):
    # Its own machine code is no escape, for the filter binds that too; the process must survive a broken library.
    with open("library.so", "wb") as file:
        file.write(b"\x7fELF\x02\x01\x01" + b"\xff" * 4096)
    for path in ("library.so", "./library.so"):
        try:
            ctypes.CDLL(path)
        except OSError:
            continue
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    pages = mmap.mmap(-1, 4096, flags, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    pages.write(b"\xc3")
    pages.close()
    return torch.tensor(float("nan"))
