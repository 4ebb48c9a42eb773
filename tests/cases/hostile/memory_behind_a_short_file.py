# attack: returns a tensor mapped from a file that is shortened afterwards, so that reading it kills
# expect: compute_grid=crashed|raised|wrong
import os

import torch


def compute_grid(x, y, w_values, b_values):
    size = len(w_values) * len(b_values)
    result = torch.from_file("values.bin", shared=True, size=size, dtype=torch.float64)
    os.truncate("values.bin", 0)
    return result.reshape(len(w_values), len(b_values))
