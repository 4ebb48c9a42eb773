# attack: defines the exercise in letters that Python takes for the plain ones
# expect: compute_grid=wrong
import torch


def ｃｏｍｐｕｔｅ_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
