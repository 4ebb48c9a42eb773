# attack: declares an encoding that does not exist, # -*- coding: ../../solutions -*-
# expect: compute_grid=invalid
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
