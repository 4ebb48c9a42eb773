# attack: kills its parent
# expect: compute_grid=wrong
import os
import signal

import torch


def compute_grid(x, y, w_values, b_values):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        try:
            os.kill(os.getppid(), number)
        except OSError:
            continue
        raise RuntimeError("escaped: killed its parent")
    return torch.tensor(float("nan"))
