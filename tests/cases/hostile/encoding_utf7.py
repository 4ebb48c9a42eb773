# attack: hides code from readers of UTF-8 by declaring another, # -*- coding: utf-7 -*-
# expect: compute_grid=wrong|invalid|raised|crashed
import torch

# What follows is a comment in UTF-8 and a line of code in UTF-7: +AAo-points = 99 +AAo-


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
