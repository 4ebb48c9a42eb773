# attack: sleeps for ever, which costs no processor time
# expect: compute_grid=timeout
import time


def compute_grid(x, y, w_values, b_values):
    while True:
        time.sleep(1000)
