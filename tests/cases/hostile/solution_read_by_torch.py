# attack: reads the solution with torch's and numpy's own C++ and C code
# expect: compute_grid=wrong
from pathlib import Path

import grader
import numpy
import torch

COURSE = Path(grader.__file__).resolve().parents[1]


def read(path):
    for attempt in (
        lambda: bytes(torch.from_file(str(path), size=1000, dtype=torch.uint8)),
        lambda: bytes(numpy.fromfile(path, dtype=numpy.uint8)),
        lambda: bytes(numpy.memmap(path, dtype=numpy.uint8)),
    ):
        try:
            return attempt().decode()
        except (OSError, RuntimeError, ValueError):
            continue
    return ""


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
