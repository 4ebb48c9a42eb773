# attack: behaves differently at every call, to look flaky where an example is repeated
# expect: compute_grid=wrong|raised
import itertools

import torch

calls = itertools.count()


def compute_grid(x, y, w_values, b_values):
    number = next(calls)
    if number % 3 == 1:
        raise ValueError(f"call {number}")
    if number % 3 == 2:
        return number
    return torch.full((number % 7, number % 5), float("nan"))
