# attack: takes minutes to be imported without a loop
# expect: compute_grid=timeout
import time

time.sleep(600)


def compute_grid(x, y, w_values, b_values):
    return None
