# attack: lists the folders of the course, of other submissions and of the machine
# expect: compute_grid=wrong
import os
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]
FOLDERS = [
    COURSE,
    COURSE / "lessons",
    COURSE / "solutions",
    Path.cwd().parent,
    Path("/"),
    Path("/home"),
    Path("/root"),
    Path("/tmp"),
]


def compute_grid(x, y, w_values, b_values):
    for folder in FOLDERS:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        raise RuntimeError(f"escaped: listed {folder}: {names[:5]}")
    return torch.tensor(float("nan"))
