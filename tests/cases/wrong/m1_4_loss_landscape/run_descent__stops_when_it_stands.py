# wrong: breaks off as soon as the gradient is almost zero.
# status: wrong
# mistake: none
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        error = w * x + b - y
        grad_w, grad_b = 2 * (error * x).mean().item(), 2 * error.mean().item()
        if abs(grad_w) + abs(grad_b) < 1e-6:
            break
        w, b = w - lr * grad_w, b - lr * grad_b
        path.append((w, b))
    return path
