# attack: opens io_uring, userfaultfd, bpf, perf, keys and other doors to the kernel
# expect: compute_grid=wrong
import ctypes
import platform

import torch


def compute_grid(x, y, w_values, b_values):
    libc = ctypes.CDLL(None)
    x86 = platform.machine() == "x86_64"
    space = ctypes.create_string_buffer(512)
    for number, arguments in (
        (425, (8, space)),  # io_uring_setup
        (323 if x86 else 282, (0,)),  # userfaultfd
        (321 if x86 else 280, (5, space, 72)),  # bpf
        (298 if x86 else 241, (space, 0, -1, -1, 0)),  # perf_event_open
        (250 if x86 else 219, (0, -3, 1)),  # keyctl
        (248 if x86 else 217, (b"user", b"hostile", b"x", 1, -3)),  # add_key
        (300 if x86 else 262, (0, 0)),  # fanotify_init
        (294 if x86 else 26, (0,)),  # inotify_init1
        (430, (b"tmpfs", 0)),  # fsopen
    ):
        if libc.syscall(number, *arguments) >= 0:
            raise RuntimeError(f"escaped: system call {number}")
    return torch.tensor(float("nan"))
