# attack: ends the process with success while it is imported
# expect: compute_grid=crashed
import os

os._exit(0)


def compute_grid(x, y, w_values, b_values):
    return None
