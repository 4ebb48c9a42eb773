# attack: makes links to the solution in its own folder and reads through them
# expect: compute_grid=wrong
import os
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]


def read(path):
    for number, link in enumerate((os.link, os.symlink, os.rename)):
        try:
            link(path, f"copy{number}")
            with open(f"copy{number}") as file:
                text = file.read()
            if link is os.rename:
                os.rename(f"copy{number}", path)
            return text
        except OSError:
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
