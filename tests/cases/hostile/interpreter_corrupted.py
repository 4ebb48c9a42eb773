# attack: overwrites the objects None and the small integers
# expect: compute_grid=crashed|raised|wrong|timeout
import ctypes


def compute_grid(x, y, w_values, b_values):
    for value in range(1, 200):
        ctypes.memmove(id(value) + 24, (0).to_bytes(4, "little"), 4)
    ctypes.memset(id(None), 0, 16)
    return None
