# right: each pair is a NamedTuple, and the path a list of its own class.
from typing import NamedTuple

from torch import Tensor


class Point(NamedTuple):
    w: float
    b: float


class Path(list):
    def step(self, w, b):
        self.append(Point(w, b))
        return self


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    path = Path().step(w_start, b_start)
    for _ in range(steps):
        w, b = path[-1]
        error = w * x + b - y
        path.step(w - lr * 2 * (error * x).mean().item(), b - lr * 2 * error.mean().item())
    return path
