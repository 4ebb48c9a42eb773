# attack: runs a program that exists in memory only
# expect: compute_grid=wrong
import ctypes
import os

import torch


def compute_grid(x, y, w_values, b_values):
    # Where this succeeds the worker is gone, and the exercise has crashed.
    program = -1
    try:
        program = os.memfd_create("program")
        os.write(program, b"#!/bin/sh\nexit 0\n")
        os.execve(program, ["program"], {})
    except OSError:
        pass
    empty_path = 0x1000
    libc = ctypes.CDLL(None)
    libc.syscall(322, program, b"", None, None, empty_path)  # execveat on x86_64
    libc.syscall(281, program, b"", None, None, empty_path)  # execveat on arm64
    return torch.tensor(float("nan"))
