# right: a generator yields the points, and the list is made of it.
from collections.abc import Iterator
from itertools import islice

from torch import Tensor


def walk(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> Iterator[tuple[float, float]]:
    n = x.shape[0]
    while True:
        yield w, b
        residual = y - (w * x + b)
        w, b = w + 2 * lr / n * residual.dot(x).item(), b + 2 * lr / n * residual.sum().item()


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    return list(islice(walk(x, y, w_start, b_start, lr), steps + 1))
