# attack: replaces the hooks that Python calls for uncaught errors, breakpoints and display
# expect: compute_grid=raised
import os
import sys
import threading


def leave(*args, **kwargs):
    os._exit(0)


sys.excepthook = sys.unraisablehook = sys.displayhook = sys.breakpointhook = threading.excepthook = leave
sys.last_value = AssertionError()


def compute_grid(x, y, w_values, b_values):
    raise ValueError("hooked")
