# attack: leaves links to a folder of the course, for a clean-up that follows links
# expect: compute_grid=wrong
import contextlib
import os
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]
# A folder whose pictures can be drawn again, should the bait be taken.
TARGET = COURSE / "lessons" / "m1_4_loss_landscape" / "figures"


def compute_grid(x, y, w_values, b_values):
    for name in ("link", "folder/link", "link/link"):
        with contextlib.suppress(OSError):
            Path(name).parent.mkdir(exist_ok=True)
            os.symlink(TARGET, name, target_is_directory=True)
    return torch.tensor(float("nan"))
