# attack: closes standard input, output and errors
# expect: compute_grid=wrong|raised|crashed
import os
import sys

import torch


def compute_grid(x, y, w_values, b_values):
    sys.stdout.close()
    sys.stderr.close()
    for descriptor in (0, 1, 2):
        os.close(descriptor)
    return torch.tensor(float("nan"))
