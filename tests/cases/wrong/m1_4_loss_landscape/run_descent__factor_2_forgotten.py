# wrong: the gradient lacks the factor 2 of the square.
# status: wrong
# mistake: half
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        difference = (w * x + b) - y
        dw = torch.mean(difference * x).item()
        db = torch.mean(difference).item()
        w, b = w - lr * dw, b - lr * db
        path.append((w, b))
    return path
