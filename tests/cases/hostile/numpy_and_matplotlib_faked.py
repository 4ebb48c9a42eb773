# attack: puts fakes of numpy and matplotlib where the worker looks for them
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import os
import sys
import types

import torch


class Fake(types.ModuleType):
    def __getattr__(self, name):
        os._exit(0)


for name in ("numpy", "matplotlib", "matplotlib.pyplot", "matplotlib.figure"):
    sys.modules[name] = Fake(name)


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
