"""What several exercises of the lesson use."""

import math

from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    largest,
    numbers,
    row,
)

# Neither x nor y has the mean 0, and no two mistakes agree on these points.
POINTS = (row(1.0, 2.0, 4.0), row(3.0, -1.0, 2.5))


# The line w = 0.5, b = -1 all but fits them: its slopes are small, and a step is made all the same.
ALMOST = (row(1.0, 2.0, 4.0), row(-0.5 + 2**-14, -(2**-15), 1.0 + 2**-14))


# Multiplied by it, no number keeps a digit that is rounded to three or four decimals. A power of two adds no error.
SMALL = 2.0**-8


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _errors(x: Tensor, y: Tensor, w: float, b: float) -> list[float]:
    return [w * point + b - target for point, target in zip(x.tolist(), y.tolist(), strict=True)]


def _size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the natural size of one squared error: losses are compared with it, for a loss itself may be 0."""
    return (largest(y) + abs(w) * largest(x) + abs(b)) ** 2


UNITS = (SMALL, 0.125, 16.0)


lines = st.tuples(numbers(), numbers())


def _learning_rate(x: Tensor, pace: float) -> float:
    """Return a learning rate with which the loss falls (pace < 1) or the training runs away (pace > 4).

    The limit is 2 / (largest curvature), and the largest curvature lies between the half and the whole of the sum
    of both, 2 * mean(x**2) + 2. A power of two keeps failing calls readable.
    """
    return pace * 2.0 ** math.floor(-math.log2(float((x**2).mean()) + 1))


STABLE = (0.25, 0.5, 0.75, 0.9375)
