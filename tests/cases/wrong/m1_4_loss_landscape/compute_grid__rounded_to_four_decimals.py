# wrong: rounds the whole grid to four decimals at the end.
# status: wrong
# mistake: rounded_to_4
import torch


def compute_grid(x, y, w_values, b_values):
    g = ((w_values[:, None, None] * x + b_values[None, :, None] - y) ** 2).mean(-1)
    return torch.round(g, decimals=4)
