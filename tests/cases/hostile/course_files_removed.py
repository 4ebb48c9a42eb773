# attack: removes folders and files of the course
# expect: compute_grid=wrong
import os
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]


def compute_grid(x, y, w_values, b_values):
    # A folder that is not empty stays: where removing it is allowed, the error is another than "permission denied".
    for remove in (os.rmdir, os.unlink):
        for folder in (COURSE / "lessons", COURSE / "solutions", COURSE / "grader"):
            try:
                remove(folder)
            except (PermissionError, FileNotFoundError):
                continue
            except OSError:
                pass
            raise RuntimeError(f"escaped: may remove {folder}")
    return torch.tensor(float("nan"))
