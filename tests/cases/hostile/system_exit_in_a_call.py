# attack: calls sys.exit(0) while it is called
# expect: compute_grid=raised|crashed
import sys


def compute_grid(x, y, w_values, b_values):
    sys.exit(0)
