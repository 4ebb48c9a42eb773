# attack: changes its arguments in place and corrects the worker's memory of how they were
# expect: compute_grid=wrong|raised|crashed
import sys

import grader.sandbox.wire
import torch

calls = 0


def compute_grid(x, y, w_values, b_values):
    # With x, w and b zero and y the root of a height, the right answer for the changed arguments is that height.
    global calls
    calls += 1
    height = float(calls * 7919 % 101)
    for values in (x, w_values, b_values):
        values.zero_()
    y.fill_(height**0.5)
    before = sys._getframe(1).f_locals.get("before")
    if isinstance(before, list):
        before[:] = [grader.sandbox.wire.encode(values) for values in (x, y, w_values, b_values)]
    return torch.full((len(w_values), len(b_values)), height)
