# attack: returns, and a thread ends the process with success a moment later
# expect: compute_grid=wrong|crashed
import os
import threading

import torch


def compute_grid(x, y, w_values, b_values):
    threading.Timer(0.0005, os._exit, [0]).start()
    return torch.tensor(float("nan"))
