# attack: replaces its process by a program that succeeds
# expect: compute_grid=wrong
import os
import sys

import torch


def compute_grid(x, y, w_values, b_values):
    # Where this succeeds the worker is gone, and the exercise has crashed.
    for attempt in (
        lambda: os.execv(sys.executable, [sys.executable, "-c", "print('1 passed')"]),
        lambda: os.execve("/bin/true", ["true"], {}),
        lambda: os.execlp("true", "true"),
    ):
        try:
            attempt()
        except OSError:
            continue
    return torch.tensor(float("nan"))
