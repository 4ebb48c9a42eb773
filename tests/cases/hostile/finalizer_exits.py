# attack: leaves objects whose finalizers exit with success when the module is torn down
# expect: compute_grid=wrong|crashed
import os
import sys
import weakref

import torch


class Last:
    def __del__(self):
        os._exit(0)


keep = Last()
sys.keep_even_longer = Last()
weakref.finalize(keep, sys.exit, 0)


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
