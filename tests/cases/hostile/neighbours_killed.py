# attack: looks for processes near its own that it may signal, such as other students' workers
# expect: compute_grid=wrong
import os

import torch


def compute_grid(x, y, w_values, b_values):
    # Signal 0 asks the same permission and hurts nobody; ids above its own could be its own threads.
    for process in range(max(2, os.getpid() - 300), os.getpid()):
        try:
            os.kill(process, 0)
        except OSError:
            continue
        raise RuntimeError(f"escaped: may signal {process}")
    return torch.tensor(float("nan"))
