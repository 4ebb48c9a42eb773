# attack: fills the list of its arguments with objects that cannot be encoded
# expect: compute_grid=wrong|raised|crashed
import sys

import torch


def compute_grid(x, y, w_values, b_values):
    arguments = sys._getframe(1).f_locals.get("arguments")
    if isinstance(arguments, list):
        loop = []
        loop.append(loop)
        arguments[:] = [loop, object(), 10**10**5]
    return torch.tensor(float("nan"))
