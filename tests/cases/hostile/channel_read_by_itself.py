# attack: reads the grader's questions before the worker does and never answers
# expect: compute_grid=timeout|crashed|wrong
import os
import stat
import threading

import torch


def channel():
    for number in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            continue
    return -1


def swallow():
    while True:
        os.read(channel(), 2**20)


threading.Thread(target=swallow, daemon=True).start()


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
