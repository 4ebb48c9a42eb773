# attack: forgets all modules
# expect: compute_grid=wrong|raised|crashed
import sys

import torch

nothing = torch.tensor(float("nan"))
sys.modules.clear()


def compute_grid(x, y, w_values, b_values):
    return nothing
