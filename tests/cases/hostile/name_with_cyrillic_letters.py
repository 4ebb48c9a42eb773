# attack: defines a function whose name only looks like the exercise's
# expect: compute_grid=invalid
import torch


def сompute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))


if (computе_grid := 99):
    pass
