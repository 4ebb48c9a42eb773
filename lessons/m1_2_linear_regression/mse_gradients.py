"""mse_gradients returns the slopes of the mean squared error of a line, along w and along b."""

from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import LOSS32, StudentFunction, assert_at_most, assert_close, data_sets, numbers, variant, vectors

from .shared import POINTS, SMALL, UNITS, Pair, Points, error_size, line_loss, line_slopes, slope_size

PAIRS = st.tuples(numbers(), numbers())


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_slopes_of_the_loss(mse_gradients: StudentFunction, data: Points, w: float, b: float) -> None:
    """The two numbers are the slopes of the loss at (w, b): along w first, then along b.

    The expected slopes are computed in plain Python, from values of the loss alone. The loss is a parabola in w and a
    parabola in b, and the slope of a parabola is half the difference of its values one unit to either side, exactly.
    """
    x, y = data
    assert_close(mse_gradients(x, y, w, b), line_slopes(x, y, w, b), scale=slope_size(x, y, w, b))


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_points_repeated(mse_gradients: StudentFunction, data: Points, w: float, b: float) -> None:
    """The slopes are means: taking every point twice, in another order, does not change them.

    Twice as many products are added up, and their sum is divided by twice as many points.
    """
    x, y = data
    slopes = mse_gradients(x, y, w, b)
    twice = mse_gradients(torch.cat([x, x.flip(0)]), torch.cat([y, y.flip(0)]), w, b)
    says = "With every point taken twice, the slopes change."
    assert_close(twice, slopes, scale=slope_size(x, y, w, b), says=says)


@given(x=vectors(), w=numbers(), b=numbers())
@example(x=POINTS[0], w=0.5, b=-1.0)
def test_flat_where_all_errors_are_zero(mse_gradients: StudentFunction, x: Tensor, w: float, b: float) -> None:
    """A line that runs through every point leaves nothing to correct: both slopes are 0.

    Every error is 0, and so is every product with an error.
    """
    y = w * x + b
    says = "The line runs through every point, and the slopes are not 0."
    assert_close(mse_gradients(x, y, w, b), (0.0, 0.0), scale=slope_size(x, y, w, b), says=says)


@given(data=data_sets(), one=PAIRS, other=PAIRS)
@example(data=POINTS, one=(0.5, -1.0), other=(2.5, 3.0))
def test_halfway(mse_gradients: StudentFunction, data: Points, one: Pair, other: Pair) -> None:
    """Halfway between two lines, the slopes are halfway between theirs.

    The errors are linear in w and b, and the slopes are linear in the errors. That is why you can compute a descent on
    a line as many steps ahead as you like.
    """
    x, y = data
    ends = mse_gradients(x, y, *one), mse_gradients(x, y, *other)
    slopes = mse_gradients(x, y, (one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    size = slope_size(x, y, *one) + slope_size(x, y, *other)
    says = "The slopes halfway are not the mean of the slopes at the ends."
    assert_close(slopes, [sum(pair) / 2 for pair in zip(*ends, strict=True)], scale=size, says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), shift=numbers())
@example(data=POINTS, w=0.5, b=-1.0, shift=1.0)
def test_data_shifted_and_mirrored(
    mse_gradients: StudentFunction, data: Points, w: float, b: float, shift: float
) -> None:
    """Raising y and b alike changes nothing; changing the signs of x and w changes only the sign of the slope along w.

    In both cases the errors stay the same. Only x, by which the slope along w multiplies them, changes its sign.
    """
    x, y = data
    size = slope_size(x, y, w, b) + slope_size(x, y + shift, w, b + shift)
    grad_w, grad_b = mse_gradients(x, y, w, b)
    shifted = mse_gradients(x, y + shift, w, b + shift)
    says = f"With {shift} added to y and to b, the slopes change."
    assert_close(shifted, (grad_w, grad_b), scale=size, says=says)
    mirrored = mse_gradients(-x, y, -w, b)
    says = "With the signs of x and of w changed, the slope along w does not just change its sign."
    assert_close(mirrored, (-grad_w, grad_b), scale=size, says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), move=PAIRS)
@example(data=POINTS, w=0.5, b=-1.0, move=(0.25, 0.25))
@example(data=POINTS, w=0.5, b=-1.0, move=(-0.25, -0.25))
@example(data=POINTS, w=0.5, b=-1.0, move=(0.25, -0.5))
@example(data=POINTS, w=0.5, b=-1.0, move=(-0.25, 0.5))
def test_above_the_tangent(mse_gradients: StudentFunction, data: Points, w: float, b: float, move: Pair) -> None:
    """After any move of w and b, the loss is at least what the slopes promise: it never dips below its tangent.

    A bowl lies above the plane that touches it. So a move in a direction in which the slopes point uphill gains
    nothing, which is why descent goes against them.
    """
    x, y = data
    grad_w, grad_b = mse_gradients(x, y, w, b)
    promised = line_loss(x, y, w, b) + move[0] * grad_w + move[1] * grad_b
    reached = line_loss(x, y, w + move[0], b + move[1])
    slack = LOSS32 * (error_size(x, y, w, b) + error_size(x, y, *move)) ** 2
    says = f"After a move by {move} the loss is lower than the slopes at (w, b) allow."
    assert_at_most(promised, reached, slack=slack, says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), unit=st.sampled_from(UNITS))
@example(data=POINTS, w=0.5, b=-1.0, unit=SMALL)
def test_in_another_unit(mse_gradients: StudentFunction, data: Points, w: float, b: float, unit: float) -> None:
    """In another unit, with y, w and b all s times as large, both slopes are s times as large.

    Small slopes are as exact as large ones: nothing is rounded, cut off or added for safety.
    """
    x, y = data
    expected = [unit * slope for slope in mse_gradients(x, y, w, b)]
    converted = mse_gradients(x, unit * y, unit * w, unit * b)
    says = f"With y, w and b multiplied by {unit}, the slopes are not {unit} times as large."
    assert_close(converted, expected, scale=unit * slope_size(x, y, w, b), says=says)


# Right answers in other styles


@variant
def loop(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """A loop over the points, in plain Python."""
    grad_w, grad_b = 0.0, 0.0
    for point, target in zip(x.tolist(), y.tolist(), strict=True):
        error = w * point + b - target
        grad_w += 2 * error * point / len(x)
        grad_b += 2 * error / len(x)
    return grad_w, grad_b


@variant
def autograd(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """PyTorch differentiates, and the parameters are float32."""
    weight, bias = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)
    loss: Tensor = ((weight * x + bias - y) ** 2).mean()
    loss.backward()
    assert weight.grad is not None
    assert bias.grad is not None
    return weight.grad.item(), bias.grad.item()


@variant
def func_grad(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """The gradient as a function of the parameters, by torch.func."""

    def loss(theta: Tensor) -> Tensor:
        return torch.nn.functional.mse_loss(theta[0] * x + theta[1], y)

    gradient: Tensor = torch.func.grad(loss)(torch.tensor([w, b], dtype=x.dtype))
    return gradient[0].item(), gradient[1].item()


@variant
def float32(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Everything is float32 inside."""
    x, y = x.float(), y.float()
    error = w * x + b - y
    return float((2 * error * x).sum() / len(x)), float((2 * error).sum() / len(x))


@variant
def numpy(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """NumPy inside."""
    points = x.numpy()
    error = w * points + b - y.numpy()
    return float(2 * np.mean(error * points)), float(2 * np.mean(error))


@variant
def one_tensor(x: Tensor, y: Tensor, w: float, b: float) -> Any:
    """Both slopes come in one tensor."""
    error = y - (w * x + b)
    return torch.stack([-2 * (error * x).mean(), -2 * error.mean()])


@variant
def moments(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Multiplied out: five means of the data, and no errors at all."""
    mean_x, mean_y, mean_xx, mean_xy = x.mean(), y.mean(), (x * x).mean(), (x * y).mean()
    return 2 * float(w * mean_xx + b * mean_x - mean_xy), 2 * float(w * mean_x + b - mean_y)


@variant
def central_difference(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Differences of float64 losses, which are exact for a parabola."""

    def loss(w: float, b: float) -> float:
        return float(((w * x.double() + b - y) ** 2).mean())

    return (loss(w + 1, b) - loss(w - 1, b)) / 2, (loss(w, b + 1) - loss(w, b - 1)) / 2
