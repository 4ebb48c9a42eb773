# right: the slope by central differences of the loss, which are exact for a parabola.
import torch
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    def loss(w: float, b: float) -> float:
        return torch.mean((y - (w * x + b)) ** 2).item()

    h = 0.5
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        slope_w = (loss(w + h, b) - loss(w - h, b)) / (2 * h)
        slope_b = (loss(w, b + h) - loss(w, b - h)) / (2 * h)
        w, b = w - lr * slope_w, b - lr * slope_b
        path.append((w, b))
    return path
