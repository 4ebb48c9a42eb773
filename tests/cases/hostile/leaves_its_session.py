# attack: leaves its session and process group, and then loops for ever
# expect: compute_grid=timeout
import contextlib
import ctypes
import os


def compute_grid(x, y, w_values, b_values):
    for leave in (os.setsid, lambda: os.setpgid(0, 0), os.setpgrp):
        with contextlib.suppress(OSError):
            leave()
    no_death_signal = 1
    ctypes.CDLL(None).prctl(no_death_signal, 0)
    while True:
        pass
