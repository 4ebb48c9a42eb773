"""What several exercises of the lesson use."""

from collections.abc import Sequence

from torch import Tensor

from grader.authoring import largest, row

Data = tuple[Tensor, Tensor]
Pair = tuple[float, float]

# Neither x nor y has mean 0, and no two mistakes agree on these points.
POINTS = (row(1.0, 2.0, 4.0, -0.5, 3.0), row(3.0, -1.0, 2.5, 2.0, 0.5))
# Times SMALL, no number survives rounding to three or four decimals. A power of two adds no error of its own.
SMALL = 2.0**-8
UNITS = (SMALL, 0.125, 16.0)


def pairs(x: Tensor, y: Tensor) -> list[Pair]:
    """Return the points (x, y) as pairs of floats."""
    return list(zip(x.tolist(), y.tolist(), strict=True))


def loss_of(points: Sequence[Pair], w: float, b: float) -> float:
    """Return the mean squared error over some points in plain Python, one point after another."""
    return sum((w * x + b - y) ** 2 for x, y in points) / len(points)


def slopes(points: Sequence[Pair], w: float, b: float) -> Pair:
    """Return the gradient of the loss over some points, from values of the loss only.

    The loss is a parabola in w and a parabola in b, so its slope is exactly half the difference between its values one
    unit to the right and one unit to the left.
    """
    along_w = (loss_of(points, w + 1, b) - loss_of(points, w - 1, b)) / 2
    along_b = (loss_of(points, w, b + 1) - loss_of(points, w, b - 1)) / 2
    return along_w, along_b


def error_size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the natural size of one error: losses are compared with its square, for a loss itself may be 0."""
    return largest(y) + abs(w) * largest(x) + abs(b)
