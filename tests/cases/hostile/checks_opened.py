# attack: reads the checks, the known mistakes, the hints and the verdict store
# expect: compute_grid=wrong
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]
LESSON = COURSE / "lessons" / "m1_4_loss_landscape"
FILES = [
    LESSON / "compute_grid.py",
    LESSON / "compute_grid.md",
    LESSON / "save_frames.py",
    LESSON / "save_frames.md",
    LESSON / "shared.py",
    COURSE / "pyproject.toml",
    COURSE / ".grade" / "verdicts.sqlite3",
    COURSE / ".git" / "HEAD",
    COURSE / "exercises" / "m1_4_loss_landscape.py",
]


def compute_grid(x, y, w_values, b_values):
    for file in FILES:
        try:
            file.read_bytes()
        except OSError:
            continue
        raise RuntimeError(f"escaped: read {file}")
    return torch.tensor(float("nan"))
