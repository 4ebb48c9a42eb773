# attack: lets a watchdog of Python end the process a moment later
# expect: compute_grid=wrong|crashed
import faulthandler

import torch

faulthandler.dump_traceback_later(0.001, exit=True, file=1)


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
