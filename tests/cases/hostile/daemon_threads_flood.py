# attack: starts ten thousand sleeping threads
# expect: compute_grid=wrong|raised|timeout|crashed
import threading
import time

import torch


def compute_grid(x, y, w_values, b_values):
    try:
        for _ in range(10_000):
            threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
    except RuntimeError:
        pass
    return torch.tensor(float("nan"))
