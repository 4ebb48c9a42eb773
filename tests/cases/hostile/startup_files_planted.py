# attack: writes files that Python and pytest run by themselves, wherever it can
# expect: compute_grid=wrong
import contextlib
import os
import site
import sys
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]
INSIDE = [Path.cwd(), Path(os.environ.get("TMPDIR", "."))]
OUTSIDE = [
    COURSE,
    COURSE / "exercises",
    COURSE / "lessons",
    COURSE / "lessons" / "m1_1_training_loop",
    COURSE / "lessons" / "m1_4_loss_landscape",
    *map(Path, site.getsitepackages()),
    *map(Path, sys.path),
]
NAMES = [
    "conftest.py",
    "sitecustomize.py",
    "usercustomize.py",
    "torch.py",
    "hostile.pth",
    "pytest.ini",
    "shared.py",
    "grader.py",
]


def compute_grid(x, y, w_values, b_values):
    for folder in INSIDE:
        for name in NAMES:
            with contextlib.suppress(OSError):
                (folder / name).write_text("raise SystemExit('planted by a hostile submission')\n")
    for folder in OUTSIDE:
        for name in NAMES:
            file = folder / name
            try:
                with open(file, "x"):  # harmless where it succeeds: never an existing file, and empty
                    pass
            except OSError:
                continue
            file.unlink()
            raise RuntimeError(f"escaped: wrote {file}")
    return torch.tensor(float("nan"))
