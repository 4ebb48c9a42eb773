# attack: makes itself more important than everything else on the machine
# expect: compute_grid=wrong
import os

import torch


def compute_grid(x, y, w_values, b_values):
    for attempt in (
        lambda: os.nice(-1),
        lambda: os.setpriority(os.PRIO_PROCESS, 0, -1),
        lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1)),
    ):
        try:
            attempt()
        except OSError:
            continue
        raise RuntimeError("escaped: raised its priority")
    return torch.tensor(float("nan"))
