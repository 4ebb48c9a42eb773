# attack: calls sys.exit(0) while it is imported
# expect: compute_grid=raised|crashed
import sys

sys.exit(0)


def compute_grid(x, y, w_values, b_values):
    return None
