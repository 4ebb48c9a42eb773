# attack: imports the exercise file, the submission that the grader keeps in memory
# expect: compute_grid=wrong|raised
import importlib

import torch

for name in ("exercises.m1_4_loss_landscape", "m1_4_loss_landscape", __name__, "__main__"):
    try:
        importlib.reload(importlib.import_module(name))
    except (ImportError, OSError, AttributeError, TypeError):
        continue


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
