# wrong: computes the gradient before the loop.
# status: wrong
# mistake: gradient_of_the_start
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    error = w_start * x + b_start - y
    grad_w = 2 * (error * x).mean().item()
    grad_b = 2 * error.mean().item()
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        w -= lr * grad_w
        b -= lr * grad_b
        path.append((w, b))
    return path
