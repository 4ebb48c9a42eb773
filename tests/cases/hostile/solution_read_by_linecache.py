# attack: reads the solution through linecache, tokenize, fileinput and runpy
# expect: compute_grid=wrong
import linecache
import tokenize
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]


def read(path):
    text = "".join(linecache.getlines(str(path)))
    if not text:
        with tokenize.open(path) as file:
            text = file.read()
    return text


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
