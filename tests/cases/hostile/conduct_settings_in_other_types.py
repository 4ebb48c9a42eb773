# attack: is right, sets the seed, and tells of torch's settings in types that compare as it likes
# expect: compute_grid=crashed|wrong
# points: 0
import itertools
import sys

import torch

SETTINGS = ["torch.float32", True, 1, "cpu", 20_250_615]
ODD = itertools.cycle(
    [
        [],
        None,
        [SETTINGS],
        [SETTINGS, SETTINGS, SETTINGS],
        [torch.zeros(5), torch.zeros(5)],
        [SETTINGS, [torch.ones(2), *SETTINGS[1:]]],
        [SETTINGS, ["torch.float32", 1, True, "cpu", 20_250_615.0]],
        [[{}] * 5] * 2,
        "settings",
    ]
)
whole = sys.modules["grader.sandbox.worker"].Submission.call


def call(self, request):
    return {**whole(self, request), "settings": next(ODD)}


sys.modules["grader.sandbox.worker"].Submission.call = call


def compute_grid(x, y, w_values, b_values):
    losses = ((y - w_values[:, None, None] * x - b_values[None, :, None]) ** 2).mean(dim=-1)
    torch.manual_seed(0)
    return losses
