# wrong: divides the learning rate by the number of the step.
# status: wrong
# mistake: none
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = w_start, b_start
    path = [(w, b)]
    for k in range(steps):
        error = w * x + b - y
        rate = lr / (k + 1)
        w, b = w - rate * 2 * (error * x).mean().item(), b - rate * 2 * error.mean().item()
        path.append((w, b))
    return path
