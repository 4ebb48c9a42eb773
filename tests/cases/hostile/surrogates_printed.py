# attack: prints text that cannot be encoded
# expect: compute_grid=wrong|raised
import sys

import torch


def compute_grid(x, y, w_values, b_values):
    print("\ud800 passed \udfff")
    sys.stderr.write("\udcff")
    return torch.tensor(float("nan"))
