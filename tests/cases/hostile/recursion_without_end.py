# attack: recurses without end after lifting Python's limit
# expect: compute_grid=crashed|raised|timeout
import sys

sys.setrecursionlimit(2**31 - 1)


def compute_grid(x, y, w_values, b_values):
    # Through C at every level, so that the C stack is what overflows.
    return list(map(lambda level: compute_grid(level, level, level, level), [x]))
