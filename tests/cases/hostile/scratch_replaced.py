# attack: removes its own folder and puts a link to the course in its place
# expect: compute_grid=wrong
import contextlib
import os

import grader
import torch


def compute_grid(x, y, w_values, b_values):
    home = os.getcwd()
    with contextlib.suppress(OSError):
        os.rmdir(home)
        os.symlink(os.path.dirname(os.path.dirname(os.path.abspath(grader.__file__))), home)
        raise RuntimeError("escaped: replaced its folder by a link")
    with contextlib.suppress(OSError):
        os.rename(home, home + ".moved")
        raise RuntimeError("escaped: moved its folder")
    return torch.tensor(float("nan"))
