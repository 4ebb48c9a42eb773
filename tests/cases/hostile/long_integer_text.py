# attack: writes out an integer of ten million digits, after lifting Python's limit
# expect: compute_grid=timeout
import sys

sys.set_int_max_str_digits(0)


def compute_grid(x, y, w_values, b_values):
    return str(1 << 40_000_000)
