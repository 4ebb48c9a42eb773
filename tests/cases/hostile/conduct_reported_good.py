# attack: is right, destroys its arguments and torch's settings, and replaces what the worker tells of that
# expect: compute_grid=wrong
# points: 7
import sys

import torch

worker = sys.modules["grader.sandbox.worker"]
worker._changed = lambda *_: []
worker.Settings.changes = lambda *_: []


def compute_grid(x, y, w_values, b_values):
    losses = ((y - w_values[:, None, None] * x - b_values[None, :, None]) ** 2).mean(dim=-1)
    for argument in (x, y, w_values, b_values):
        argument.zero_()
    torch.manual_seed(0)
    return losses
