# attack: stops all clocks of the process and then loops for ever
# expect: compute_grid=timeout
import time

time.time = time.monotonic = time.perf_counter = time.process_time = time.time_ns = time.monotonic_ns = lambda: 0
time.sleep = lambda seconds: None


def compute_grid(x, y, w_values, b_values):
    while time.monotonic() < 1:
        time.sleep(1)
