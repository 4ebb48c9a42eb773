# attack: raises the grader's own error of a broken message
# expect: compute_grid=raised|wrong
from grader.sandbox.wire import WireError


def compute_grid(x, y, w_values, b_values):
    raise WireError("passed")
