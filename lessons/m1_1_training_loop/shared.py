"""What several exercises of the lesson use."""

import math

from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import data_sets, largest, numbers, row

Call = tuple[Tensor, Tensor, float, float, float]
"""x, y, w, b and lr: all arguments of `training_step`, and all but the last one of `train`."""

# x, y, w and b. Neither x nor y has mean 0, and no two mistakes agree on these points.
START = (row(1.0, 2.0, 4.0), row(3.0, -1.0, 2.5), 0.5, -1.0)
# The same line all but fits these points: its slopes are small, and it has to take a step all the same.
ALMOST = (row(1.0, 2.0, 4.0), row(-0.5 + 2**-14, -(2**-15), 1.0 + 2**-14), 0.5, -1.0)
# Times this factor, no number keeps a digit that survives rounding to 3 or 4 decimals. A power of two adds no error.
SMALL = 2.0**-8
UNITS = (SMALL, 0.125, 16.0)
STABLE = (0.25, 0.5, 0.75, 0.9375)


def mean(values: list[float]) -> float:
    """Return the mean of a list, in plain Python."""
    return sum(values) / len(values)


def errors_of(x: Tensor, y: Tensor, w: float, b: float) -> list[float]:
    """Return the error of the line at each point, in plain Python."""
    return [w * point + b - target for point, target in zip(x.tolist(), y.tolist(), strict=True)]


def mse(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the mean squared error of the line, in plain Python."""
    return mean([error * error for error in errors_of(x, y, w, b)])


def loss_size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the natural size of one squared error: losses are compared with it, for a loss itself may be 0."""
    return (largest(y) + abs(w) * largest(x) + abs(b)) ** 2


def calls(lrs: tuple[float, ...]) -> st.SearchStrategy[Call]:
    """Draw data, a line, and one of these learning rates."""
    drawn = st.tuples(data_sets(), st.tuples(numbers(), numbers()), st.sampled_from(lrs))
    return drawn.map(lambda parts: (*parts[0], *parts[1], parts[2]))


def paced(x: Tensor, y: Tensor, w: float, b: float, pace: float) -> Call:
    """Return a call whose learning rate lets the loss fall (pace < 1) or the training run away (pace > 4).

    The limit is 2 / (largest curvature), and the largest curvature lies between half of the sum of both,
    2 * mean(x**2) + 2, and all of it. A power of two keeps failing calls readable.
    """
    return x, y, w, b, pace * 2.0 ** math.floor(-math.log2(float((x**2).mean()) + 1))


def paced_calls(paces: tuple[float, ...]) -> st.SearchStrategy[Call]:
    """Draw data, a line, and a learning rate of one of these paces."""
    return calls(paces).map(lambda call: paced(*call))
