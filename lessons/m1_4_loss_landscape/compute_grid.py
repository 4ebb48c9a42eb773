"""Entry [i, j] of the grid is the mean squared error of one line, so the landscape is a bowl of known curvature."""

from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from torch import Tensor

from grader.authoring import (
    LOSS32,
    StudentFunction,
    assert_at_most,
    assert_close,
    data_sets,
    numbers,
    predict,
    row,
    variant,
    vectors,
)

from .shared import PAIRS, POINTS, SMALL, UNITS, Data, Pair, loss_of, size_of

AXIS = vectors(max_size=5)
WEIGHTS, BIASES = row(0.5, 2.0), row(-1.0, 0.0, 1.5)


@given(data=data_sets(), w_values=AXIS, b_values=AXIS, unit=UNITS)
@example(data=POINTS, w_values=WEIGHTS, b_values=BIASES, unit=1.0)
@example(data=POINTS, w_values=WEIGHTS, b_values=BIASES, unit=SMALL)
def test_every_entry(
    compute_grid: StudentFunction, data: Data, w_values: Tensor, b_values: Tensor, unit: float
) -> None:
    """Entry [i, j] is the mean squared error of the line with the weight w_values[i] and the bias b_values[j].

    The expected numbers come from plain Python, one point and one pair at a time.
    """
    x, y, w_values, b_values = data[0], unit * data[1], unit * w_values, unit * b_values
    expected = [[loss_of(x, y, w, b) for b in b_values.tolist()] for w in w_values.tolist()]
    losses = compute_grid(x, y, w_values, b_values)
    assert_close(losses, expected, tolerance=LOSS32, scale=size_of(x, y, w_values, b_values))


@given(data=data_sets(), w_values=AXIS, b_values=AXIS)
@example(data=POINTS, w_values=WEIGHTS, b_values=BIASES)
def test_points_repeated(compute_grid: StudentFunction, data: Data, w_values: Tensor, b_values: Tensor) -> None:
    """The loss is a mean: taking every point twice, in another order, leaves the landscape as it is.

    Twice as many errors are added up, and their sum is divided by twice as many points.
    """
    x, y = data
    size = size_of(x, y, w_values, b_values)
    losses = compute_grid(x, y, w_values, b_values)
    twice = compute_grid(torch.cat([x, x.flip(0)]), torch.cat([y, y.flip(0)]), w_values, b_values)
    says = "With every point taken twice, the landscape changes."
    assert_close(twice, losses, tolerance=LOSS32, scale=size, says=says)


@given(data=data_sets(), w_values=AXIS, b_values=AXIS)
@example(data=POINTS, w_values=row(0.5, 2.0, 3.0), b_values=BIASES)
def test_axes_reversed(compute_grid: StudentFunction, data: Data, w_values: Tensor, b_values: Tensor) -> None:
    """Rows belong to weights and columns to biases: reversing w_values reverses the rows, and b_values the columns.

    An entry depends on its own pair only, wherever the pair stands, so the values may come in any order.
    """
    size = size_of(*data, w_values, b_values)
    losses = compute_grid(*data, w_values, b_values)
    weights_reversed = compute_grid(*data, w_values.flip(0), b_values)
    says = "Reversing w_values does not reverse the rows and leave the columns alone."
    assert_close(weights_reversed, losses.flip(0), tolerance=LOSS32, scale=size, says=says)
    biases_reversed = compute_grid(*data, w_values, b_values.flip(0))
    says = "Reversing b_values does not reverse the columns and leave the rows alone."
    assert_close(biases_reversed, losses.flip(1), tolerance=LOSS32, scale=size, says=says)


@given(data=data_sets(), w_values=AXIS, b_values=AXIS, shift=numbers())
@example(data=POINTS, w_values=WEIGHTS, b_values=BIASES, shift=1.0)
def test_data_shifted_and_mirrored(
    compute_grid: StudentFunction, data: Data, w_values: Tensor, b_values: Tensor, shift: float
) -> None:
    """Only the errors count: adding the same number to y and b, or negating both x and w, changes nothing.

    (y + c) - (w x + b + c) and y - ((-w)(-x) + b) are both y - (w x + b).
    """
    x, y = data
    size = size_of(x, y, w_values, b_values) + size_of(x, y + shift, w_values, b_values + shift)
    losses = compute_grid(x, y, w_values, b_values)
    shifted = compute_grid(x, y + shift, w_values, b_values + shift)
    says = f"With {shift} added to y and to b_values, the landscape changes."
    assert_close(shifted, losses, tolerance=LOSS32, scale=size, says=says)
    mirrored = compute_grid(-x, y, -w_values, b_values)
    says = "With x and w_values negated, the landscape changes."
    assert_close(mirrored, losses, tolerance=LOSS32, scale=size, says=says)


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_curvature(compute_grid: StudentFunction, data: Data, w: float, b: float) -> None:
    """The curvature is the same everywhere: second differences are 2 * mean(x**2) along w and 2 along b.

    The loss is a quadratic function of w and of b, so on a grid of spacing 1 its second difference is its second
    derivative exactly.
    """
    w_values, b_values = w + row(0, 1, 2), b + row(0, 1, 2, 3)
    size = size_of(*data, w_values, b_values)
    losses = compute_grid(*data, w_values, b_values)
    along_w, along_b = losses.diff(n=2, dim=0), losses.diff(n=2, dim=1)
    bend = torch.full(along_w.shape, 2 * float((data[0] ** 2).mean()))
    says = "Along w, the second differences of the losses are not 2 * mean(x**2)."
    assert_close(along_w, bend, tolerance=10 * LOSS32, scale=size, says=says)
    says = "Along b, the second differences of the losses are not 2."
    assert_close(along_b, torch.full(along_b.shape, 2.0), tolerance=10 * LOSS32, scale=size, says=says)


@given(data=data_sets(), one_end=PAIRS, other_end=PAIRS)
@example(data=POINTS, one_end=(0.0, -1.0), other_end=(2.0, 2.0))
def test_convex(compute_grid: StudentFunction, data: Data, one_end: Pair, other_end: Pair) -> None:
    """The loss is convex: halfway along any line it is at most the average of the ends.

    It is a mean of squares of functions that are linear in w and b, so it is a bowl without hills: every way downhill
    leads to the bottom. The diagonal of a 3 by 3 grid holds both ends and the middle.
    """
    ends = row(*one_end), row(*other_end)
    w_values, b_values = torch.stack([ends[0], (ends[0] + ends[1]) / 2, ends[1]], dim=1)
    first, middle, last = compute_grid(*data, w_values, b_values).diagonal()
    slack = LOSS32 * size_of(*data, w_values, b_values)
    says = "The loss halfway is above the average of the losses at the ends."
    assert_at_most(middle, (first + last) / 2, slack=slack, says=says)


@predict(
    answer="A long valley that runs diagonally: a larger w can be made up for by a smaller b.",
    because="When every x is positive, a steeper line lies too high everywhere, and a smaller b brings it down again."
    " The pairs (w, b) that nearly fit lie along a line that falls.",
    otherwise={
        "The same round bowl, only shifted.": "Shifting x does not shift the bowl: it shears it. w now moves all"
        " predictions up and down, as b does.",
        "A valley along w: b alone matters.": "Both matter. What hardly matters is a certain change of both at once.",
        "Several valleys, one for each point.": "The mean of squared errors of a line is a bowl with one lowest place,"
        " wherever the points lie: it is convex.",
    },
)
def shifted_points(compute_grid: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]) -> dict[str, Tensor]:
    """The three points move to x = 3, 4 and 5, still on y = 2 x + 1.

    In the picture a row is a value of w, from 0 to 4, and a column is a value of b, from -9 to 11. What does the
    landscape over (w, b) look like?
    """
    x, w_values, b_values = row(3, 4, 5), torch.linspace(0, 4, 17), torch.linspace(-9, 11, 17)
    losses = compute_grid(x, 2 * x + 1, w_values, b_values)
    best_b = b_values[losses.argmin(dim=1)]
    assert bool((best_b.diff() <= 0).all())
    assert float(best_b[0] - best_b[-1]) > 10
    # The darker the cell, the smaller the loss: without the root the valley would be one dark blot.
    return {"w": w_values, "b": b_values, "root of the loss": losses.sqrt()}


# Right answers in other styles


@variant
def double_loop(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """A double loop into torch.zeros."""
    losses = torch.zeros(len(w_values), len(b_values))
    for i, w in enumerate(w_values):
        for j, b in enumerate(b_values):
            losses[i, j] = ((w * x + b - y) ** 2).mean()
    return losses


@variant
def plain_python(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """No tensor arithmetic at all: one number after the other, and a tensor of them at the end."""
    return torch.tensor([[loss_of(x, y, w, b) for b in b_values.tolist()] for w in w_values.tolist()])


@variant
def meshgrid_xy(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """The meshgrid in the "xy" order, transposed at the end."""
    w_grid, b_grid = torch.meshgrid(w_values, b_values, indexing="xy")
    return (w_grid[..., None] * x + b_grid[..., None] - y).pow(2).mean(-1).T


@variant
def matrix_product(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """All lines at once as one matrix product of (x, 1) and (w, b)."""
    design = torch.stack([x, torch.ones_like(x)], dim=1)
    residuals = design @ torch.cartesian_prod(w_values, b_values).reshape(-1, 2).T - y[:, None]
    return residuals.square().mean(dim=0).view(len(w_values), len(b_values))


@variant
def moments(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """The square multiplied out: five means of the data, so that each point is read only once."""
    w, b = w_values[:, None], b_values[None, :]
    squares = w * w * (x * x).mean() + b * b + (y * y).mean()
    return squares + 2 * w * b * x.mean() - 2 * w * (x * y).mean() - 2 * b * y.mean()


@variant
def numpy_inside(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """NumPy does the arithmetic, and a tensor is made of its array."""
    w_grid, b_grid = np.meshgrid(w_values.numpy(), b_values.numpy(), indexing="ij")
    return torch.from_numpy(np.mean((y.numpy() - w_grid[..., None] * x.numpy() - b_grid[..., None]) ** 2, axis=-1))


@variant
def vmap(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """One loss for one pair, mapped over both axes by vmap."""

    def loss(w: Tensor, b: Tensor) -> Tensor:
        return torch.mean((y - (w * x + b)) ** 2)

    losses: Tensor = torch.vmap(torch.vmap(loss, in_dims=(None, 0)), in_dims=(0, None))(w_values, b_values)
    return losses
