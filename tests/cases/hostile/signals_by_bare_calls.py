# attack: signals its parent with tgkill, tkill, rt_sigqueueinfo and pidfd_send_signal
# expect: compute_grid=wrong
import ctypes
import os
import platform

import torch


def compute_grid(x, y, w_values, b_values):
    libc, parent = ctypes.CDLL(None), os.getppid()
    tkill, tgkill, queue = (200, 234, 129) if platform.machine() == "x86_64" else (130, 131, 138)
    info = ctypes.create_string_buffer(128)
    descriptor = libc.syscall(434, parent, 0)  # pidfd_open
    for result in (
        libc.syscall(tkill, parent, 0),
        libc.syscall(tgkill, parent, parent, 0),
        libc.syscall(queue, parent, 0, info),
        libc.syscall(424, descriptor, 0, None, 0),  # pidfd_send_signal
        libc.sigqueue(parent, 0, None),
    ):
        if result == 0:
            raise RuntimeError("escaped: may signal its parent")
    return torch.tensor(float("nan"))
