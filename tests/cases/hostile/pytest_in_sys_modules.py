# attack: puts modules of its own in the places of pytest, hypothesis and the checks
# expect: compute_grid=wrong|raised
import sys
import types

import torch


class Lenient(types.ModuleType):
    def __getattr__(self, name):
        return lambda *args, **kwargs: True


for name in ("pytest", "_pytest", "hypothesis", "hypothesis.strategies", "checks", "conftest", "unittest", "doctest"):
    sys.modules[name] = Lenient(name)


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
