# wrong: takes the gradient of a single random point in every step.
# status: wrong
# mistake: none
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        k = int(torch.randint(len(x), (1,)))
        error = (w * x[k] + b - y[k]).item()
        w, b = w - lr * 2 * error * x[k].item(), b - lr * 2 * error
        path.append((w, b))
    return path
