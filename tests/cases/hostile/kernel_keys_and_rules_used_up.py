# attack: fills the kernel's keyrings, rules and filters, which other programs of the user need
# expect: compute_grid=wrong
import ctypes
import platform

import torch

libc = ctypes.CDLL(None, use_errno=True)
ADD_KEY, KEYCTL = (248, 250) if platform.machine() == "x86_64" else (217, 219)
LANDLOCK_CREATE_RULESET, SECCOMP = 444, 317 if platform.machine() == "x86_64" else 277
OWN_KEYRING, GET_KEYRING_ID = -3, 0


def compute_grid(x, y, w_values, b_values):
    for name, attempt in {
        "a key": lambda: libc.syscall(ADD_KEY, b"user", b"hostile", b"x" * 100, 100, OWN_KEYRING),
        "a keyring": lambda: libc.syscall(KEYCTL, GET_KEYRING_ID, OWN_KEYRING, 1),
        "a rule": lambda: libc.syscall(LANDLOCK_CREATE_RULESET, ctypes.byref(ctypes.c_ulong(1)), 8, 0),
        "a filter": lambda: libc.syscall(SECCOMP, 2, 0, None),  # which actions there are
    }.items():
        if attempt() >= 0:
            raise RuntimeError(f"escaped: has {name} of its own")
    return torch.tensor(float("nan"))
