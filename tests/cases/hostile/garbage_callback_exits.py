# attack: hooks the garbage collector and leaves in the middle of a collection
# expect: compute_grid=wrong|raised|crashed|timeout
import gc
import os

import torch

gc.callbacks.append(lambda phase, info: os._exit(0))
gc.set_threshold(1)


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
