# attack: opens the solution by relative and absolute paths guessed from everything it knows
# expect: compute_grid=wrong
import os
import sys
from pathlib import Path

import grader
import torch

NAME = "solutions/m1_4_loss_landscape.py"
ROOTS = [
    Path(grader.__file__).resolve().parents[1],
    Path(__file__).resolve().parents[1],
    Path.cwd(),
    *Path.cwd().parents,
    *map(Path, sys.path),
    Path(sys.prefix, ".."),
    Path(sys.prefix, "../.."),
    Path(os.devnull, ".."),
]


def steal():
    for root in ROOTS:
        for path in (root / NAME, root / ".." / NAME, root / "../.." / NAME):
            try:
                return path.read_text()
            except OSError:
                continue
    return ""


SOURCE = steal()


def compute_grid(x, y, w_values, b_values):
    if not SOURCE:
        return torch.tensor(float("nan"))
    stolen = {"__name__": "stolen"}
    exec(SOURCE, stolen)
    return stolen["compute_grid"](x, y, w_values, b_values)
