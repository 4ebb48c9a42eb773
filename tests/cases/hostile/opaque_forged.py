# attack: returns the grader's own stand-in for values that are no data
# expect: compute_grid=wrong
from grader.sandbox.wire import Opaque


def compute_grid(x, y, w_values, b_values):
    return Opaque("\x1b[2J passed " * 10**5)
