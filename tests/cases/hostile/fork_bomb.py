# attack: forks without end
# expect: compute_grid=wrong
import os

import torch


def compute_grid(x, y, w_values, b_values):
    for _ in range(64):  # children end at once, so that a hole in the sandbox costs nobody the machine
        try:
            child = os.fork()
        except OSError:
            continue
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        raise RuntimeError("escaped: forked")
    return torch.tensor(float("nan"))
