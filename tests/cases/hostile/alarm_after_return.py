# attack: sets an alarm whose handler raises in the worker's own code
# expect: compute_grid=wrong|raised|crashed
import signal

import torch


def handler(number, frame):
    raise SystemExit(0)


def compute_grid(x, y, w_values, b_values):
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    return torch.tensor(float("nan"))
