# attack: replaces itself in sys.modules by an object that has every exercise
# expect: compute_grid=wrong|invalid|raised
import sys

import torch


class Module:
    def __getattr__(self, name):
        raise SystemExit(0)


sys.modules[__name__] = Module()


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
