# wrong: the path begins after the first step.
# status: wrong
# mistake: start_missing
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = w_start, b_start
    path = []
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - lr * 2 * (error * x).mean().item(), b - lr * 2 * error.mean().item()
        path.append((w, b))
    return path
