"""What several exercises of the lesson use."""

import torch
from torch import Tensor

from grader.authoring import largest, row

# Neither x nor y has the mean 0, and no two mistakes agree on these points.
POINTS = (row(1.0, 2.0, 4.0), row(3.0, -1.0, 2.5))


# Multiplied by it, no number keeps a digit that is rounded to three or four decimals. A power of two adds no error.
SMALL = 2.0**-8


UNITS = (SMALL, 0.125, 16.0)


def _loss(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the mean squared error in plain Python, one point after the other."""
    errors: list[float] = [target - (w * point + b) for point, target in zip(x.tolist(), y.tolist(), strict=True)]
    return sum(error * error for error in errors) / len(errors)


def _slopes(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Return both slopes from values of the loss alone.

    The loss is a parabola in w and a parabola in b, so the slope is half the difference of its values one unit to
    either side, exactly.
    """
    return (
        (_loss(x, y, w + 1, b) - _loss(x, y, w - 1, b)) / 2,
        (_loss(x, y, w, b + 1) - _loss(x, y, w, b - 1)) / 2,
    )


def _error_size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the natural size of one error: slopes and losses are compared with it, for they themselves may be 0."""
    return largest(y) + abs(w) * largest(x) + abs(b)


def _slope_size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    return _error_size(x, y, w, b) * (1 + largest(x))


def _data() -> tuple[Tensor, Tensor]:
    """Return the forty points of the lesson: inputs from -1 to 1, around the line 2 * x + 1."""
    x = torch.linspace(-1, 1, 40, dtype=torch.float64)
    noise = torch.randn(40, generator=torch.Generator().manual_seed(42))
    return x, 2 * x + 1 + 0.3 * noise
