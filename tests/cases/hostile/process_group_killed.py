# attack: kills its process group and that of its parent
# expect: compute_grid=wrong|crashed
import contextlib
import os
import signal

import torch


def compute_grid(x, y, w_values, b_values):
    # Signal 0 asks the same permission and hurts nobody.
    try:
        os.killpg(os.getpgid(os.getppid()), 0)
    except OSError:
        pass
    else:
        raise RuntimeError("escaped: may signal the group of its parent")
    with contextlib.suppress(OSError):
        os.killpg(0, signal.SIGKILL)  # its own group; where the group is the parent's, the line above has failed
    return torch.tensor(float("nan"))
