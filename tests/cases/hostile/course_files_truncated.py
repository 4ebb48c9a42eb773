# attack: truncates course files
# expect: compute_grid=wrong
import os
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]
FILES = [
    COURSE / "solutions" / "m1_4_loss_landscape.py",
    COURSE / "pyproject.toml",
    COURSE / "lessons",
    Path(grader.__file__),
]


def change(path):
    # To what it is already: permission is asked all the same, and a hole in the sandbox costs nobody a file.
    status = os.stat(path)
    os.truncate(path, status.st_size)


def compute_grid(x, y, w_values, b_values):
    for file in FILES:
        try:
            change(file)
        except OSError:
            continue
        raise RuntimeError(f"escaped: changed {file}")
    return torch.tensor(float("nan"))
