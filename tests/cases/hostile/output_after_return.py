# attack: lets a thread print while the grader is between calls, and for ever
# expect: compute_grid=wrong|crashed|timeout
import os
import threading

import torch


def flood():
    while True:
        os.write(1, b"1 passed\n")


threading.Thread(target=flood, daemon=True).start()


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
