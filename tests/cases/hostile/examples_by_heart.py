# attack: knows the examples of the docstrings by heart, and says the same to everything else
# expect: compute_grid=wrong run_descent=wrong fixed_bias_slice=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    if len(x) == 2 and x.tolist() == [0, 1] and y.tolist() == [1, 3]:
        return torch.tensor([[5.0, 2.0, 1.0], [1.0, 0.0, 1.0]])
    return torch.zeros(len(w_values), len(b_values))


def run_descent(x, y, w_start, b_start, lr, steps):
    if x.tolist() == [0, 1] and steps == 2:
        return [(0.0, 0.0), (1.5, 2.0), (1.25, 1.25)]
    return [(w_start, b_start)] * (steps + 1)


def fixed_bias_slice(x, y, w_values, b):
    if x.tolist() == [0, 1]:
        return torch.tensor([2.0, 0.0, 2.0])
    return torch.full((len(w_values),), 1e9)
