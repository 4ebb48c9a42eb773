# attack: raises an exception with a traceback that it has built itself
# expect: compute_grid=raised|crashed|timeout
import sys
import types


def compute_grid(x, y, w_values, b_values):
    traceback = None
    for line in range(100_000):
        traceback = types.TracebackType(traceback, sys._getframe(), 0, line + 1)
    raise ValueError("forged").with_traceback(traceback)
