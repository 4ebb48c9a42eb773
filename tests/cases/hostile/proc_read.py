# attack: reads the memory, environment, command line and files of itself and of its parents through /proc
# expect: compute_grid=wrong
import os

import torch

NAMES = ["mem", "environ", "cmdline", "maps", "status", "root/etc/hostname", "task"]


def compute_grid(x, y, w_values, b_values):
    for process in ("self", "thread-self", os.getppid(), os.getpid(), 1):
        for name in NAMES:
            path = f"/proc/{process}/{name}"
            try:
                os.close(os.open(path, os.O_RDONLY))
            except OSError:
                continue
            raise RuntimeError(f"escaped: opened {path}")
    return torch.tensor(float("nan"))
