# attack: replaces type, so that everything is of the type that is asked
# expect: compute_grid=wrong|raised|crashed|timeout
import builtins

import torch

builtins.type = lambda *args: torch.Tensor
builtins.id = lambda value: 0
builtins.repr = builtins.str = lambda *args: "passed"


def compute_grid(x, y, w_values, b_values):
    return object()
