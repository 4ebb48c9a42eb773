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
    CheckFailed,
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

FINITE = 1e-6
"""A central difference with h = 1e-5, in float64, is off by 1e-8 of 1 + gradient at most on the functions below."""


def _tensors(low: int = -3, high: int = 3, *, unique: bool = False) -> st.SearchStrategy[Tensor]:
    """Draw float64 tensors with at most six entries, of no, one or two dimensions."""
    shapes = st.sampled_from([(), (1,), (3,), (5,), (1, 3), (2, 1), (2, 2), (2, 3), (3, 2)])
    return shapes.flatmap(
        lambda shape: vectors(
            math.prod(shape), math.prod(shape), low=low, high=high, unique=unique, dtype=torch.float64
        ).map(lambda entries: entries.view(shape))
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
SMALL = 2.0**-12
"""Multiplied by it, no number keeps a digit that is rounded to three or four decimals; a power of two adds no error."""
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


@given(theta=_tensors(), h=st.sampled_from([0.125, 0.25, 0.5, 1.0, 2.0]), unit=st.sampled_from([1.0, SMALL]))
@example(theta=ENTRIES, h=0.5, unit=1.0)
@example(theta=ENTRIES, h=0.5, unit=SMALL)
def test_cubes(numerical_gradient: StudentFunction, theta: Tensor, h: float, unit: float) -> None:
    """On the sum of cubes the central difference is 3 * theta**2 + h**2: too large by exactly h**2.

    (t + h)**3 - (t - h)**3 is 6 t**2 h + 2 h**3, and it is divided by 2 h. In another unit, with f multiplied by a
    small number, the slopes are multiplied by it as well: small ones are as exact as large ones.
    """
    wanted = unit * (3 * theta**2 + h**2)
    gradient = numerical_gradient.drive("gradient", f"{unit} * (theta**3).sum()", theta, h)
    assert_close(gradient, wanted, tolerance=FINITE, scale=wanted)


@given(formula=st.sampled_from(SMOOTH), theta=_tensors())
@example(formula="(theta**3).sum()", theta=ENTRIES)
def test_theta_is_put_back(numerical_gradient: StudentFunction, formula: str, theta: Tensor) -> None:
    """After the call theta is what it was before, to the last bit.

    An entry that is moved up by h, down by 2 * h and up by h again need not come back: each sum is rounded.
    """
    moved = numerical_gradient.drive("moved_for_good", formula, theta, 1e-5)
    if moved:
        says = f"After the call an entry of theta differs by {moved:.2g} from what it was."
        raise CheckFailed(says, mistake="restored_by_adding" if moved < 1e-12 else "left_moved")


@given(size=st.integers(1, 4))
@example(size=2)
def test_step_by_default(numerical_gradient: StudentFunction, size: int) -> None:
    """Without h the step is 1e-5: on the sum of cubes the slopes at 0 are then 1e-10, h**2.

    The exact slope is 0 there, so the whole answer is the error, and the error tells the step.
    """
    theta, wanted = torch.zeros(size, dtype=torch.float64), [1e-10] * size
    gradient = numerical_gradient.drive("gradient", "(theta**3).sum()", theta, 1e-5)
    assert_close(gradient, wanted, scale=1e-10, says="With h = 1e-5 the slopes of the sum of cubes at 0 are not 1e-10.")
    gradient = numerical_gradient.drive("gradient_by_default", "(theta**3).sum()", theta)
    if largest(as_tensor(gradient) - 1e-10) > LOSS32 * 1e-10:
        says = "With h = 1e-5 the slopes of the sum of cubes at 0 are 1e-10, and without h they are not."
        raise CheckFailed(says, gradient, wanted, mistake="other_step")


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
GUARDS = [10.0**power for power in range(-11, 0)]
"""Those that are too large."""
NEAR_GUARD = 0.05
"""Where a denominator is 30 times the guard or more, right code may also add the guard to it."""


def _pairs() -> st.SearchStrategy[tuple[Tensor, Tensor]]:
    """Draw two tensors of the same shape, of which some entries are equal, and some are 0 in both.

    Where only one of them is 0, a wrong denominator leaves the guard alone, and its size would show.
    """
    return data_sets(max_size=6).map(lambda pair: (pair[0] * (pair[1] != 0), pair[1] * (pair[0] != 0)))


def _errors(a: Tensor, n: Tensor, guard: float = 0.0, added: float = 0.0) -> list[float]:
    pairs = zip(a.flatten().tolist(), n.flatten().tolist(), strict=True)
    return [abs(p - q) / (max(guard, abs(p) + abs(q)) + added) if p or q else 0.0 for p, q in pairs]


def _assert_error(error: float, a: Tensor, n: Tensor) -> None:
    """Fail unless it is the error of the worst entry, as a part of itself; say if a guard that is too large does it."""
    wanted = max(_errors(a, n))
    if abs(error - wanted) <= LOSS32 * wanted:
        assert_close(error, wanted, scale=wanted)
        return
    guarded = [max(_errors(a, n, guard=size)) for size in GUARDS] + [max(_errors(a, n, added=size)) for size in GUARDS]
    is_hidden = any(abs(error - each) <= LOSS32 * each for each in guarded)
    raise CheckFailed("", error, wanted, mistake="guard_too_large" if is_hidden else "")


@given(pair=_pairs())
@example(pair=(A, N))
@example(pair=(A.view(2, 2), N.view(2, 2)))
@example(pair=(-A[0], N[0]))
@example(pair=(row(1.0), row(1 + 2.0**-13)))
@example(pair=(row(1.0, 2.0), row(1 + 2.0**-20, 2.0)))
def test_worst_entry(relative_error: StudentFunction, pair: tuple[Tensor, Tensor]) -> None:
    """It is the largest of the numbers |a - n| / (|a| + |n|), one for each entry; 0 where both are 0.

    The wanted number comes from plain Python, one entry after the other. Small errors are as exact as large ones: of
    two gradients that agree, nothing else is left.
    """
    _assert_error(relative_error(*pair), *pair)


@given(pair=_pairs(), power=st.integers(-33, -10))
@example(pair=(row(0.125), row(0.375)), power=-33)
@example(pair=(row(1.0), row(3.0)), power=-24)
def test_small_gradients(relative_error: StudentFunction, pair: tuple[Tensor, Tensor], power: int) -> None:
    """Small gradients have the error of large ones: 1e-9 and 3e-9 differ by half of their size, as 1 and 3 do.

    The guard of 1e-12 is for the denominator 0 and its neighbours; a larger one hides what is wrong with small slopes.
    """
    a, n = pair
    wanted = relative_error(a, n)
    _assert_error(wanted, a, n)
    c = 2.0**power
    error = relative_error(c * a, c * n)
    if abs(error - wanted) > NEAR_GUARD * max(_errors(a, n)):
        says = f"With both gradients multiplied by {c:.3g}, the error is {error:.4g} instead of {wanted:.4g}."
        is_hidden = error < wanted
        raise CheckFailed(says, error, wanted, mistake="guard_too_large" if is_hidden else "")


@given(a=vectors(max_size=6))
@example(a=A)
def test_equal_and_opposite(relative_error: StudentFunction, a: Tensor) -> None:
    """Equal gradients have the error 0, zeros included; where they are opposite, or one of them is 0, it is 1.

    |a - a| is 0. |a - (-a)| is |a| + |-a|, and |a - 0| is |a| + |0|, unless a is 0 altogether.
    """
    zeros, wanted = torch.zeros_like(a), float(bool(a.any()))
    assert_close(relative_error(a, a), 0.0, says="The gradients are equal, and the error is not 0.")
    assert_close(relative_error(a, -a), wanted, says="The gradients are opposite, and the error is not 1.")
    assert_close(relative_error(a, zeros), wanted, says="The numerical gradient is 0, and the error is not 1.")
    assert_close(relative_error(zeros, a), wanted, says="The analytical gradient is 0, and the error is not 1.")


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
    assert_close(relative_error(n, a), error, says=says)
    says = f"With both gradients multiplied by {c}, the error is another one."
    assert_close(relative_error(c * a, c * n), error, says=says)


@given(pair=_pairs(), more=vectors(max_size=4))
@example(pair=(A, N), more=row(50.0, 0.0))
def test_right_entries_hide_nothing(relative_error: StudentFunction, pair: tuple[Tensor, Tensor], more: Tensor) -> None:
    """Further entries that agree, however many and however large, do not make the error smaller.

    One wrong parameter is a mistake, also among a million right ones.
    """
    a, n = pair
    says = f"With {len(more)} more entries that agree, the error is another one."
    longer = relative_error(torch.cat([a, more]), torch.cat([n, more]))
    assert_close(longer, relative_error(a, n), says=says)


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
    assert_close(found["error"], largest[0], says=says)
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
    assert_close(error, wanted, says=f"In every entry the relative error is {share}.")
    ok = gradient_check.drive("verdict", "(theta**2).sum()", formula, theta, 0.5, tol)
    if ok != (wanted <= tol):
        raise CheckFailed(f'The error is {share} and tol is {tol}, and "ok" is {ok}.', ok, wanted=wanted <= tol)


@given(theta=_tables(), h=st.sampled_from([2.0**-5, 0.125, 0.25, 0.5]))
@example(theta=TABLE, h=0.5)
@example(theta=TABLE, h=2.0**-5)
def test_step(gradient_check: StudentFunction, theta: Tensor, h: float) -> None:
    """The step h is the one that the caller asks for: on the sum of cubes a large one shows in the error.

    The numerical gradient is 3 * theta**2 + h**2 there, so the error is h**2 / (6 * theta**2 + h**2) where theta is
    smallest.
    """
    wanted = h**2 / (6 * theta.min() ** 2 + h**2)
    error = gradient_check.drive("error", "(theta**3).sum()", "3 * theta**2", theta, h, 1e-5)
    assert_close(error, wanted, says=f"With h = {h} the error is another one.")


@given(theta=_tables(), power=st.integers(-35, -20))
@example(theta=TABLE.flatten()[3:5], power=-35)
@example(theta=TABLE, power=-24)
def test_small_slopes(gradient_check: StudentFunction, theta: Tensor, power: int) -> None:
    """A forgotten factor 2 is found in small slopes as in large ones: with f multiplied by 1e-10, the error is 1/3 too.

    In `|a - n| / (|a| + |n|)` the unit cancels. Only a guard that is larger than such a denominator lets it pass.
    """
    formula, wrong = "(theta**2).sum()", "theta"
    error = gradient_check.drive("error", formula, wrong, theta, 0.5, 0.01)
    assert_close(error, 1 / 3, says="In every entry the relative error is 1/3.")
    c = 2.0**power
    error = gradient_check.drive("error", f"{c} * {formula}", f"{c} * {wrong}", theta, 0.5, 0.01)
    if abs(error - 1 / 3) > NEAR_GUARD / 3:
        says = f"With f and grad_f multiplied by {c:.3g}, the error is {error:.4g} instead of 1/3."
        raise CheckFailed(says, error, 1 / 3, mistake="guard_too_large" if error < 1 / 3 else "")


@given(off=st.sampled_from([1e-6, 1e-5, 4e-5, 1e-4]))
@example(off=1e-5)
@example(off=4e-5)
def test_by_default(gradient_check: StudentFunction, off: float) -> None:
    """Without h and tol both are 1e-5: a relative error of 0.5e-5 is ok then, and one of 2e-5 is not.

    On the cube at theta = 1e-5 the exact slope is 3 * theta**2, and the measured one is larger by h**2: a third of it.
    """
    parabola = ("(theta**2).sum()", f"{1 + off!r} * 2 * theta", torch.tensor([1.5, 0.5], dtype=torch.float64))
    cube = ("(theta**3).sum()", "3 * theta**2", torch.tensor([1e-5], dtype=torch.float64))
    ok = gradient_check.drive("verdict", *parabola, 1e-5, 1e-5)
    if ok != (off < 2e-5):
        raise CheckFailed(f'With tol = 1e-5 and a relative error of {off / 2:.1g}, "ok" is {ok}.', ok, wanted=not ok)
    if gradient_check.drive("verdict_by_default", *parabola) != ok:
        says = f'With tol = 1e-5 "ok" is {ok}, and without tol it is {not ok}.'
        raise CheckFailed(says, not ok, wanted=ok, mistake="other_tolerance")
    error = gradient_check.drive("error", *cube, 1e-5, 1e-5)
    says = "With h = 1e-5 the error on the cube at 1e-5 is not 1/7."
    assert_close(error, 1 / 7, tolerance=NEAR_GUARD, says=says)
    by_default = gradient_check.drive("error_by_default", *cube)
    if abs(by_default - 1 / 7) > NEAR_GUARD:
        says = f"With h = 1e-5 the error on the cube at 1e-5 is {error:.4g}, and without h it is {by_default:.4g}."
        raise CheckFailed(says, by_default, error, mistake="other_step")


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
    assert_close(slopes, wanted, scale=_slope_size(x, y, *parabola))


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
        assert_close(slope, difference, scale=size, says=says)


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
    assert_close(mirrored, wanted, scale=_slope_size(x, y, *parabola), says=says)


@given(unit=st.sampled_from([2.0**-10, 0.125, 16.0]))
@example(unit=2.0**-10)
def test_slopes_in_another_unit(quadratic_gradients: StudentFunction, unit: float) -> None:
    """With y, w2, w1 and b in another unit, s times as large, all slopes are s times as large.

    Small slopes are as exact as large ones: nothing is rounded, cut off or added for safety.
    """
    (x, y), parabola = POINTS, (1.5, -1.0, 2.0)
    wanted = [unit * float(slope) for slope in quadratic_gradients(x, y, *parabola)]
    converted = quadratic_gradients(x, unit * y, *(unit * value for value in parabola))
    says = f"With y, w2, w1 and b multiplied by {unit:g}, the slopes are not {unit:g} times as large."
    assert_close(converted, wanted, scale=unit * _slope_size(x, y, *parabola), says=says)


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
    assert_close(slopes, (0.0, 0.0, 0.0), scale=_slope_size(x, y, w2, w1, b), says=says)


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
    slack = LOSS32 * (1 + before)
    says = f"A step with lr = {lr:.3g} against your slopes takes the loss from {before:.4g} to {after:.4g}."
    assert_at_most(after, before, slack=slack, says=says)
