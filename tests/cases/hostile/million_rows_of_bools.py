# attack: returns a million bools in every order of eight dimensions, and numbers so large that their differences are infinite
# expect: compute_grid=wrong run_descent=wrong fixed_bias_slice=wrong
import itertools

import torch

shapes = itertools.cycle([(2**19,), (2**18, 2), (2,) * 7 + (2**12,), (2**12,) + (2,) * 7, (1, 2**19, 1), (3, 3**9)])
numbers = itertools.cycle([1.7e308, -1.7e308, float("inf"), float("nan"), 5e-324])


def compute_grid(x, y, w_values, b_values):
    return torch.ones(next(shapes), dtype=torch.bool)


def run_descent(x, y, w_start, b_start, lr, steps):
    return [(next(numbers), next(numbers)) for _ in range(steps + 1)]


def fixed_bias_slice(x, y, w_values, b):
    return torch.tensor([next(numbers) for _ in w_values], dtype=x.dtype)
