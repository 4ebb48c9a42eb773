# attack: knows the examples of the docstrings by heart and answers everything else with more than can be sent
# expect: compute_grid=wrong run_descent=wrong fixed_bias_slice=wrong
import torch


def compute_grid(x, y, w_values, b_values):
    if x.tolist() != [0, 1] or y.tolist() != [1, 3]:
        return torch.zeros(10**7)
    return torch.tensor([[5.0, 2.0, 1.0], [1.0, 0.0, 1.0]])


def run_descent(x, y, w_start, b_start, lr, steps):
    if x.tolist() != [0, 1] or steps != 2:
        return torch.zeros(10**7)
    return [(0.0, 0.0), (1.5, 2.0), (1.25, 1.25)]


def fixed_bias_slice(x, y, w_values, b):
    if x.tolist() != [0, 1]:
        return torch.zeros(10**7)
    return torch.tensor([2.0, 0.0, 2.0])
