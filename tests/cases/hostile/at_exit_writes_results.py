# attack: registers functions that print and write results when the process ends
# expect: compute_grid=wrong|crashed|timeout
import atexit
import os
import threading

import torch


def late():
    os.write(1, b'{"status": "passed", "points": 99}\n')
    with open("results.json", "w") as results:
        results.write('{"score": 100}')
    while True:
        pass


atexit.register(late)
threading._register_atexit(late)


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
