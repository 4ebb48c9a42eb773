# attack: is right, changes its arguments, and answers in other types than those that tell of it
# expect: compute_grid=crashed|wrong
# points: 0
import itertools
import sys

ODD = itertools.cycle(
    [None, "", b"", 0, {}, (), [1], [b""], [None], ["", "", "", ""], [[]] * 4, [b""] * 5, [None] * 3, [b"\xc1"] * 4, 1j]
)
whole = sys.modules["grader.sandbox.worker"].Submission.call


def call(self, request):
    return {**whole(self, request), "arguments": next(ODD)}


sys.modules["grader.sandbox.worker"].Submission.call = call


def compute_grid(x, y, w_values, b_values):
    losses = ((y - w_values[:, None, None] * x - b_values[None, :, None]) ** 2).mean(dim=-1)
    x.zero_()
    return losses
