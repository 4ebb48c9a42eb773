"""What the exercises of the lesson share: their points, and the loss and its slopes in plain Python."""

import torch
from torch import Tensor

from grader.authoring import largest, row

Pair = tuple[float, float]
Points = tuple[Tensor, Tensor]

# Neither x nor y has mean 0, and no two mistakes agree on these points.
POINTS = (row(1.0, 2.0, 4.0), row(3.0, -1.0, 2.5))

# In so small a unit, rounding to three or four decimals shows. A power of two adds no rounding error of its own.
SMALL = 2.0**-8
UNITS = (SMALL, 0.125, 16.0)


def line_loss(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the mean squared error in plain Python, one point after the other."""
    errors: list[float] = [target - (w * point + b) for point, target in zip(x.tolist(), y.tolist(), strict=True)]
    return sum(error * error for error in errors) / len(errors)


def line_slopes(x: Tensor, y: Tensor, w: float, b: float) -> Pair:
    """Return both slopes from values of the loss alone.

    The loss is a parabola in w and a parabola in b, so the slope is half the difference of its values one unit to
    either side, exactly.
    """
    return (
        (line_loss(x, y, w + 1, b) - line_loss(x, y, w - 1, b)) / 2,
        (line_loss(x, y, w, b + 1) - line_loss(x, y, w, b - 1)) / 2,
    )


def error_size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the natural size of one error: slopes and losses are compared with it, for they themselves may be 0."""
    return largest(y) + abs(w) * largest(x) + abs(b)


def slope_size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the natural size of a slope, the mean of errors or of errors times inputs."""
    return error_size(x, y, w, b) * (1 + largest(x))


def forty_points() -> Points:
    """Return the forty points of the lesson: inputs from -1 to 1, around the line 2 * x + 1."""
    x = torch.linspace(-1, 1, 40, dtype=torch.float64)
    return x, 2 * x + 1 + 0.3 * torch.randn(40, generator=torch.Generator().manual_seed(42))
