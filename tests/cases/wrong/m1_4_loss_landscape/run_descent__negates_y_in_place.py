# wrong: right numbers, but the targets come back with the other sign.
# status: wrong
# mistake: none
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    y.neg_()
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        error = w * x + b + y
        w, b = w - lr * 2 * (error * x).mean().item(), b - lr * 2 * error.mean().item()
        path.append((w, b))
    return path
