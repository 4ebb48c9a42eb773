# attack: looks for secrets in the environment, in Python's and in the C library's
# expect: compute_grid=wrong
import ctypes
import os

import torch


def compute_grid(x, y, w_values, b_values):
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_char_p
    # A test can put HOSTILE_CANARY in the grader's environment.
    for name in ("HOSTILE_CANARY", "PYTEST_CURRENT_TEST", "GITHUB_TOKEN", "SSH_AUTH_SOCK", "VIRTUAL_ENV", "LOGNAME"):
        if name in os.environ or libc.getenv(name.encode()):
            raise RuntimeError(f"escaped: {name} is in the environment")
    return torch.tensor(float("nan"))
