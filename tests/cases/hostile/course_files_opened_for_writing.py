# attack: opens the solution, the checks, the store and the submission for writing
# expect: compute_grid=wrong
import os
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]
LESSON = "m1_4_loss_landscape"
FILES = [
    COURSE / "solutions" / f"{LESSON}.py",
    COURSE / "lessons" / LESSON / "compute_grid.py",
    COURSE / "lessons" / LESSON / "compute_grid.md",
    COURSE / "lessons" / LESSON / "shared.py",
    COURSE / "exercises" / f"{LESSON}.py",
    COURSE / ".grade" / "verdicts.sqlite3",
    COURSE / "pyproject.toml",
    Path(grader.__file__),
    Path(torch.__file__),
    Path(os.__file__),
]


def compute_grid(x, y, w_values, b_values):
    for file in FILES:
        for flags in (os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_APPEND):  # none of them changes the file
            try:
                os.close(os.open(file, flags))
            except OSError:
                continue
            raise RuntimeError(f"escaped: opened {file}")
    return torch.tensor(float("nan"))
