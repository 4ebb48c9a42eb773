# attack: makes processes with forkpty, the C library's fork, and the bare system calls fork, clone and clone3
# expect: compute_grid=wrong
import ctypes
import os
import platform
import signal

import torch


def compute_grid(x, y, w_values, b_values):
    libc = ctypes.CDLL(None)
    fork, clone, clone3 = (57, 56, 435) if platform.machine() == "x86_64" else (-1, 220, 435)
    arguments = (ctypes.c_uint64 * 8)(0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    for attempt in (
        lambda: libc.fork(),
        lambda: libc.syscall(fork),
        lambda: libc.syscall(clone, signal.SIGCHLD, 0, 0, 0, 0),
        lambda: libc.syscall(clone3, arguments, 64),
        lambda: os.forkpty()[0],
    ):
        try:
            child = attempt()
        except OSError:
            continue
        if child == 0:
            os._exit(0)
        if child > 0:
            raise RuntimeError("escaped: made a process")
    return torch.tensor(float("nan"))
