# attack: puts modules of its own in the places of pytest, hypothesis and the checks
# expect: compute_grid=wrong|raised
import sys
import types

import torch


class Lenient(types.ModuleType):
    def __getattr__(self, name):
        return lambda *args, **kwargs: True


LESSON = "lessons.m1_4_loss_landscape"
CHECKS = ("lessons", LESSON, f"{LESSON}.compute_grid", f"{LESSON}.shared", "compute_grid", "shared", "drivers")
for name in ("pytest", "_pytest", "hypothesis", "hypothesis.strategies", *CHECKS, "conftest", "unittest", "doctest"):
    sys.modules[name] = Lenient(name)


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
