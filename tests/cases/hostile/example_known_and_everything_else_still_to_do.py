# attack: knows the examples of the docstrings by heart and says of everything else that it is still to do
# expect: compute_grid=raised run_descent=raised fixed_bias_slice=raised
import torch


def compute_grid(x, y, w_values, b_values):
    if x.tolist() != [0, 1] or y.tolist() != [1, 3]:
        raise NotImplementedError("TODO: the rest")
    return torch.tensor([[5.0, 2.0, 1.0], [1.0, 0.0, 1.0]])


def run_descent(x, y, w_start, b_start, lr, steps):
    if x.tolist() != [0, 1] or steps != 2:
        raise NotImplementedError("TODO: the rest")
    return [(0.0, 0.0), (1.5, 2.0), (1.25, 1.25)]


def fixed_bias_slice(x, y, w_values, b):
    if x.tolist() != [0, 1]:
        raise NotImplementedError("TODO: the rest")
    return torch.tensor([2.0, 0.0, 2.0])
