# attack: seeds the global generators and breaks their state
# expect: compute_grid=wrong|raised
import random

import torch


def compute_grid(x, y, w_values, b_values):
    torch.manual_seed(0)
    random.seed(0)
    random.setstate((3, tuple([0] * 624 + [624]), None))
    torch.default_generator.set_state(torch.zeros(5056, dtype=torch.uint8))
    return torch.tensor(float("nan"))
