"""What must hold in lesson 1.5: numerical gradient, relative error, gradient check, and the slopes of a parabola.

Functions do not cross to the student's process: f and grad_f are formulas here, and drivers.py makes functions of them.
"""

import itertools
import math

import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    LOSS32,
    PARAM32,
    CheckFailed,
    StudentFunction,
    assert_at_most,
    assert_close,
    data_sets,
    largest,
    numbers,
    row,
    vectors,
)

FINITE = 1e-6
"""A central difference with h = 1e-5, in float64, is off by 1e-8 of 1 + gradient at most on the functions below."""


def _tensors(low: int = -3, high: int = 3, *, unique: bool = False) -> st.SearchStrategy[Tensor]:
    """Draw float64 tensors with at most six entries, of no, one or two dimensions."""
    shapes = st.sampled_from([(), (1,), (3,), (5,), (1, 3), (2, 1), (2, 2), (2, 3), (3, 2)])
    return shapes.flatmap(
        lambda shape: vectors(math.prod(shape), math.prod(shape), low=low, high=high, unique=unique).map(
            lambda entries: entries.view(shape)
        )
    )


def _value(formula: str, theta: Tensor) -> Tensor:
    value: Tensor = eval(formula, {"torch": torch, "theta": theta})  # noqa: S307  the formulas stand in this file
    return value


def _gradient(formula: str, theta: Tensor) -> Tensor:
    """Return the exact gradient, by autograd."""
    point = theta.clone().requires_grad_()
    return torch.autograd.grad(_value(formula, point), point)[0]


# numerical_gradient

SMOOTH = (
    "(theta**3).sum()",
    "theta.exp().sum()",
    "theta.sin().sum()",
    "theta.prod()",
    "theta.flatten().logsumexp(dim=0)",
)
ENTRIES = torch.tensor([[1.0, -2.0, 0.5], [1.5, 3.0, -1.0]], dtype=torch.float64)


@given(formula=st.sampled_from(SMOOTH), theta=_tensors())
@example(formula="theta.sin().sum()", theta=torch.tensor(0.5, dtype=torch.float64))
@example(formula="theta.prod()", theta=ENTRIES)
def test_the_exact_gradient(numerical_gradient: StudentFunction, formula: str, theta: Tensor) -> None:
    """With h = 1e-5 and float64, the numerical gradient is the exact one up to 1e-6, for a theta of any shape.

    The exact gradient comes from autograd, which never moves theta at all.
    """
    exact = _gradient(formula, theta)
    gradient = numerical_gradient.drive("gradient", formula, theta, 1e-5)
    assert_close(gradient, exact, tolerance=FINITE, scale=1 + exact.abs())


@given(theta=_tensors(), h=st.sampled_from([0.25, 0.5, 1.0, 2.0]))
@example(theta=ENTRIES, h=1.0)
def test_exact_on_parabolas(numerical_gradient: StudentFunction, theta: Tensor, h: float) -> None:
    """On a quadratic function the central difference is exact, however large h is.

    (t + h)**2 - (t - h)**2 is 4 t h, and divided by 2 h that is 2 t, the slope at t. The errors to the right and to
    the left are equal and cancel. Here the function is the sum of all products of two entries, and one more term.
    """
    formula = "theta.sum()**2 - theta.sum()"
    exact = _gradient(formula, theta)
    gradient = numerical_gradient.drive("gradient", formula, theta, h)
    assert_close(gradient, exact, tolerance=FINITE, scale=1 + largest(exact))


@given(theta=_tensors(), h=st.sampled_from([0.125, 0.25, 0.5, 1.0, 2.0]))
@example(theta=ENTRIES, h=0.5)
def test_cubes(numerical_gradient: StudentFunction, theta: Tensor, h: float) -> None:
    """On the sum of cubes the central difference is 3 * theta**2 + h**2: too large by exactly h**2.

    (t + h)**3 - (t - h)**3 is 6 t**2 h + 2 h**3, and it is divided by 2 h.
    """
    wanted = 3 * theta**2 + h**2
    gradient = numerical_gradient.drive("gradient", "(theta**3).sum()", theta, h)
    assert_close(gradient, wanted, tolerance=FINITE, scale=wanted)


@given(theta=_tensors(-1, 2), h=st.sampled_from([0.125, 0.25, 0.5]))
@example(theta=ENTRIES.clamp(-1, 2), h=0.5)
def test_half_the_step(numerical_gradient: StudentFunction, theta: Tensor, h: float) -> None:
    """Half the step leaves less than a third of the error: it shrinks with h**2, to about a quarter.

    The error of a central difference is h**2 / 6 times the third derivative, and smaller terms. A difference to one
    side only has an error that shrinks with h: half of it would be left.
    """
    exact = theta.exp()
    errors = [
        (numerical_gradient.drive("gradient", "theta.exp().sum()", theta, step) - exact).abs() for step in (h, h / 2)
    ]
    says = f"With h = {h / 2} more than a third of the error is left that there is with h = {h}."
    assert_at_most(errors[1], errors[0] / 3, slack=FINITE * exact, says=says)


@given(theta=_tensors(), h=st.sampled_from([0.25, 0.5]))
@example(theta=ENTRIES, h=0.5)
def test_one_entry_at_a_time(numerical_gradient: StudentFunction, theta: Tensor, h: float) -> None:
    """Whenever f is called, its argument has the shape of theta, and at most one entry is not where it was.

    Each slope belongs to one parameter while all others rest. A model wants its parameters in their own shape.
    """
    seen = numerical_gradient.drive("places_of_calls", "(theta**2).sum()", theta, h)
    if seen["shape"] != str(tuple(theta.shape)):
        says = f"theta has the shape {tuple(theta.shape)}, and f was called with {seen['shape'] or 'nothing'}."
        raise CheckFailed(says, seen["shape"], str(tuple(theta.shape)))
    says = f"f was called with a theta of which {seen['moved']} entries had moved at once."
    assert_at_most(seen["moved"], 1, says=says)


# relative_error

A = row(2.0, 100.0, 0.0, -1.5)
N = row(3.0, 101.0, 0.0, -1.25)


def _pairs() -> st.SearchStrategy[tuple[Tensor, Tensor]]:
    """Draw two tensors of the same shape, of which some entries are 0 and some are equal."""
    return data_sets(max_size=6)


def _error(a: float, n: float) -> float:
    return abs(a - n) / (abs(a) + abs(n)) if a or n else 0.0


@given(pair=_pairs())
@example(pair=(A, N))
@example(pair=(A.view(2, 2), N.view(2, 2)))
@example(pair=(-A[0], N[0]))
@example(pair=(row(1e-6), row(3e-6)))
@example(pair=(row(1.0), row(1.001)))
def test_worst_entry(relative_error: StudentFunction, pair: tuple[Tensor, Tensor]) -> None:
    """It is the largest of the numbers |a - n| / (|a| + |n|), one for each entry; 0 where both are 0.

    The wanted number comes from plain Python, one entry after the other.
    """
    a, n = pair
    wanted = max(_error(p, q) for p, q in zip(a.flatten().tolist(), n.flatten().tolist(), strict=True))
    assert_close(relative_error(a, n), wanted, tolerance=LOSS32)


@given(a=vectors(max_size=6))
@example(a=A)
def test_equal_and_opposite(relative_error: StudentFunction, a: Tensor) -> None:
    """Equal gradients have the error 0, zeros included, and opposite ones have the error 1.

    |a - a| is 0. |a - (-a)| is |a| + |-a|, unless a is 0 altogether.
    """
    assert_close(relative_error(a, a), 0.0, tolerance=LOSS32, says="The gradients are equal, and the error is not 0.")
    says = "The gradients are opposite, and the error is not 1."
    assert_close(relative_error(a, -a), float(bool(a.any())), tolerance=LOSS32, says=says)


@given(pair=_pairs())
@example(pair=(A, N))
@example(pair=(row(0.25), row(-4.0)))
def test_between_0_and_1(relative_error: StudentFunction, pair: tuple[Tensor, Tensor]) -> None:
    """The error lies between 0 and 1, whatever the gradients are.

    The way from a to n is never longer than the way from a to 0 and from there to n: |a - n| <= |a| + |n|.
    """
    error = relative_error(*pair)
    assert_at_most(0.0, error, slack=LOSS32, says="The error is negative.")
    assert_at_most(error, 1.0, slack=LOSS32, says="The error is larger than 1.")


@given(pair=_pairs(), power=st.integers(-6, 6))
@example(pair=(A, N), power=-4)
def test_no_unit_and_no_order(relative_error: StudentFunction, pair: tuple[Tensor, Tensor], power: int) -> None:
    """The error is the same in any unit and in either order: relative_error(c * n, c * a) is relative_error(a, n).

    c cancels in the fraction, and |a - n| and |a| + |n| do not change when a and n change places.
    """
    a, n = pair
    c = 2.0**power
    error = relative_error(a, n)
    says = "When a and n change places, the error is another one."
    assert_close(relative_error(n, a), error, tolerance=LOSS32, says=says)
    says = f"With both gradients multiplied by {c}, the error is another one."
    assert_close(relative_error(c * a, c * n), error, tolerance=LOSS32, says=says)


@given(pair=_pairs(), more=vectors(max_size=4))
@example(pair=(A, N), more=row(50.0, 0.0))
def test_right_entries_hide_nothing(relative_error: StudentFunction, pair: tuple[Tensor, Tensor], more: Tensor) -> None:
    """Further entries that agree, however many and however large, do not make the error smaller.

    One wrong parameter is a mistake, also among a million right ones.
    """
    a, n = pair
    says = f"With {len(more)} more entries that agree, the error is another one."
    longer = relative_error(torch.cat([a, more]), torch.cat([n, more]))
    assert_close(longer, relative_error(a, n), tolerance=LOSS32, says=says)


# gradient_check, with gradients that stay away from 0: there rounding alone is a large part of so small a number

RIGHT = (
    ("(theta**2).sum()", "2 * theta"),
    ("(theta**3).sum()", "3 * theta**2"),
    ("theta.exp().sum()", "theta.exp()"),
    ("theta.log().sum()", "1 / theta"),
    ("theta.prod()", "theta.prod() / theta"),
    ("theta.sum()**2", "2 * theta.sum() * torch.ones_like(theta)"),
)
# At a theta whose entries are positive and differ, each of these is wrong by 5 % or more somewhere.
WRONG = (
    ("(theta**2).sum()", "theta"),
    ("(theta**2).sum()", "-2 * theta"),
    ("(theta**3).sum()", "(3 * theta**2).flip(-1)"),
    ("(theta**3).sum()", "6 * theta"),
    ("theta.log().sum()", "-1 / theta**2"),
    ("theta.prod()", "theta.prod() * torch.ones_like(theta)"),
    ("theta.sum()**2", "2 * theta"),
)
OFF = (("theta", 1 / 3), ("-2 * theta", 1.0))
"""Gradients of (theta**2).sum() without the factor 2 and with the wrong sign, and the relative error of every entry."""
TABLE = torch.tensor([[2.5, 3.0, 1.5], [1.25, 0.5, 2.0]], dtype=torch.float64)


def _tables() -> st.SearchStrategy[Tensor]:
    """Draw float64 tensors of one or two dimensions with positive entries that differ."""
    shapes = st.sampled_from([(2,), (5,), (1, 3), (2, 2), (2, 3), (3, 2)])
    return shapes.flatmap(
        lambda shape: st.lists(
            st.sampled_from([k / 4 for k in range(2, 13)]),
            min_size=math.prod(shape),
            max_size=math.prod(shape),
            unique=True,
        ).map(lambda entries: torch.tensor(entries, dtype=torch.float64).view(shape))
    )


@given(theta=_tables(), places=st.tuples(st.integers(0, 5), st.integers(0, 5)))
@example(theta=TABLE, places=(1, 4))
@example(theta=torch.tensor(1.5, dtype=torch.float64), places=(0, 0))
def test_finds_the_worst_entry(gradient_check: StudentFunction, theta: Tensor, places: tuple[int, int]) -> None:
    """Where one or two entries of grad_f are wrong, "worst_index" is the place of the larger relative error.

    In a theta with two dimensions that is [row, column]. The exact gradient says how large "error" is.
    """
    entries = theta.flatten().tolist()
    first, second = entries[places[0] % len(entries)], entries[places[1] % len(entries)]
    wrong = f"3 * theta**2 + (theta == {first}) + 2 * (theta == {second})"
    a, n = _value(wrong, theta), 3 * theta**2
    errors = ((a - n) / (a + n)).flatten()
    largest = errors.sort(descending=True).values
    assume(len(entries) == 1 or largest[0] - largest[1] > 0.01)
    flat = int(errors.argmax())
    wanted = list(list(itertools.product(*map(range, theta.shape)))[flat])
    found = gradient_check.drive("findings", "(theta**3).sum()", wrong, theta, 1e-5, 1e-5)
    if found["worst_index"] != wanted:
        says = f'The worst entry, {entries[flat]:g}, stands at {wanted}, and "worst_index" is {found["worst_index"]}.'
        raise CheckFailed(says, found["worst_index"], wanted)
    says = 'The "error" is not the relative error of the worst entry.'
    assert_close(found["error"], largest[0], tolerance=LOSS32, says=says)
    if found["ok"]:
        raise CheckFailed('An entry is wrong, and "ok" is True.', found["ok"], wanted=False)


@given(pair=st.sampled_from(RIGHT), theta=_tables())
@example(pair=RIGHT[1], theta=TABLE)
@example(pair=RIGHT[5], theta=torch.tensor(1.5, dtype=torch.float64))
def test_right_gradients(gradient_check: StudentFunction, pair: tuple[str, str], theta: Tensor) -> None:
    """A right gradient is ok: with h = 1e-5 its error is below 1e-6, far below the tolerance.

    What is left comes from h and from rounding. It is not 0, and so gradients are never compared with ==.
    """
    error = gradient_check.drive("error", *pair, theta, 1e-5, 1e-5)
    assert_at_most(error, FINITE, says="The gradient is right, and its error is above 1e-6.")
    if not gradient_check.drive("verdict", *pair, theta, 1e-5, 1e-5):
        raise CheckFailed('The gradient is right, and "ok" is False.', returned=False, wanted=True)


@given(pair=st.sampled_from(WRONG), theta=_tables())
@example(pair=WRONG[1], theta=TABLE)
@example(pair=WRONG[2], theta=TABLE)
def test_wrong_gradients(gradient_check: StudentFunction, pair: tuple[str, str], theta: Tensor) -> None:
    """A wrong gradient is not ok: a forgotten factor, a wrong sign, entries exchanged, a forgotten sum.

    Each of them is wrong in single entries, even where the lengths or the sums of the two gradients agree.
    """
    errors = (_value(pair[1], theta) - (exact := _gradient(pair[0], theta))).abs() / exact.abs()
    assume(float(errors.max()) > 0.05)
    if gradient_check.drive("verdict", *pair, theta, 1e-5, 1e-5):
        raise CheckFailed('The gradient is wrong, and "ok" is True.', returned=True, wanted=False)


@given(theta=_tables(), off=st.sampled_from(OFF), tol=st.sampled_from([0.01, 0.25, 0.375, 0.5, 1.0]))
@example(theta=TABLE, off=OFF[0], tol=0.5)
@example(theta=TABLE, off=OFF[0], tol=0.25)
@example(theta=TABLE, off=OFF[1], tol=1.0)
def test_tolerance(gradient_check: StudentFunction, theta: Tensor, off: tuple[str, float], tol: float) -> None:
    """The answer "ok" says whether the error is at most tol, whatever tol the caller asks for.

    A forgotten factor 2 has the relative error |t - 2 t| / (|t| + |2 t|), which is 1/3 in every entry. A wrong sign has
    |t + t| / (|t| + |t|), which is 1 to the last digit; no error is larger, so with tol = 1 every gradient is ok.
    """
    formula, wanted = off
    # With h = 0.5 the slopes of this parabola are measured without rounding, so that an error of 1 is 1 in any style.
    error = gradient_check.drive("error", "(theta**2).sum()", formula, theta, 0.5, tol)
    share = "1" if wanted == 1 else "1/3"
    assert_close(error, wanted, tolerance=LOSS32, says=f"In every entry the relative error is {share}.")
    ok = gradient_check.drive("verdict", "(theta**2).sum()", formula, theta, 0.5, tol)
    if ok != (wanted <= tol):
        raise CheckFailed(f'The error is {share} and tol is {tol}, and "ok" is {ok}.', ok, wanted=wanted <= tol)


@given(theta=_tables(), h=st.sampled_from([0.125, 0.25, 0.5]))
@example(theta=TABLE, h=0.5)
def test_step(gradient_check: StudentFunction, theta: Tensor, h: float) -> None:
    """The step h is the one that the caller asks for: on the sum of cubes a large one shows in the error.

    The numerical gradient is 3 * theta**2 + h**2 there, so the error is h**2 / (6 * theta**2 + h**2) where theta is
    smallest.
    """
    wanted = h**2 / (6 * theta.min() ** 2 + h**2)
    error = gradient_check.drive("error", "(theta**3).sum()", "3 * theta**2", theta, h, 1e-5)
    assert_close(error, wanted, tolerance=LOSS32, says=f"With h = {h} the error is another one.")


@given(theta=_tables(), place=st.integers(0, 5))
@example(theta=TABLE, place=2)
def test_nan_is_never_ok(gradient_check: StudentFunction, theta: Tensor, place: int) -> None:
    """A gradient with a nan in it is not ok.

    Every comparison with nan is False, so `error > tol` is False as well as `error <= tol`.
    """
    entries = theta.flatten().tolist()
    spoilt = f"torch.where(theta == {entries[place % len(entries)]}, torch.nan, 2 * theta)"
    if gradient_check.drive("verdict", "(theta**2).sum()", spoilt, theta, 1e-5, 1e-5):
        raise CheckFailed('An entry of the gradient is nan, and "ok" is True.', returned=True, wanted=False)


# quadratic_gradients

POINTS = (row(1.0, 2.0, -4.0, 0.5), row(3.0, -1.0, 2.5, 2.0))
PARABOLAS = st.tuples(numbers(-3, 3), numbers(-3, 3), numbers(-3, 3))


def _loss(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> float:
    """Return the mean squared error in plain Python, one point after the other."""
    errors: list[float] = [w2 * p**2 + w1 * p + b - q for p, q in zip(x.tolist(), y.tolist(), strict=True)]
    return sum(error * error for error in errors) / len(errors)


def _slope_size(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> Tensor:
    """Return the natural size of each slope, shape (3,): that of an error times that of the input's power."""
    reach = largest(x)
    error = abs(w2) * reach**2 + abs(w1) * reach + abs(b) + largest(y)
    return 1 + 2 * error * row(reach**2, reach, 1.0)


@given(data=data_sets(max_size=8), parabola=PARABOLAS)
@example(data=POINTS, parabola=(1.5, -1.0, 2.0))
def test_each_point_by_itself(
    quadratic_gradients: StudentFunction, data: tuple[Tensor, Tensor], parabola: tuple[float, float, float]
) -> None:
    """The slopes are the means of 2 * error * x**2, of 2 * error * x and of 2 * error.

    By the chain rule each squared error brings down a 2, and then the derivative of the prediction by the parameter.
    The wanted numbers come from plain Python, one point after the other.
    """
    x, y = data
    w2, w1, b = parabola
    errors = [w2 * p**2 + w1 * p + b - q for p, q in zip(x.tolist(), y.tolist(), strict=True)]
    wanted = tuple(
        sum(2 * e * p**power for e, p in zip(errors, x.tolist(), strict=True)) / len(errors) for power in (2, 1, 0)
    )
    slopes = quadratic_gradients(x, y, *parabola)
    assert_close(slopes, wanted, tolerance=PARAM32, scale=_slope_size(x, y, *parabola))


@given(data=data_sets(max_size=8), parabola=PARABOLAS)
@example(data=POINTS, parabola=(1.5, -1.0, 2.0))
def test_differences_of_the_loss(
    quadratic_gradients: StudentFunction, data: tuple[Tensor, Tensor], parabola: tuple[float, float, float]
) -> None:
    """Each slope is the difference of two losses: one unit above and one unit below, divided by 2.

    The loss is a quadratic function of every parameter, so the central difference is exact even for h = 1.
    """
    x, y = data
    w2, w1, b = parabola
    wanted = (
        (_loss(x, y, w2 + 1, w1, b) - _loss(x, y, w2 - 1, w1, b)) / 2,
        (_loss(x, y, w2, w1 + 1, b) - _loss(x, y, w2, w1 - 1, b)) / 2,
        (_loss(x, y, w2, w1, b + 1) - _loss(x, y, w2, w1, b - 1)) / 2,
    )
    slopes = quadratic_gradients(x, y, *parabola)
    for slope, difference, size, name in zip(
        slopes, wanted, _slope_size(x, y, *parabola), ("w2", "w1", "b"), strict=True
    ):
        says = f"The losses one unit above and below {name} ask for the slope {difference:g}, and yours is {slope:g}."
        assert_close(slope, difference, tolerance=PARAM32, scale=size, says=says)


@given(data=data_sets(max_size=8), parabola=PARABOLAS)
@example(data=POINTS, parabola=(1.5, -1.0, 2.0))
def test_mirrored(
    quadratic_gradients: StudentFunction, data: tuple[Tensor, Tensor], parabola: tuple[float, float, float]
) -> None:
    """Mirroring the data, x to -x and w1 to -w1, mirrors the slope along w1 and leaves the other two.

    All predictions stay what they are, x**2 does too, and only x changes its sign.
    """
    x, y = data
    w2, w1, b = parabola
    slopes = quadratic_gradients(x, y, w2, w1, b)
    mirrored = quadratic_gradients(-x, y, w2, -w1, b)
    says = "With the signs of x and w1 changed, the slopes are not the old ones with the sign of the second changed."
    wanted = (slopes[0], -slopes[1], slopes[2])
    assert_close(mirrored, wanted, tolerance=PARAM32, scale=_slope_size(x, y, *parabola), says=says)


@given(x=vectors(max_size=8), parabola=PARABOLAS)
@example(x=POINTS[0], parabola=(1.5, -1.0, 2.0))
def test_flat_at_the_bottom(
    quadratic_gradients: StudentFunction, x: Tensor, parabola: tuple[float, float, float]
) -> None:
    """Where the parabola runs through all points, all three slopes are 0.

    Every error is 0, so every product with an error is 0, and the loss cannot become smaller.
    """
    w2, w1, b = parabola
    y = w2 * x**2 + w1 * x + b
    slopes = quadratic_gradients(x, y, w2, w1, b)
    says = "The parabola fits without an error, and the slopes are not 0."
    assert_close(slopes, (0.0, 0.0, 0.0), tolerance=PARAM32, scale=_slope_size(x, y, w2, w1, b), says=says)


@given(data=data_sets(max_size=8), parabola=PARABOLAS)
@example(data=POINTS, parabola=(1.5, -1.0, 2.0))
def test_a_step_goes_down(
    quadratic_gradients: StudentFunction, data: tuple[Tensor, Tensor], parabola: tuple[float, float, float]
) -> None:
    """A small step against the slopes never makes the loss larger.

    Small means: lr at most 1 divided by the sum of the curvatures along the three parameters, which are twice the
    means of x**4, of x**2 and of 1.
    """
    x, y = data
    lr = 1 / (2 * float((x**4).mean() + (x**2).mean() + 1))
    slopes = quadratic_gradients(x, y, *parabola)
    there = [value - lr * slope for value, slope in zip(parabola, slopes, strict=True)]
    before, after = _loss(x, y, *parabola), _loss(x, y, *there)
    slack = PARAM32 * (1 + before)
    says = f"A step with lr = {lr:.3g} against your slopes takes the loss from {before:.4g} to {after:.4g}."
    assert_at_most(after, before, slack=slack, says=says)
