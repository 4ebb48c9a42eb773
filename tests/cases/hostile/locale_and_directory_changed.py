# attack: changes directory, umask, locale and environment of the process
# expect: compute_grid=wrong
import locale
import os
import sys

import torch


def compute_grid(x, y, w_values, b_values):
    os.chdir("/")
    os.umask(0o777)
    os.environ.clear()
    os.environ.update(PYTHONPATH="/", LD_PRELOAD="/passed.so", TMPDIR="/")
    locale.setlocale(locale.LC_ALL, "C")
    sys.path[:] = ["/"]
    return torch.tensor(float("nan"))
