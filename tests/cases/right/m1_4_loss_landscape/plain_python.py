# right: no tensor arithmetic at all, and the result is float32 because torch.tensor makes it so.
import torch
from torch import Tensor


def mean_squared_error(x: Tensor, y: Tensor, w: float, b: float) -> float:
    total = 0.0
    for xi, yi in zip(x.tolist(), y.tolist(), strict=True):
        total += (yi - (w * xi + b)) ** 2
    return total / len(x)


def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    return torch.tensor([[mean_squared_error(x, y, w, b) for b in b_values.tolist()] for w in w_values.tolist()])


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return torch.tensor([mean_squared_error(x, y, w, b) for w in w_values.tolist()])


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    xs, ys = x.tolist(), y.tolist()
    n = len(xs)
    w, b = w_start, b_start
    path = [(w, b)]
    while len(path) <= steps:
        errors = [w * xi + b - yi for xi, yi in zip(xs, ys, strict=True)]
        grad_w = sum(2 * e * xi for e, xi in zip(errors, xs, strict=True)) / n
        grad_b = sum(2 * e for e in errors) / n
        w -= lr * grad_w
        b -= lr * grad_b
        path.append((w, b))
    return path
