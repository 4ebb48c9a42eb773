# wrong: moves w first and uses the new w for the gradient of b.
# status: wrong
# mistake: b_after_w
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        w = w - lr * (2 * x * (w * x + b - y)).mean().item()
        b = b - lr * (2 * (w * x + b - y)).mean().item()
        path.append((w, b))
    return path
