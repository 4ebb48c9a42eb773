# wrong: moves b first and uses the new b for the gradient of w.
# status: wrong
# mistake: w_after_b
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        b -= lr * (2 * (w * x + b - y)).mean().item()
        w -= lr * (2 * x * (w * x + b - y)).mean().item()
        path.append((w, b))
    return path
