"""Row i of `per_sample_gradients` is the gradient of the squared error of point i alone."""

import numpy
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    LOSS32,
    StudentFunction,
    as_tensor,
    assert_at_most,
    assert_close,
    data_sets,
    largest,
    numbers,
    variant,
)

from .shared import POINTS, SMALL, UNITS, Data, error_size, pairs, slopes


def _row_size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the natural size of an entry of the gradients: an error times an input, or an error alone."""
    return 2 * error_size(x, y, w, b) * (1 + largest(x))


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_every_row(per_sample_gradients: StudentFunction, data: Data, w: float, b: float) -> None:
    """Row i is the gradient of the squared error of point i alone: the slope along w, then the slope along b.

    The expected slopes come from plain Python, one point at a time and from its squared errors only: on a parabola the
    slope is exactly half the difference between the values one unit to the right and one unit to the left.
    """
    x, y = data
    rows = per_sample_gradients(x, y, w, b)
    expected = [slopes([point], w, b) for point in pairs(x, y)]
    says = "A row is not the pair of slopes of its point, w first."
    assert_close(rows, expected, scale=_row_size(x, y, w, b), says=says)


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_mean_of_the_rows(per_sample_gradients: StudentFunction, data: Data, w: float, b: float) -> None:
    """The mean of all rows is the full gradient, the slopes of the mean squared error of all points.

    The derivative of a mean is the mean of the derivatives. That is why a batch can stand for the whole.
    """
    x, y = data
    rows = per_sample_gradients(x, y, w, b)
    says = "The mean of your rows is not the gradient of the mean squared error."
    assert_close(rows.mean(dim=0), slopes(pairs(x, y), w, b), scale=_row_size(x, y, w, b), says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), picks=st.lists(st.integers(0, 11), min_size=1, max_size=6))
@example(data=POINTS, w=0.5, b=-1.0, picks=[3, 1])
def test_own_point_only(
    per_sample_gradients: StudentFunction, data: Data, w: float, b: float, picks: list[int]
) -> None:
    """A row depends on its own point only: for some of the points, in any order, the rows are the same rows.

    So the gradient of a batch is the mean over the rows of its points, whatever else there is in the data.
    """
    x, y = data
    chosen = [pick % len(x) for pick in picks]
    rows = per_sample_gradients(x, y, w, b)
    some = per_sample_gradients(x[chosen], y[chosen], w, b)
    says = f"For the points {chosen} alone, in this order, the rows are not the rows {chosen} of all points."
    assert_close(some, rows[chosen], scale=_row_size(x, y, w, b), says=says)


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_columns(per_sample_gradients: StudentFunction, data: Data, w: float, b: float) -> None:
    """Column 0 is column 1 times x: the weight acts through x, the bias acts directly.

    That is the chain rule: the prediction w * x + b has the derivative x by w and the derivative 1 by b.
    """
    x, y = data
    rows = per_sample_gradients(x, y, w, b)
    says = "Column 0, the slopes along w, is not column 1, the slopes along b, times x."
    assert_close(rows[:, 0], rows[:, 1] * x, scale=_row_size(x, y, w, b) * (1 + x.abs()), says=says)


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_good_for_its_point(per_sample_gradients: StudentFunction, data: Data, w: float, b: float) -> None:
    """A small step against row i never takes the line further away from point i.

    The squared error of a point falls against its own gradient, whatever that does to the other points. The step here
    has the learning rate 1 / (4 * (x**2 + 1)), half of what brings the line exactly to the point.
    """
    x, y = data
    rows = as_tensor(per_sample_gradients(x, y, w, b))
    x = as_tensor(x)
    lr = 1 / (4 * (x**2 + 1))
    before = (w * x + b - y).abs()
    after = ((w - lr * rows[:, 0]) * x + (b - lr * rows[:, 1]) - y).abs()
    says = "After a small step against its own row, the error of a point is larger than before. After and before:"
    assert_at_most(after, before, slack=LOSS32 * error_size(x, y, w, b), says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), unit=st.sampled_from(UNITS))
@example(data=POINTS, w=0.5, b=-1.0, unit=SMALL)
def test_rows_in_another_unit(
    per_sample_gradients: StudentFunction, data: Data, w: float, b: float, unit: float
) -> None:
    """With y, w and b in another unit, s times as large, every row is s times as large.

    Small gradients are as exact as large ones: nothing is rounded, cut off or added for safety.
    """
    x, y = data
    expected = unit * as_tensor(per_sample_gradients(x, y, w, b))
    converted = per_sample_gradients(x, unit * y, unit * w, unit * b)
    says = f"With y, w and b multiplied by {unit}, the rows are not {unit} times as large."
    assert_close(converted, expected, scale=unit * _row_size(x, y, w, b), says=says)


@variant
def loop(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """A loop over the points, in plain Python."""
    rows = []
    for point, target in zip(x.tolist(), y.tolist(), strict=True):
        error = w * point + b - target
        rows.append([2 * error * point, 2 * error])
    return torch.tensor(rows)


@variant
def autograd(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """One call of backward() for every point, with float32 parameters."""
    rows = []
    for i in range(len(x)):
        theta = torch.tensor([w, b], requires_grad=True)
        squared_error = (theta[0] * x[i] + theta[1] - y[i]) ** 2
        squared_error.backward()
        assert theta.grad is not None
        rows.append(theta.grad)
    return torch.stack(rows)


@variant
def jacobian(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """The Jacobian of all squared errors at once, by autograd."""

    def squared_errors(theta: Tensor) -> Tensor:
        return (theta[0] * x + theta[1] - y) ** 2

    rows: Tensor = torch.autograd.functional.jacobian(squared_errors, torch.tensor([w, b], dtype=x.dtype))
    return rows


@variant
def broadcast(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """A column of errors times the matrix with the rows (x, 1)."""
    design = torch.stack([x, torch.ones_like(x)], dim=-1)
    return 2 * (design @ torch.tensor([w, b], dtype=x.dtype) - y)[:, None] * design


@variant
def float32(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """Everything in float32, written into a prepared tensor of zeros."""
    grads = torch.zeros(len(x), 2)
    error = (w * x + b - y).float()
    grads[:, 0] = 2 * error * x
    grads[:, 1] = 2 * error
    return grads


@variant
def numpy_style(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """The work done in NumPy."""
    inputs, targets = x.numpy(), y.numpy()
    error = w * inputs + b - targets
    return torch.from_numpy(numpy.column_stack([2 * error * inputs, 2 * error]))
