# wrong: adds the gradient.
# status: wrong
# mistake: uphill
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        err = w * x + b - y
        w += lr * 2 * float((err * x).mean())
        b += lr * 2 * float(err.mean())
        path.append((w, b))
    return path
