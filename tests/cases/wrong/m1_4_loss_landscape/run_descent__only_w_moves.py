# wrong: updates w and forgets b.
# status: wrong
# mistake: b_never_moved
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w = w_start
    path = [(w, b_start)]
    for _ in range(steps):
        w -= lr * 2 * ((w * x + b_start - y) * x).mean().item()
        path.append((w, b_start))
    return path
