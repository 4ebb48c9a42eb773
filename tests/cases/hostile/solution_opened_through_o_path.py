# attack: opens the solution with O_PATH only and reads, maps and copies from that descriptor
# expect: compute_grid=wrong
import mmap
import os
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]


def read(path):
    file = os.open(path, os.O_PATH)
    for attempt in (
        lambda: os.read(file, 10**6),
        lambda: os.pread(file, 10**6, 0),
        lambda: mmap.mmap(file, 0, prot=mmap.PROT_READ)[:],
        lambda: open(f"/proc/self/fd/{file}", "rb").read(),
        lambda: open(f"/dev/fd/{file}", "rb").read(),
    ):
        try:
            return attempt().decode()
        except (OSError, ValueError):
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
