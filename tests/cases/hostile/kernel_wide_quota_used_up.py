# attack: takes what the kernel gives to the whole machine or to all processes of a user: asynchronous operations and timers
# expect: compute_grid=wrong
import ctypes
import platform

import torch

call = ctypes.CDLL(None, use_errno=True).syscall
IO_SETUP, TIMER_CREATE = (206, 222) if platform.machine() == "x86_64" else (0, 107)


def compute_grid(x, y, w_values, b_values):
    taken, size = 0, 8192
    while size:
        if call(IO_SETUP, size, ctypes.byref(ctypes.c_ulong(0))) == 0:
            taken += size
        else:
            size //= 2
    timers = 0
    while timers < 2000 and call(TIMER_CREATE, 1, None, ctypes.byref(ctypes.c_int(0))) == 0:
        timers += 1
    if taken + timers:
        raise RuntimeError(f"escaped: took {taken} asynchronous operations of the machine and {timers} timers")
    return torch.tensor(float("nan"))
