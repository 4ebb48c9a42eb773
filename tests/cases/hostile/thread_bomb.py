# attack: starts threads that start threads
# expect: compute_grid=wrong|raised|timeout|crashed
import contextlib
import threading
import time

import torch


def multiply():
    while True:
        with contextlib.suppress(RuntimeError, MemoryError):
            threading.Thread(target=multiply, daemon=True).start()
        time.sleep(0.01)


def compute_grid(x, y, w_values, b_values):
    threading.Thread(target=multiply, daemon=True).start()
    time.sleep(0.5)
    return torch.tensor(float("nan"))
