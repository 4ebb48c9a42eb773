# attack: forgets that it is to die with its parent, so that it outlives a grader that is killed
# expect: compute_grid=wrong
import ctypes

import torch

SET_DEATH_SIGNAL, GET_DEATH_SIGNAL, SIGKILL = 1, 2, 9


def compute_grid(x, y, w_values, b_values):
    libc, signal = ctypes.CDLL(None), ctypes.c_int()
    # The second is the same request for the kernel, which looks at 32 bits; the third asks for a signal that is none.
    for request, wanted in ((SET_DEATH_SIGNAL, 0), (SET_DEATH_SIGNAL + 2**32, 0), (SET_DEATH_SIGNAL, 17)):
        if libc.syscall(157, ctypes.c_ulong(request), ctypes.c_ulong(wanted), 0, 0, 0) == 0:
            raise RuntimeError("escaped: forgot its death signal")
        libc.prctl(request if request < 2**31 else SET_DEATH_SIGNAL, wanted, 0, 0, 0)
    can_ask = libc.prctl(GET_DEATH_SIGNAL, ctypes.byref(signal), 0, 0, 0) == 0
    if can_ask and signal.value != SIGKILL:
        raise RuntimeError("escaped: has another death signal")
    return torch.tensor(float("nan"))
