# attack: changes the priority, processors and scheduling of its parent
# expect: compute_grid=wrong
import os

import torch


def compute_grid(x, y, w_values, b_values):
    # To what they are already: permission is asked all the same.
    parent = os.getppid()
    for attempt in (
        lambda: os.setpriority(os.PRIO_PROCESS, parent, os.getpriority(os.PRIO_PROCESS, parent)),
        lambda: os.sched_setaffinity(parent, os.sched_getaffinity(parent)),
        lambda: os.sched_setscheduler(parent, os.SCHED_OTHER, os.sched_param(0)),
        lambda: os.sched_setparam(parent, os.sched_param(0)),
    ):
        try:
            attempt()
        except OSError:
            continue
        raise RuntimeError("escaped: changed its parent's priority")
    return torch.tensor(float("nan"))
