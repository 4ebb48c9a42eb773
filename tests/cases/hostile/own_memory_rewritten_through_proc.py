# attack: opens /proc/self/mem to write where memory is read-only
# expect: compute_grid=wrong
import os

import torch


def compute_grid(x, y, w_values, b_values):
    for path in (
        "/proc/self/mem",
        f"/proc/{os.getpid()}/mem",
        f"/proc/{os.getppid()}/mem",
        "/proc/sys/kernel/core_pattern",
    ):
        try:
            os.close(os.open(path, os.O_RDWR))
        except OSError:
            continue
        raise RuntimeError(f"escaped: opened {path}")
    return torch.tensor(float("nan"))
