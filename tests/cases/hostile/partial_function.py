# attack: is a functools.partial that drops its arguments
# expect: compute_grid=wrong|invalid
import functools

import torch


def nothing(*args, **kwargs):
    return torch.tensor(float("nan"))


compute_grid = functools.partial(nothing, "passed", points=99)
