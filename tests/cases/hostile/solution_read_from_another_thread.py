# attack: opens the solution from a new thread, in case only the main one is confined
# expect: compute_grid=wrong
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]


def read(path):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(path.read_text).result()


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
