# attack: imports a future that never comes
# expect: compute_grid=invalid
from __future__ import braces


def compute_grid(x, y, w_values, b_values):
    return None
