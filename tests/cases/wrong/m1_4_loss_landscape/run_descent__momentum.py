# wrong: keeps nine tenths of the step before.
# status: wrong
# mistake: none
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = w_start, b_start
    velocity_w = velocity_b = 0.0
    path = [(w, b)]
    for _ in range(steps):
        error = w * x + b - y
        velocity_w = 0.9 * velocity_w + 2 * (error * x).mean().item()
        velocity_b = 0.9 * velocity_b + 2 * error.mean().item()
        w, b = w - lr * velocity_w, b - lr * velocity_b
        path.append((w, b))
    return path
