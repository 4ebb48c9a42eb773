# attack: reads memory at address 0 while it is imported
# expect: compute_grid=crashed
import ctypes

ctypes.string_at(0)


def compute_grid(x, y, w_values, b_values):
    return None
