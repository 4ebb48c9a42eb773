"""gradient_step returns (w, b) after one step of gradient descent, with both slopes taken at the old point."""

import math
from collections.abc import Callable
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import LOSS32, StudentFunction, assert_at_most, assert_close, data_sets, numbers, predict, variant

from .shared import POINTS, SMALL, UNITS, Pair, Points, error_size, forty_points, line_loss, line_slopes, slope_size

# The line w = 0.5, b = -1 almost fits them: its slopes are small, and it has to take a step all the same.
ALMOST = (POINTS[0], torch.tensor([-0.5 + 2**-14, -(2**-15), 1.0 + 2**-14]))

# In this unit every slope and every loss is below any threshold: code that stops early or skips small steps fails.
TINY = 2.0**-30

PACES = st.sampled_from((0.25, 0.5, 0.75, 0.9375))


def _learning_rate(x: Tensor, pace: float) -> float:
    """Return a learning rate at which the descent arrives, for a pace below 1.

    The limit is 2 / (largest curvature), and the largest curvature lies between half and all of the sum of both, which
    is 2 * mean(x**2) + 2. A power of two keeps failing calls readable.
    """
    return pace * 2.0 ** math.floor(-math.log2(float((x**2).mean()) + 1))


def _step_size(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> float:
    return abs(w) + abs(b) + lr * slope_size(x, y, w, b)


@given(data=data_sets(), w=numbers(), b=numbers(), pace=PACES)
@example(data=POINTS, w=0.5, b=-1.0, pace=0.75)
@example(data=ALMOST, w=0.5, b=-1.0, pace=0.75)
def test_against_the_slopes(gradient_step: StudentFunction, data: Points, w: float, b: float, pace: float) -> None:
    """The step ends at (w - lr * slope along w, b - lr * slope along b), with both slopes taken at the old (w, b).

    The expected slopes are computed in plain Python, from values of the loss alone.
    """
    x, y = data
    lr = _learning_rate(x, pace)
    grad_w, grad_b = line_slopes(x, y, w, b)
    reached = gradient_step(x, y, w, b, lr)
    assert_close(reached, (w - lr * grad_w, b - lr * grad_b), scale=_step_size(x, y, w, b, lr))


@given(data=data_sets(), w=numbers(), b=numbers(), pace=PACES, factor=st.sampled_from((0, 2, 4)))
@example(data=POINTS, w=0.5, b=-1.0, pace=0.25, factor=2)
def test_straight_in_lr(
    gradient_step: StudentFunction, data: Points, w: float, b: float, pace: float, factor: int
) -> None:
    """Twice the learning rate, twice as far: the slopes are taken before anything moves, so they do not depend on lr.

    For the same reason nothing moves with a learning rate of 0.
    """
    x, y = data
    lr = _learning_rate(x, pace)
    (near_w, near_b), (far_w, far_b) = gradient_step(x, y, w, b, lr), gradient_step(x, y, w, b, factor * lr)
    longer_way, expected = (far_w - w, far_b - b), (factor * (near_w - w), factor * (near_b - b))
    says = f"With {factor} times the learning rate, the step does not go {factor} times as far."
    assert_close(longer_way, expected, scale=_step_size(x, y, w, b, (1 + factor) * lr), says=says)


@given(data=data_sets(min_size=2), pace=PACES)
@example(data=POINTS, pace=0.75)
def test_rests_at_the_bottom(gradient_step: StudentFunction, data: Points, pace: float) -> None:
    """No step leads away from the best line, although its errors are not 0.

    There the mean of the errors is 0, and so is the mean of their products with x. The step shrinks with the slopes.
    """
    x, y = data
    centred = x.double() - x.double().mean()
    spread = float((centred**2).mean())
    w = float((centred * y).mean()) / spread if spread > 0 else 0.0
    b = float((y.double() - w * x).mean())
    lr = _learning_rate(x, pace)
    says = f"(w, b) is the best line, w = {w:.6g} and b = {b:.6g}, and the step leads away from it."
    assert_close(gradient_step(x, y, w, b, lr), (w, b), scale=_step_size(x, y, w, b, lr), says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), pace=PACES)
@example(data=POINTS, w=0.5, b=-1.0, pace=0.9375)
def test_downhill(gradient_step: StudentFunction, data: Points, w: float, b: float, pace: float) -> None:
    """With a learning rate below 2 / (largest curvature), a step never raises the loss.

    Against the slopes the loss falls at first. It rises only after a step so long that it crosses to the other side of
    the valley and ends higher there.
    """
    x, y = data
    reached = gradient_step(x, y, w, b, _learning_rate(x, pace))
    slack = LOSS32 * error_size(x, y, w, b) ** 2
    says = "After the step the loss is higher."
    assert_at_most(line_loss(x, y, *reached), line_loss(x, y, w, b), slack=slack, says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), pace=PACES, shift=numbers())
@example(data=POINTS, w=0.5, b=-1.0, pace=0.75, shift=1.0)
def test_step_shifted_and_mirrored(
    gradient_step: StudentFunction, data: Points, w: float, b: float, pace: float, shift: float
) -> None:
    """Raising y and b by c raises the new b by c; changing the signs of x and w changes the sign of the new w.

    The errors are the same, so the step is the same, only seen in a mirror or from another height.
    """
    x, y = data
    lr = _learning_rate(x, pace)
    size = _step_size(x, y, w, b, lr) + _step_size(x, y + shift, w, b + shift, lr)
    new_w, new_b = gradient_step(x, y, w, b, lr)
    shifted = gradient_step(x, y + shift, w, b + shift, lr)
    says = f"With {shift} added to y and to b, the step does not end {shift} higher along b."
    assert_close(shifted, (new_w, new_b + shift), scale=size, says=says)
    mirrored = gradient_step(-x, y, -w, b, lr)
    says = "With the signs of x and of w changed, the new w does not just change its sign."
    assert_close(mirrored, (-new_w, new_b), scale=size, says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), pace=PACES, unit=st.sampled_from(UNITS))
@example(data=POINTS, w=0.5, b=-1.0, pace=0.75, unit=SMALL)
@example(data=POINTS, w=0.5, b=-1.0, pace=0.75, unit=TINY)
def test_step_in_another_unit(
    gradient_step: StudentFunction, data: Points, w: float, b: float, pace: float, unit: float
) -> None:
    """In another unit, with y, w and b all s times as large, the new w and b are s times as large.

    A step depends on the numbers of the call alone: however small it is, take it, and do not round or limit anything.
    """
    x, y = data
    lr = _learning_rate(x, pace)
    expected = [unit * parameter for parameter in gradient_step(x, y, w, b, lr)]
    converted = gradient_step(x, unit * y, unit * w, unit * b, lr)
    says = f"With y, w and b multiplied by {unit}, the new w and b are not {unit} times as large."
    assert_close(converted, expected, scale=unit * _step_size(x, y, w, b, lr), says=says)


# Predictions

Step = Callable[[Tensor, Tensor, float, float, float], Pair]


def _walk(gradient_step: Step, lr: float) -> list[Pair]:
    x, y = forty_points()
    path = [(0.0, 0.0)]
    for _ in range(50):
        path.append(gradient_step(x, y, *path[-1], lr))
    return path


@predict(
    answer="The weight has covered less than a third of its way, and the bias less than two thirds.",
    because="A step multiplies the distance that is left by 1 - lr * curvature: 0.993 for the weight, whose curvature "
    "is 0.70, and 0.98 for the bias, whose curvature is 2. After 50 steps 70 % and 36 % are left.",
    otherwise={
        "Both have arrived: 50 steps are enough.": "How many steps are enough depends on the learning rate and the "
        "curvature. The slopes shrink on the way, so the steps do too.",
        "Both have covered half of their way: 50 steps of 0.01 make 0.5.": "The learning rate is not the length of a "
        "step. It multiplies the slope, which is different for w and for b and becomes smaller with every step.",
        "Nothing to speak of: 0.01 is too small to move anything.": "Every step takes off a fixed part of what is "
        "left, here 2 % for the bias, and small parts add up.",
    },
)
def small_learning_rate(gradient_step: Step) -> dict[str, Tensor]:
    """40 inputs from -1 to 1, targets around 2 * x + 1: how far do 50 steps with lr = 0.01 get from w = 0, b = 0?"""
    path = torch.tensor(_walk(gradient_step, 0.01))
    made_w, made_b = (path[-1] / torch.tensor([2.0027, 1.0266])).tolist()
    assert 0.25 < made_w < 1 / 3
    assert 0.6 < made_b < 2 / 3
    return {"step": torch.arange(51), "weight w": path[:, 0]}


@predict(
    answer="The weight arrives, and the bias jumps between two values for ever.",
    because="The inputs have mean 0, so w and b do not interfere with each other. A step multiplies the distance that "
    "is left by 1 - 1.0 * 0.70 = 0.30 for the weight, and by 1 - 1.0 * 2 = -1 for the bias: as far off as before, on "
    "the other side.",
    otherwise={
        "Both arrive, only sooner than with lr = 0.1.": "That holds up to a point. A longer step gets closer as long "
        "as it stays on its side of the valley; the one along b crosses to the same height on the other side.",
        "Both diverge: 1.0 is far too large.": "Nothing diverges unless lr * curvature is above 2. Along w it is "
        "0.70, and along b it is exactly 2.",
        "Both jump between two values for ever.": "Each direction has a curvature of its own, and so a limit of its "
        "own. Only the bias is exactly at its limit.",
    },
)
def learning_rate_1(gradient_step: Step) -> list[Pair]:
    """40 inputs from -1 to 1, targets around 2 * x + 1: what do w and b do in 50 steps with lr = 1.0 from 0, 0?"""
    path = _walk(gradient_step, 1.0)
    (w_before, b_before), (w, b) = path[-2:]
    assert abs(w - w_before) < 1e-9
    assert abs(w - 2.0027) < 1e-3
    assert abs(b - path[0][1]) < 1e-6
    assert abs(b_before - path[1][1]) < 1e-6
    assert abs(b_before - b) > 2
    return path


# Right answers in other styles


@variant
def one_expression(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """The slopes stand where they are subtracted."""
    error = w * x + b - y
    return w - lr * 2 * float((error * x).mean()), b - lr * 2 * float(error.mean())


@variant
def autograd_in_place(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> Any:
    """PyTorch's usual loop: backward, then a change in place; returns tensors without dimensions."""
    weight, bias = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)
    loss: Tensor = ((weight * x + bias - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        assert weight.grad is not None
        assert bias.grad is not None
        weight -= lr * weight.grad
        bias -= lr * bias.grad
    return weight.detach(), bias.detach()


@variant
def sgd(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """torch.optim.SGD makes the step."""
    theta = torch.tensor([w, b], dtype=x.dtype, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=lr)
    loss: Tensor = torch.nn.functional.mse_loss(theta[0] * x + theta[1], y)
    loss.backward()
    optimizer.step()
    return theta[0].item(), theta[1].item()


@variant
def vector(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> Any:
    """Both parameters in one vector, by a column of ones; the result is one tensor."""
    X = torch.stack([x, torch.ones_like(x)], dim=1)
    theta = torch.tensor([w, b], dtype=x.dtype)
    return theta - lr * 2 / len(x) * (X.T @ (X @ theta - y))


@variant
def as_list(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> Any:
    """The result is a list, and the error is y minus the prediction."""
    error = y - (w * x + b)
    return [w + lr * 2 * (error * x).mean().item(), b + lr * 2 * error.mean().item()]
