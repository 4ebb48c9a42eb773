# attack: makes a list of a sequence without end
# expect: compute_grid=timeout|raised|crashed
import itertools


def compute_grid(x, y, w_values, b_values):
    return sum(itertools.repeat(0))
