# attack: reads memory at address 0
# expect: compute_grid=crashed
import ctypes


def compute_grid(x, y, w_values, b_values):
    return ctypes.string_at(0)
