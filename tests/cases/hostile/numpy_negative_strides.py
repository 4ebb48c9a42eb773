# attack: returns a tensor made of a numpy view that runs backwards
# expect: compute_grid=wrong|raised
import numpy
import torch

torch.from_numpy = lambda array: array  # torch itself refuses negative strides


def compute_grid(x, y, w_values, b_values):
    return torch.from_numpy(numpy.full((len(w_values), len(b_values)), numpy.nan)[::-1, ::-1])
