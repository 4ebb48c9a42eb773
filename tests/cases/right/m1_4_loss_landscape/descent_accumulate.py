# right: itertools.accumulate does the bookkeeping.
from itertools import accumulate

from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    def step(point: tuple[float, float], _: int) -> tuple[float, float]:
        w, b = point
        error = w * x + b - y
        return w - lr * 2 * float((error * x).mean()), b - lr * 2 * float(error.mean())

    return list(accumulate(range(steps), step, initial=(w_start, b_start)))
