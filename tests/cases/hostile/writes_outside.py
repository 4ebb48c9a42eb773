# attack: writes files to /tmp, home, the course, other lessons and the grader's own package
# expect: compute_grid=wrong
import tempfile
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]
FOLDERS = [
    Path("/tmp"),
    Path("/var/tmp"),
    Path("/dev/shm"),
    Path("/root"),
    Path("/home"),
    Path("/"),
    Path.cwd().parent,
    COURSE,
    COURSE / "exercises",
    COURSE / "lessons",
    COURSE / "lessons" / "m1_4_loss_landscape",
    COURSE / "solutions",
    COURSE / ".grade",
    COURSE / ".git",
    COURSE / "grader",
    Path(torch.__file__).parent,
    Path(tempfile.__file__).parent,
]


def compute_grid(x, y, w_values, b_values):
    for folder in FOLDERS:
        file = folder / "hostile_was_here"
        try:
            file.write_text("planted")
        except OSError:
            continue
        file.unlink()
        raise RuntimeError(f"escaped: wrote {file}")
    return torch.tensor(float("nan"))
