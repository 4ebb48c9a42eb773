"""What must hold in lesson 1.2: the slopes of the loss, a step against them, many features, the largest stable step."""

import math

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    LOSS32,
    Numbers,
    StudentFunction,
    as_tensor,
    assert_at_most,
    assert_close,
    data_sets,
    largest,
    numbers,
    row,
    vectors,
)

# Neither x nor y has the mean 0, and no two mistakes agree on these points.
POINTS = (row(1.0, 2.0, 4.0), row(3.0, -1.0, 2.5))
# The line w = 0.5, b = -1 all but fits them: its slopes are small, and a step is made all the same.
ALMOST = (row(1.0, 2.0, 4.0), row(-0.5 + 2**-14, -(2**-15), 1.0 + 2**-14))
# Multiplied by it, no number keeps a digit that is rounded to three or four decimals. A power of two adds no error.
SMALL = 2.0**-8
# Here no slope is above a threshold and no loss above a guard: what stops early or skips small steps shows itself.
TINY = 2.0**-30
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


# mse_gradients


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_slopes_of_the_loss(mse_gradients: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float) -> None:
    """The two numbers are the slopes of the loss at (w, b): along w first, then along b.

    The wanted slopes come from plain Python and from losses alone. The loss is a parabola in w and a parabola in b,
    and the slope of a parabola is half the difference of its values one unit to either side, exactly.
    """
    x, y = data
    slopes = mse_gradients(x, y, w, b)
    assert_close(slopes, _slopes(x, y, w, b), scale=_slope_size(x, y, w, b))


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_points_repeated(mse_gradients: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float) -> None:
    """The slopes are means: with every point taken twice, in another order, they are the same.

    Twice as many products are added up, and their sum is divided by twice as many points.
    """
    x, y = data
    slopes = mse_gradients(x, y, w, b)
    twice = mse_gradients(torch.cat([x, x.flip(0)]), torch.cat([y, y.flip(0)]), w, b)
    says = "With every point taken twice, the slopes are others."
    assert_close(twice, slopes, scale=_slope_size(x, y, w, b), says=says)


@given(x=vectors(), w=numbers(), b=numbers())
@example(x=POINTS[0], w=0.5, b=-1.0)
def test_flat_where_all_errors_are_zero(mse_gradients: StudentFunction, x: Tensor, w: float, b: float) -> None:
    """A line that runs through every point leaves nothing to correct: both slopes are 0.

    Every error is 0, and so is every product with an error.
    """
    y = w * x + b
    slopes = mse_gradients(x, y, w, b)
    says = "The line runs through every point, and the slopes are not 0."
    assert_close(slopes, (0.0, 0.0), scale=_slope_size(x, y, w, b), says=says)


@given(data=data_sets(), one=st.tuples(numbers(), numbers()), other=st.tuples(numbers(), numbers()))
@example(data=POINTS, one=(0.5, -1.0), other=(2.5, 3.0))
def test_halfway(
    mse_gradients: StudentFunction,
    data: tuple[Tensor, Tensor],
    one: tuple[float, float],
    other: tuple[float, float],
) -> None:
    """Halfway between two lines, the slopes are halfway between theirs.

    The errors are linear in w and b, and the slopes are linear in the errors. That is why descent on a line can be
    computed ahead for as many steps as you like.
    """
    x, y = data
    middle = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    size = _slope_size(x, y, *one) + _slope_size(x, y, *other)
    ends = as_tensor(mse_gradients(x, y, *one)), as_tensor(mse_gradients(x, y, *other))
    says = "The slopes halfway are not the mean of the slopes at the ends."
    slopes = mse_gradients(x, y, *middle)
    assert_close(slopes, (ends[0] + ends[1]) / 2, scale=size, says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), shift=numbers())
@example(data=POINTS, w=0.5, b=-1.0, shift=1.0)
def test_data_shifted_and_mirrored(
    mse_gradients: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float, shift: float
) -> None:
    """Raising y and b alike changes nothing; mirroring x and w turns the sign of the slope along w, and no more.

    In both cases the errors stay what they were. Only x itself, by which the slope along w weighs them, is mirrored.
    """
    x, y = data
    size = _slope_size(x, y, w, b) + _slope_size(x, y + shift, w, b + shift)
    grad_w, grad_b = mse_gradients(x, y, w, b)
    shifted = mse_gradients(x, y + shift, w, b + shift)
    says = f"With {shift} added to y and to b, the slopes are others."
    assert_close(shifted, (grad_w, grad_b), scale=size, says=says)
    mirrored = mse_gradients(-x, y, -w, b)
    says = "With the signs of x and of w changed, the slope along w does not just change its sign."
    assert_close(mirrored, (-grad_w, grad_b), scale=size, says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), move=st.tuples(numbers(), numbers()))
@example(data=POINTS, w=0.5, b=-1.0, move=(0.25, 0.25))
@example(data=POINTS, w=0.5, b=-1.0, move=(-0.25, -0.25))
@example(data=POINTS, w=0.5, b=-1.0, move=(0.25, -0.5))
@example(data=POINTS, w=0.5, b=-1.0, move=(-0.25, 0.5))
def test_above_the_tangent(
    mse_gradients: StudentFunction,
    data: tuple[Tensor, Tensor],
    w: float,
    b: float,
    move: tuple[float, float],
) -> None:
    """After any move of w and b, the loss is at least what the slopes promise: it never dips below its tangent.

    A bowl lies above the plane that touches it. So nothing can be gained in a direction in which the slopes point
    uphill, which is why descent goes against them.
    """
    x, y = data
    grad_w, grad_b = mse_gradients(x, y, w, b)
    promised = _loss(x, y, w, b) + move[0] * grad_w + move[1] * grad_b
    reached = _loss(x, y, w + move[0], b + move[1])
    slack = LOSS32 * (_error_size(x, y, w, b) + _error_size(x, y, *move)) ** 2
    says = f"After a move by {move} the loss is lower than the slopes at (w, b) allow."
    assert_at_most(promised, reached, slack=slack, says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), unit=st.sampled_from(UNITS))
@example(data=POINTS, w=0.5, b=-1.0, unit=SMALL)
def test_in_another_unit(
    mse_gradients: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float, unit: float
) -> None:
    """With y, w and b in another unit, s times as large, both slopes are s times as large.

    Small slopes are as exact as large ones: nothing is rounded, cut off or added for safety.
    """
    x, y = data
    wanted = unit * as_tensor(mse_gradients(x, y, w, b))
    converted = mse_gradients(x, unit * y, unit * w, unit * b)
    says = f"With y, w and b multiplied by {unit}, the slopes are not {unit} times as large."
    assert_close(converted, wanted, scale=unit * _slope_size(x, y, w, b), says=says)


# gradient_step

STABLE = (0.25, 0.5, 0.75, 0.9375)


def _learning_rate(x: Tensor, pace: float) -> float:
    """Return a learning rate at which the descent arrives, for a pace below 1.

    The limit is 2 / (largest curvature), and the largest curvature lies between the half and the whole of the sum
    of both, 2 * mean(x**2) + 2. A power of two keeps failing calls readable.
    """
    return pace * 2.0 ** math.floor(-math.log2(float((x**2).mean()) + 1))


def _step_size(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> float:
    return abs(w) + abs(b) + lr * _slope_size(x, y, w, b)


@given(data=data_sets(), w=numbers(), b=numbers(), pace=st.sampled_from(STABLE))
@example(data=POINTS, w=0.5, b=-1.0, pace=0.75)
@example(data=ALMOST, w=0.5, b=-1.0, pace=0.75)
def test_against_the_slopes(
    gradient_step: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float, pace: float
) -> None:
    """The step ends at (w - lr * slope along w, b - lr * slope along b), with both slopes taken at the old (w, b).

    The wanted slopes come from plain Python and from losses alone.
    """
    x, y = data
    lr = _learning_rate(x, pace)
    grad_w, grad_b = _slopes(x, y, w, b)
    reached = gradient_step(x, y, w, b, lr)
    size = _step_size(x, y, w, b, lr)
    assert_close(reached, (w - lr * grad_w, b - lr * grad_b), scale=size)


@given(data=data_sets(), w=numbers(), b=numbers(), pace=st.sampled_from(STABLE), factor=st.sampled_from((0, 2, 4)))
@example(data=POINTS, w=0.5, b=-1.0, pace=0.25, factor=2)
def test_straight_in_lr(
    gradient_step: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float, pace: float, factor: int
) -> None:
    """Twice the learning rate, twice the way: the slopes are taken before anything moves, so they do not depend on lr.

    For the same reason nothing moves with the learning rate 0.
    """
    x, y = data
    lr = _learning_rate(x, pace)
    start = row(w, b)
    way = as_tensor(gradient_step(x, y, w, b, lr)) - start
    longer_way = as_tensor(gradient_step(x, y, w, b, factor * lr)) - start
    says = f"With {factor} times the learning rate, the step does not lead {factor} times as far."
    size = _step_size(x, y, w, b, (1 + factor) * lr)
    assert_close(longer_way, factor * way, scale=size, says=says)


@given(data=data_sets(min_size=2), pace=st.sampled_from(STABLE))
@example(data=POINTS, pace=0.75)
def test_rests_at_the_bottom(gradient_step: StudentFunction, data: tuple[Tensor, Tensor], pace: float) -> None:
    """From the best line of all no step leads away, although its errors are not 0.

    There the mean of the errors is 0, and so is the mean of their products with x. The step shrinks with the slopes.
    """
    x, y = data
    centred = as_tensor(x) - as_tensor(x).mean()
    spread = float((centred**2).mean())
    w = float((centred * y).mean()) / spread if spread > 0 else 0.0
    b = float((as_tensor(y) - w * x).mean())
    lr = _learning_rate(x, pace)
    reached = gradient_step(x, y, w, b, lr)
    says = f"(w, b) is the best line, w = {w:.6g} and b = {b:.6g}, and the step leads away from it."
    assert_close(reached, (w, b), scale=_step_size(x, y, w, b, lr), says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), pace=st.sampled_from(STABLE))
@example(data=POINTS, w=0.5, b=-1.0, pace=0.9375)
def test_downhill(gradient_step: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float, pace: float) -> None:
    """With a learning rate below 2 / (largest curvature), a step never raises the loss.

    Against the slopes the loss first falls. It rises only after a step so long that it crosses to the other side of
    the valley and ends higher there.
    """
    x, y = data
    reached = gradient_step(x, y, w, b, _learning_rate(x, pace))
    slack = LOSS32 * _error_size(x, y, w, b) ** 2
    assert_at_most(_loss(x, y, *reached), _loss(x, y, w, b), slack=slack, says="After the step the loss is higher.")


@given(data=data_sets(), w=numbers(), b=numbers(), pace=st.sampled_from(STABLE), shift=numbers())
@example(data=POINTS, w=0.5, b=-1.0, pace=0.75, shift=1.0)
def test_step_shifted_and_mirrored(
    gradient_step: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float, pace: float, shift: float
) -> None:
    """Raising y and b by c raises the new b by c; mirroring x and w mirrors the new w.

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


@given(data=data_sets(), w=numbers(), b=numbers(), pace=st.sampled_from(STABLE), unit=st.sampled_from(UNITS))
@example(data=POINTS, w=0.5, b=-1.0, pace=0.75, unit=SMALL)
@example(data=POINTS, w=0.5, b=-1.0, pace=0.75, unit=TINY)
def test_step_in_another_unit(
    gradient_step: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float, pace: float, unit: float
) -> None:
    """With y, w and b in another unit, s times as large, the new w and b are s times as large.

    A step knows no number but those of the call: however small it is, it is made, and nothing is rounded or limited.
    """
    x, y = data
    lr = _learning_rate(x, pace)
    wanted = unit * as_tensor(gradient_step(x, y, w, b, lr))
    converted = gradient_step(x, unit * y, unit * w, unit * b, lr)
    says = f"With y, w and b multiplied by {unit}, the new w and b are not {unit} times as large."
    assert_close(converted, wanted, scale=unit * _step_size(x, y, w, b, lr), says=says)


# mse_gradients_matrix

Problem = tuple[Tensor, Tensor, Tensor]
"""X of shape (N, D), y of shape (N,) and w of shape (D,)."""

# As many samples as features, so that exchanged axes go unnoticed by PyTorch; and more samples than features.
SQUARE: Problem = (
    torch.stack([row(1, 2, -1), row(0, 3, 1), row(4, -2, 0.5)]),
    row(3.0, -1.0, 2.5),
    row(0.5, -1.0, 2.0),
)
TALL: Problem = (
    torch.stack([row(1, 2), row(0, 3), row(4, -2), row(-1, 0.5)]),
    row(3.0, -1.0, 2.5, 1.0),
    row(0.5, -1.0),
)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw the samples, the targets and the weights of a regression; often there are as many samples as features."""
    features = draw(st.integers(1, 4))
    samples = draw(st.one_of(st.just(features), st.integers(1, 6)))
    X = draw(vectors(samples * features, samples * features)).reshape(samples, features)
    return X, draw(vectors(samples, samples)), draw(vectors(features, features))


def _plane_loss(X: Tensor, y: Tensor, w: list[float], b: float) -> float:
    """Return the mean squared error in plain Python, one sample after the other."""
    total = 0.0
    for sample, target in zip(X.tolist(), y.tolist(), strict=True):
        prediction = b
        for value, weight in zip(sample, w, strict=True):
            prediction += value * weight
        total += (prediction - target) ** 2
    return total / len(y)


def _moved(w: Tensor, feature: int, move: float) -> list[float]:
    return [weight + move * (j == feature) for j, weight in enumerate(w.tolist())]


def _plane_slopes(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[list[float], float]:
    """Return the slopes from values of the loss alone, as `_slopes` does."""
    weights = w.tolist()
    grad_w = [
        (_plane_loss(X, y, _moved(w, j, 1), b) - _plane_loss(X, y, _moved(w, j, -1), b)) / 2
        for j in range(len(weights))
    ]
    return grad_w, (_plane_loss(X, y, weights, b + 1) - _plane_loss(X, y, weights, b - 1)) / 2


def _plane_error_size(X: Tensor, y: Tensor, w: Tensor, b: float) -> float:
    return float(largest(y) + (X.abs() @ w.abs()).max() + abs(b))


def _plane_slope_size(X: Tensor, y: Tensor, w: Tensor, b: float) -> float:
    return _plane_error_size(X, y, w, b) * (1 + largest(X))


def _assert_same_slopes(
    returned: tuple[Tensor, float], wanted: tuple[Numbers, float], scale: float, says: str = ""
) -> None:
    for_weights, for_bias = "The slopes along the weights are not as wanted.", "The slope along b is not as wanted."
    assert_close(returned[0], wanted[0], scale=scale, says=says or for_weights)
    assert_close(returned[1], wanted[1], scale=scale, says=says or for_bias)


@given(problem=problems(), b=numbers())
@example(problem=TALL, b=-1.0)
@example(problem=SQUARE, b=-1.0)
def test_slope_along_every_weight(mse_gradients_matrix: StudentFunction, problem: Problem, b: float) -> None:
    """Entry j of the first result is the slope of the loss along weight j, and the second result the slope along b.

    The wanted slopes come from plain Python and from losses alone, one weight at a time.
    """
    X, y, w = problem
    slopes = mse_gradients_matrix(X, y, w, b)
    _assert_same_slopes(slopes, _plane_slopes(X, y, w, b), _plane_slope_size(X, y, w, b))


@given(problem=problems(), b=numbers())
@example(problem=TALL, b=-1.0)
@example(problem=SQUARE, b=-1.0)
def test_samples_repeated(mse_gradients_matrix: StudentFunction, problem: Problem, b: float) -> None:
    """The samples are averaged over: with every row taken twice, in another order, the slopes are the same.

    Twice as many products are added up, and their sum is divided by twice as many samples.
    """
    X, y, w = problem
    slopes = mse_gradients_matrix(X, y, w, b)
    twice = mse_gradients_matrix(torch.cat([X, X.flip(0)]), torch.cat([y, y.flip(0)]), w, b)
    says = "With every sample taken twice, the slopes are others."
    _assert_same_slopes(twice, slopes, _plane_slope_size(X, y, w, b), says)


@given(problem=problems(), b=numbers())
@example(problem=TALL, b=-1.0)
@example(problem=SQUARE, b=-1.0)
def test_features_reversed(mse_gradients_matrix: StudentFunction, problem: Problem, b: float) -> None:
    """Every weight belongs to a column: reversing the columns of X and the entries of w reverses the slopes along w.

    In which order the features stand is a matter of taste. The predictions are the same, and so is the slope along b.
    """
    X, y, w = problem
    grad_w, grad_b = mse_gradients_matrix(X, y, w, b)
    backwards = mse_gradients_matrix(X.flip(1), y, w.flip(0), b)
    says = "Reversing the columns of X and the entries of w does not just reverse the slopes along w."
    _assert_same_slopes(backwards, (grad_w.flip(0), grad_b), _plane_slope_size(X, y, w, b), says)


@given(problem=problems(), b=numbers())
@example(problem=TALL, b=-1.0)
@example(problem=SQUARE, b=-1.0)
def test_bias_as_a_weight(mse_gradients_matrix: StudentFunction, problem: Problem, b: float) -> None:
    """The bias is the weight of a feature that is 1 in every sample: moved there, it has the same slope.

    X @ w + b is the same as X with one more column of ones, times w with one more entry b.
    """
    X, y, w = problem
    grad_w, grad_b = mse_gradients_matrix(X, y, w, b)
    ones = torch.ones(len(X), 1)
    with_ones, _ = mse_gradients_matrix(torch.cat([X, ones], dim=1), y, torch.cat([w, row(b)]), 0.0)
    says = "With b as the weight of a column of ones, and 0 as the bias, the slopes along w and along b are others."
    wanted = torch.cat([grad_w, row(grad_b)])
    assert_close(with_ones, wanted, scale=_plane_slope_size(X, y, w, b), says=says)


@given(problem=problems(), b=numbers())
@example(problem=TALL, b=-1.0)
@example(problem=SQUARE, b=-1.0)
def test_flat_where_the_plane_fits(mse_gradients_matrix: StudentFunction, problem: Problem, b: float) -> None:
    """Where the predictions are the targets, every slope is 0.

    Every error is 0, and so is every product with an error.
    """
    X, _, w = problem
    y = X @ w + b
    slopes = mse_gradients_matrix(X, y, w, b)
    says = "All predictions are right, and the slopes are not 0."
    _assert_same_slopes(slopes, (torch.zeros_like(w), 0.0), _plane_slope_size(X, y, w, b), says)


@given(problem=problems(), b=numbers(), length=st.sampled_from((0.125, 0.5, 2.0)))
@example(problem=TALL, b=-1.0, length=0.125)
@example(problem=SQUARE, b=-1.0, length=0.125)
def test_plane_above_the_tangent(
    mse_gradients_matrix: StudentFunction, problem: Problem, b: float, length: float
) -> None:
    """Whichever parameter is moved, and whichever way, the loss never dips below what its slope promises.

    Also with many weights the loss is a bowl, and a bowl lies above the plane that touches it.
    """
    X, y, w = problem
    grad_w, grad_b = mse_gradients_matrix(X, y, w, b)
    here = _plane_loss(X, y, w.tolist(), b)
    slack = LOSS32 * (_plane_error_size(X, y, w, b) + length * (1 + largest(X))) ** 2
    for move in (length, -length):
        promised = [here + move * slope for slope in [*grad_w.tolist(), grad_b]]
        reached = [_plane_loss(X, y, _moved(w, j, move), b) for j in range(len(w))]
        reached.append(_plane_loss(X, y, w.tolist(), b + move))
        says = f"With one parameter moved by {move}, the loss is lower than its slope allows (the bias is the last)."
        assert_at_most(promised, reached, slack=slack, says=says)


@given(problem=problems(), b=numbers(), unit=st.sampled_from(UNITS))
@example(problem=TALL, b=-1.0, unit=SMALL)
@example(problem=SQUARE, b=-1.0, unit=SMALL)
def test_plane_in_another_unit(mse_gradients_matrix: StudentFunction, problem: Problem, b: float, unit: float) -> None:
    """With y, w and b in another unit, s times as large, all slopes are s times as large.

    Small slopes are as exact as large ones: nothing is rounded, cut off or added for safety.
    """
    X, y, w = problem
    grad_w, grad_b = mse_gradients_matrix(X, y, w, b)
    converted = mse_gradients_matrix(X, unit * y, unit * w, unit * b)
    says = f"With y, w and b multiplied by {unit}, the slopes are not {unit} times as large."
    wanted = unit * as_tensor(grad_w), unit * grad_b
    _assert_same_slopes(converted, wanted, unit * _plane_slope_size(X, y, w, b), says)


# largest_stable_lr

INPUTS = row(1.0, 2.0, 4.0)
NARROW = row(0.25, 0.5, -0.125)
WALK = 20


def _distance_after(x: Tensor, lr: float, steps: int) -> float:
    """Return how far from the bottom a descent is that began at the distance 1, in the steepest direction.

    The data lie on the line w = 0, b = 0, so that is where the bottom is.
    """
    x = as_tensor(x)
    mean_x, mean_x2 = float(x.mean()), float((x**2).mean())
    curvature = as_tensor([[mean_x2, mean_x], [mean_x, 1.0]])
    w, b = torch.linalg.eigh(curvature).eigenvectors[:, -1].tolist()
    for _ in range(steps):
        errors = w * x + b
        w, b = w - lr * 2 * float((errors * x).mean()), b - lr * 2 * float(errors.mean())
    return math.hypot(w, b)


@given(x=vectors())
@example(x=INPUTS)
@example(x=NARROW)
def test_two_by_the_largest_curvature(largest_stable_lr: StudentFunction, x: Tensor) -> None:
    """The limit is 2 / lambda_max, and the largest eigenvalue of the Hessian solves a quadratic equation.

    With p = mean(x**2) and m = mean(x) it is p + 1 + sqrt((p - 1)**2 + 4 * m**2); that is in plain Python.
    """
    values: list[float] = x.tolist()
    m, p = sum(values) / len(values), sum(value * value for value in values) / len(values)
    wanted = 2 / (p + 1 + math.sqrt((p - 1) ** 2 + 4 * m * m))
    assert_close(largest_stable_lr(x), wanted, scale=wanted)


@given(x=vectors())
@example(x=INPUTS)
@example(x=NARROW)
def test_just_below_it_arrives(largest_stable_lr: StudentFunction, x: Tensor) -> None:
    """With 95 % of it a descent comes nearer: after 20 steps less than half of the way to the bottom is left.

    In the steepest direction every step multiplies the distance by 1 - 0.95 * 2 = -0.9.
    """
    lr = 0.95 * largest_stable_lr(x)
    distance = _distance_after(x, lr, WALK)
    says = f"With lr = {lr:.6g}, {WALK} steps lead from the distance 1 to the distance {distance:.3g}."
    assert_at_most(distance, 0.5, says=says)


@given(x=vectors())
@example(x=INPUTS)
@example(x=NARROW)
def test_just_above_it_runs_away(largest_stable_lr: StudentFunction, x: Tensor) -> None:
    """With 105 % of it a descent runs away: after 20 steps in the steepest direction it is more than twice as far off.

    There every step multiplies the distance by 1 - 1.05 * 2 = -1.1.
    """
    lr = 1.05 * largest_stable_lr(x)
    distance = _distance_after(x, lr, WALK)
    says = f"With lr = {lr:.6g}, {WALK} steps lead from the distance 1 to the distance {distance:.3g}."
    assert_at_most(2.0, distance, says=says)


@given(x=vectors())
@example(x=INPUTS)
@example(x=NARROW)
def test_balanced_inputs(largest_stable_lr: StudentFunction, x: Tensor) -> None:
    """With inputs that balance around 0 the limit is 1 / max(1, mean(x**2)).

    With every x there is -x, so the mean is 0 and w and b do not disturb each other: the curvature is
    2 * mean(x**2) along w and 2 along b, and the larger of the two sets the limit.
    """
    wanted = 1 / max(1.0, float((as_tensor(x) ** 2).mean()))
    limit = largest_stable_lr(torch.cat([x, -x]))
    assert_close(limit, wanted, scale=wanted)


@given(x=vectors())
@example(x=INPUTS)
@example(x=NARROW)
def test_inputs_repeated(largest_stable_lr: StudentFunction, x: Tensor) -> None:
    """It does not matter how many points there are: with every input taken twice, the limit is the same.

    The loss is a mean, and so are its curvatures.
    """
    limit = largest_stable_lr(x)
    twice = largest_stable_lr(torch.cat([x, x.flip(0)]))
    says = "With every input taken twice, the limit is another one."
    assert_close(twice, limit, scale=limit, says=says)


@given(x=vectors())
@example(x=INPUTS)
@example(x=NARROW)
def test_centring_helps(largest_stable_lr: StudentFunction, x: Tensor) -> None:
    """Centring the inputs never lowers the limit: without their mean, the steepest direction is no steeper.

    The product of the two curvatures is four times the variance, which centring leaves alone, and their sum shrinks.
    """
    limit, centred = largest_stable_lr(x), largest_stable_lr(x - x.mean())
    says = "With their mean subtracted from the inputs, the limit is lower than before."
    assert_at_most(limit, centred, slack=LOSS32 * limit, says=says)
