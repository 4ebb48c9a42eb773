"""The slice is one column of the landscape: the loss of every weight at a fixed bias, a parabola."""

import numpy as np
import torch
from hypothesis import example, given
from matplotlib.axes import Axes
from torch import Tensor

from grader.authoring import (
    LOSS32,
    StudentFunction,
    assert_at_most,
    assert_close,
    data_sets,
    numbers,
    picture,
    row,
    variant,
    vectors,
)

from .shared import POINTS, SMALL, UNITS, Data, loss_of, size_of


@given(data=data_sets(), w_values=vectors(max_size=5), b=numbers(), unit=UNITS)
@example(data=POINTS, w_values=row(0.5, 2.0, -1.0), b=1.5, unit=1.0)
@example(data=POINTS, w_values=row(0.5, 2.0, -1.0), b=1.5, unit=SMALL)
def test_column_of_the_landscape(
    fixed_bias_slice: StudentFunction, data: Data, w_values: Tensor, b: float, unit: float
) -> None:
    """The slice is the column of the landscape that belongs to the bias b: entry i is the loss of (w_values[i], b).

    The expected numbers come from plain Python, one point and one weight at a time.
    """
    x, y, w_values, b = data[0], unit * data[1], unit * w_values, unit * b
    expected = [loss_of(x, y, w, b) for w in w_values.tolist()]
    losses = fixed_bias_slice(x, y, w_values, b)
    assert_close(losses, expected, tolerance=LOSS32, scale=size_of(x, y, w_values, b))


@given(data=data_sets().filter(lambda data: bool(data[0].any())), b=numbers(), distance=numbers(1, 5))
@example(data=POINTS, b=1.5, distance=1.0)
def test_parabola(fixed_bias_slice: StudentFunction, data: Data, b: float, distance: float) -> None:
    """The slice is a parabola: k to either side of its lowest point it is higher by exactly k**2 * mean(x**2).

    At a fixed bias the loss is mean(x**2) * (w - lowest)**2 + rest, with lowest = mean(x * (y - b)) / mean(x**2).
    """
    x, y = data
    bend = float((x**2).mean())
    lowest = float((x * (y - b)).mean()) / bend
    w_values = lowest + distance * row(-1, 0, 1)
    left, bottom, right = fixed_bias_slice(x, y, w_values, b)
    size = size_of(x, y, w_values, b)
    says = f"{distance} to the left and to the right of the lowest point, the losses differ."
    assert_close(left, right, tolerance=LOSS32, scale=size, says=says)
    says = f"{distance} away from the lowest point, the loss is not higher by {distance}**2 * mean(x**2)."
    assert_close(right - bottom, distance**2 * bend, tolerance=LOSS32, scale=size, says=says)


@given(data=data_sets(), beside=vectors(max_size=5, low=-2, high=2), b_beside=numbers(-2, 2))
@example(data=POINTS, beside=row(0.0, 0.5), b_beside=0.0)
def test_never_below_the_bottom(fixed_bias_slice: StudentFunction, data: Data, beside: Tensor, b_beside: float) -> None:
    """No slice goes below the bottom of the bowl, the loss of the best line of all.

    A slice is part of the landscape, so its lowest point cannot be lower than the bottom.
    """
    x, y = data
    spread = ((x - x.mean()) ** 2).mean()
    best_w = float(((x - x.mean()) * y).mean() / spread) if spread > 0 else 0.0
    best_b = float(y.mean() - best_w * x.mean())
    w_values, b = best_w + beside, best_b + b_beside
    losses = fixed_bias_slice(x, y, w_values, b)
    slack = LOSS32 * size_of(x, y, w_values, b)
    says = f"The slice goes below the bottom of the bowl, which is at w = {best_w:.6g}, b = {best_b:.6g}."
    assert_at_most(torch.full(losses.shape, loss_of(x, y, best_w, best_b)), losses, slack=slack, says=says)


@picture
def axes_of_fixed_bias_slice(axes: Axes, **_: object) -> None:
    """Say what the values are."""
    axes.set(ylabel="loss")


# Right answers in other styles


@variant
def loop(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """A list of numbers, one for each weight, made a tensor at the end."""
    losses = []
    for w in w_values:
        loss = torch.mean((y - (w * x + b)) ** 2)
        losses.append(loss.item())
    return torch.tensor(losses)


@variant
def completed_square(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """The parabola around its lowest point, with a special case for a flat one."""
    rest, bend = y - b, (x * x).mean()
    if bend == 0:
        return (rest * rest).mean().expand(w_values.shape).clone()
    lowest = (x * rest).mean() / bend
    return bend * (w_values - lowest) ** 2 + ((rest - lowest * x) ** 2).mean()


@variant
def variance(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """The mean of squares as the variance plus the square of the mean."""
    errors = y - b - w_values[:, None] * x
    return errors.var(dim=-1, unbiased=False) + errors.mean(dim=-1) ** 2


@variant
def numpy_inside(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """NumPy does the arithmetic, and a tensor is made of its array."""
    errors = y.numpy()[None, :] - (np.outer(w_values.numpy(), x.numpy()) + b)
    return torch.from_numpy((errors**2).mean(axis=1))
