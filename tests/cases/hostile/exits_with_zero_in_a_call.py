# attack: ends the process with success while it is called
# expect: compute_grid=crashed
import os


def compute_grid(x, y, w_values, b_values):
    os._exit(0)
