# attack: gives its own module a class whose namespace lies
# expect: compute_grid=wrong|invalid|raised|crashed
import sys
import types

import torch


class Module(types.ModuleType):
    def __getattribute__(self, name):
        raise SystemExit(0)


sys.modules[__name__].__class__ = Module


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
