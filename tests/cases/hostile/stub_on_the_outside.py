# attack: looks like the untouched stub and is replaced a line later
# expect: compute_grid=wrong|invalid|todo
import torch


def compute_grid(x, y, w_values, b_values):
    """Return the loss of the line `w * x + b` for every pair of a weight and a bias."""
    raise NotImplementedError("TODO: compute_grid")


def nothing(*args):
    return torch.tensor(float("nan"))


globals()["compute_grid"] = nothing
