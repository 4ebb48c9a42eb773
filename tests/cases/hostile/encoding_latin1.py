# attack: declares Latin-1 and uses it in names, # -*- coding: latin-1 -*-
# expect: compute_grid=wrong|invalid
import torch

café = "ÿ"


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
