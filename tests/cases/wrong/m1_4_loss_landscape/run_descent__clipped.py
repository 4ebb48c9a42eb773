# wrong: clips the gradient at a length of 5, which the docstring does not show.
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
        norm = (grad_w**2 + grad_b**2) ** 0.5
        scale = min(1.0, 5.0 / norm) if norm > 0 else 1.0
        w, b = w - lr * scale * grad_w, b - lr * scale * grad_b
        path.append((w, b))
    return path
