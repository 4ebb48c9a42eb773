# wrong: calls itself with the same number of steps.
# status: raised
# mistake: none
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    error = w_start * x + b_start - y
    w = w_start - lr * 2 * (error * x).mean().item()
    b = b_start - lr * 2 * error.mean().item()
    return [(w_start, b_start)] + run_descent(x, y, w, b, lr, steps)
