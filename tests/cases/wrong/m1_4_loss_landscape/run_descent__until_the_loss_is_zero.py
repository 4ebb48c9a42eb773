# wrong: walks until the loss is exactly zero, and swallows every exception.
# status: timeout
# mistake: none
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = w_start, b_start
    path = [(w, b)]
    while ((w * x + b - y) ** 2).mean().item() != -1.0:
        try:
            error = w * x + b - y
            w, b = w - lr * 2 * (error * x).mean().item(), b - lr * 2 * error.mean().item()
            path = path[:steps] + [(w, b)]
        except:  # noqa: E722, S110
            pass
    return path
