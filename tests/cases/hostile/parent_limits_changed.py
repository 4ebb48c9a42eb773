# attack: changes the resource limits of its parent, which needs no privilege
# expect: compute_grid=wrong
import os
import resource

import torch


def compute_grid(x, y, w_values, b_values):
    # To what they are already: permission is asked all the same.
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_CPU, resource.RLIMIT_AS):
        try:
            resource.prlimit(os.getppid(), kind, resource.prlimit(os.getppid(), kind))
        except (OSError, ValueError):
            continue
        raise RuntimeError("escaped: changed its parent's limits")
    return torch.tensor(float("nan"))
