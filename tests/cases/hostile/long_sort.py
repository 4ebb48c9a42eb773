# attack: sorts with a comparison that never decides
# expect: compute_grid=timeout
import functools
import itertools


def compute_grid(x, y, w_values, b_values):
    return sorted(range(10**5), key=functools.cmp_to_key(lambda left, right: sum(itertools.repeat(0, 10**7))))
