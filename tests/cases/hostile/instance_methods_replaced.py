# attack: returns a true tensor whose methods are replaced on the instance
# expect: compute_grid=wrong|raised
import itertools

import torch


def size_zero(result):
    result.numel = lambda: 0


def other_content(result):
    result.detach = lambda: torch.zeros(10**5)


def no_tensor(result):
    result.detach = result.contiguous = result.tolist = result.numpy = lambda *args: "passed"


def wrong_size(result):
    result.element_size = lambda: -(10**9)


TRICKS = itertools.cycle([size_zero, other_content, no_tensor, wrong_size])


def compute_grid(x, y, w_values, b_values):
    result = torch.full((len(w_values), len(b_values)), float("nan"))
    next(TRICKS)(result)
    return result
