# attack: makes a system call through the 32-bit gate, whose numbers differ from the filtered ones
# expect: compute_grid=wrong|crashed
import ctypes
import mmap
import platform

import torch


def compute_grid(x, y, w_values, b_values):
    if platform.machine() == "x86_64":
        # push rbx; mov eax, 359 (socket of i386); mov ebx, AF_INET; mov ecx, SOCK_DGRAM; xor edx, edx; int 0x80; pop rbx; ret
        code = bytes.fromhex("53 b867010000 bb02000000 b902000000 31d2 cd80 5b c3")
        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        pages = mmap.mmap(-1, 4096, flags, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        pages.write(code)
        call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(pages)))
        if call() >= 0:
            raise RuntimeError("escaped: made a socket with a 32-bit call")
    return torch.tensor(float("nan"))
