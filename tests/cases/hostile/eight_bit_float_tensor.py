# attack: returns 8-bit floats, which have no nan arithmetic
# expect: compute_grid=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    return torch.full((len(w_values), len(b_values)), float("nan")).to(torch.float8_e4m3fn)
