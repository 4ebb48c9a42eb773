"""What several exercises of the lesson use."""

import torch
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import Numbers, largest, numbers, row

Data = tuple[Tensor, Tensor]
"""The inputs x and the targets y, both of shape (N,)."""
Pair = tuple[float, float]
"""A point (w, b) of the landscape."""
Walk = list[Pair]

# Neither x nor y has mean 0, and no two mistakes agree on these points.
POINTS = (row(1.0, 2.0, 4.0), row(3.0, -1.0, 2.5))

SMALL = 2.0**-6
UNITS = st.sampled_from([1.0, SMALL])
"""The units of y, w and b: rounding to a few decimals wipes out the digits of small numbers."""
PAIRS = st.tuples(numbers(), numbers())

# As many weights as biases, so that matplotlib cannot notice exchanged axes; and fewer weights than biases.
SQUARE = (row(0.0, 1.0, 2.5), row(-1.0, 0.5, 2.0), torch.stack([row(7, 4, 5), row(2, 0.5, 3), row(1, 6, 8)]))
WIDE = (row(0.0, 1.0), row(-1.0, 0.5, 2.0), torch.stack([row(7, 4, 5), row(2, 0.5, 3)]))
PATH = [(2.5, 2.0), (0.5, 1.5), (1.25, 0.0), (1.0, 0.25)]


def loss_of(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the mean squared error in plain Python, one point after the other."""
    errors: list[float] = [target - (w * point + b) for point, target in zip(x.tolist(), y.tolist(), strict=True)]
    return sum(error * error for error in errors) / len(errors)


def size_of(x: Tensor, y: Tensor, weights: Numbers, biases: Numbers) -> float:
    """Return the natural size of one squared error: losses are compared with it, because a loss itself may be 0."""
    return (largest(y) + largest(weights) * largest(x) + largest(biases)) ** 2
