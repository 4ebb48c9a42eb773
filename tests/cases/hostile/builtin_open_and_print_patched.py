# attack: replaces open, print and input for everybody
# expect: compute_grid=wrong|raised|crashed
import builtins
import io

import torch

nothing = torch.tensor(float("nan"))
builtins.open = io.open = lambda *args, **kwargs: io.StringIO('{"status": "passed", "points": 99}')
builtins.print = builtins.input = lambda *args, **kwargs: None


def compute_grid(x, y, w_values, b_values):
    return nothing
