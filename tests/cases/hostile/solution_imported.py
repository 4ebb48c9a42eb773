# attack: imports the solution and the checks by every name they could have
# expect: compute_grid=wrong
import importlib
import sys
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]
sys.path[:0] = [str(COURSE), str(COURSE / "solutions"), str(COURSE / "lessons" / "m1_4_loss_landscape")]


def steal():
    for name in (
        "solutions.m1_4_loss_landscape",
        "m1_4_loss_landscape",
        "lessons.m1_4_loss_landscape.compute_grid",
        "lessons.m1_4_loss_landscape.shared",
        "compute_grid",
        "shared",
    ):
        sys.modules.pop(name, None)
        try:
            module = importlib.import_module(name)
        except (ImportError, OSError):
            continue
        if module.__dict__ is not globals() and hasattr(module, "compute_grid"):
            return module.compute_grid
        raise RuntimeError(f"escaped: imported {name}")
    return None


ANSWER = steal()


def compute_grid(x, y, w_values, b_values):
    if ANSWER is None:
        return torch.tensor(float("nan"))
    return ANSWER(x, y, w_values, b_values)
