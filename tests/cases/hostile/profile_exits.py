# attack: installs a profiler that ends the process when the worker sends
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import os
import sys


def profile(frame, event, argument):
    if frame.f_code.co_name in ("send", "encode") and "wire" in frame.f_code.co_filename:
        os._exit(0)


sys.setprofile(profile)


def compute_grid(x, y, w_values, b_values):
    return None
