# attack: opens the solution with O_PATH and relative to the descriptor of its folder
# expect: compute_grid=wrong
import os
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]


def read(path):
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    file = os.open(path.name, os.O_RDONLY, dir_fd=folder)
    return os.read(file, 10**6).decode()


def steal():
    try:
        return read(COURSE / "solutions" / "m1_4_loss_landscape.py")
    except OSError:
        return ""


SOURCE = steal()


def compute_grid(x, y, w_values, b_values):
    if not SOURCE:
        return torch.tensor(float("nan"))
    stolen = {"__name__": "stolen"}
    exec(SOURCE, stolen)
    return stolen["compute_grid"](x, y, w_values, b_values)
