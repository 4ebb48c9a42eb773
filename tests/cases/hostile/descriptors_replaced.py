# attack: puts its own pipe in the place of every descriptor
# expect: compute_grid=timeout|crashed|wrong
import os

import torch


def compute_grid(x, y, w_values, b_values):
    _, writer = os.pipe()
    for descriptor in range(256):
        if descriptor != writer:
            os.dup2(writer, descriptor)
    return torch.tensor(float("nan"))
