# attack: turns every warning of the process into an exception
# expect: compute_grid=wrong|raised
import warnings

import torch

warnings.simplefilter("error")
warnings.warn = lambda *args, **kwargs: 1 / 0


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
