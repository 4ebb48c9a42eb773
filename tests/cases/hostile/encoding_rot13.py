# attack: declares an encoding that is none of text to bytes, # -*- coding: rot13 -*-
# expect: compute_grid=invalid
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
