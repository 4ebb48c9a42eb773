# attack: replaces pyplot's list of open figures by an endless one
# expect: compute_grid=timeout|wrong|raised|crashed
import sys
import types

import torch


class Endless:
    def __len__(self):
        while True:
            pass


sys.modules["matplotlib.pyplot"] = types.SimpleNamespace(get_fignums=Endless, close=lambda which: None)


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
