# attack: returns, and leaves threads that use every processor for ever
# expect: compute_grid=wrong|timeout|crashed
import threading

import torch


def busy():
    while True:
        sum(range(10**6))


def compute_grid(x, y, w_values, b_values):
    for _ in range(16):
        threading.Thread(target=busy).start()
    return torch.tensor(float("nan"))
