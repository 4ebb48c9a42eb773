# wrong: the gradient for w has no factor x.
# status: wrong
# mistake: x_forgotten
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        slope = (2 * (w * x + b - y)).mean().item()
        w, b = w - lr * slope, b - lr * slope
        path.append((w, b))
    return path
