"""What several exercises of the lesson use."""

from collections.abc import Sequence

from torch import Tensor

from grader.authoring import largest, row

# Neither x nor y has the mean 0, and no two mistakes agree on these points.
POINTS = (row(1.0, 2.0, 4.0, -0.5, 3.0), row(3.0, -1.0, 2.5, 2.0, 0.5))


# Multiplied by it, no number keeps a digit that is rounded to three or four decimals. A power of two adds no error.
SMALL = 2.0**-8


UNITS = (SMALL, 0.125, 16.0)


def _loss(points: Sequence[tuple[float, float]], w: float, b: float) -> float:
    """Return the mean squared error over some points (x, y) in plain Python, one point after the other."""
    return sum((w * x + b - y) ** 2 for x, y in points) / len(points)


def _slopes(points: Sequence[tuple[float, float]], w: float, b: float) -> tuple[float, float]:
    """Return the gradient of the loss over some points, from values of the loss only.

    The loss is a parabola in w and a parabola in b, so its slope is the difference of its values one unit to the
    right and one unit to the left, divided by 2, exactly.
    """
    along_w = (_loss(points, w + 1, b) - _loss(points, w - 1, b)) / 2
    along_b = (_loss(points, w, b + 1) - _loss(points, w, b - 1)) / 2
    return along_w, along_b


def _pairs(x: Tensor, y: Tensor) -> list[tuple[float, float]]:
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _error_size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the natural size of one error: losses are compared with its square, for a loss itself may be 0."""
    return largest(y) + abs(w) * largest(x) + abs(b)
