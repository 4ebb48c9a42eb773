# attack: aborts the process, which would leave a core file
# expect: compute_grid=crashed
import os


def compute_grid(x, y, w_values, b_values):
    os.abort()
