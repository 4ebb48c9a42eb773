# attack: closes every descriptor and works on, so that the process is gone and still there
# expect: compute_grid=crashed|timeout
import os


def compute_grid(x, y, w_values, b_values):
    os.closerange(0, 4096)
    while True:
        pass
