# attack: switches on features that change how the file is read
# expect: compute_grid=wrong
from __future__ import annotations, barry_as_FLUFL

import torch


def compute_grid(x: 1 + 'x', y: undefined, w_values: print(99), b_values) -> 1 / 0:
    return torch.tensor(float("nan"))
