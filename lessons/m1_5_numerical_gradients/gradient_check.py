"""gradient_check finds the entry with the largest relative error, and is ok only if that error is at most tol."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import CheckFailed, StudentFunction, assert_at_most, assert_close, driver, predict, variant

from .shared import FINITE, NEAR_GUARD, Function, as_function, central_differences, evaluated, exact_gradient, tensors

Gradient = Callable[[Tensor], Tensor]
Findings = dict[str, Any]

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

QUARTERS = st.sampled_from([k / 4 for k in range(2, 13)])
TABLES = tensors(QUARTERS, ((2,), (5,), (1, 3), (2, 2), (2, 3), (3, 2)), unique=True)
TABLE = torch.tensor([[2.5, 3.0, 1.5], [1.25, 0.5, 2.0]], dtype=torch.float64)
SCALAR = torch.tensor(1.5, dtype=torch.float64)


@given(theta=TABLES, places=st.tuples(st.integers(0, 5), st.integers(0, 5)))
@example(theta=TABLE, places=(1, 4))
@example(theta=SCALAR, places=(0, 0))
def test_finds_the_worst_entry(gradient_check: StudentFunction, theta: Tensor, places: tuple[int, int]) -> None:
    """Where one or two entries of grad_f are wrong, "worst_index" is the place of the larger relative error.

    In a theta with two dimensions that is [row, column]. The exact gradient gives the expected "error".
    """
    first, second = (theta.flatten()[place % theta.numel()].item() for place in places)
    wrong = f"3 * theta**2 + (theta == {first}) + 2 * (theta == {second})"
    a, n = evaluated(wrong, theta), 3 * theta**2
    errors = (a - n) / (a + n)
    largest = errors.flatten().sort(descending=True).values
    assume(theta.ndim == 0 or largest[0] - largest[1] > 0.01)
    worst = (errors == largest[0]).nonzero()[0].tolist()
    found = gradient_check.drive("findings", "(theta**3).sum()", wrong, theta, 1e-5, 1e-5)
    if found["worst_index"] != worst:
        entry = theta[tuple(worst)].item()
        says = f'The worst entry, {entry:g}, is at {worst}, but "worst_index" is {found["worst_index"]}.'
        raise CheckFailed(says, found["worst_index"], worst)
    assert_close(found["error"], largest[0], says='The "error" is not the relative error of the worst entry.')
    if found["ok"]:
        raise CheckFailed('An entry is wrong, but "ok" is True.', found["ok"], wanted=False)


@given(pair=st.sampled_from(RIGHT), theta=TABLES)
@example(pair=RIGHT[1], theta=TABLE)
@example(pair=RIGHT[5], theta=SCALAR)
def test_right_gradients(gradient_check: StudentFunction, pair: tuple[str, str], theta: Tensor) -> None:
    """A right gradient is ok: with h = 1e-5 its error is below 1e-6, far below the tolerance.

    What is left comes from h and from rounding. It is not 0, which is why gradients are never compared with ==.
    """
    error = gradient_check.drive("error", *pair, theta, 1e-5, 1e-5)
    assert_at_most(error, FINITE, says="The gradient is right, but its error is above 1e-6.")
    if not gradient_check.drive("verdict", *pair, theta, 1e-5, 1e-5):
        raise CheckFailed('The gradient is right, but "ok" is False.', returned=False, wanted=True)


@given(pair=st.sampled_from(WRONG), theta=TABLES)
@example(pair=WRONG[1], theta=TABLE)
@example(pair=WRONG[2], theta=TABLE)
def test_wrong_gradients(gradient_check: StudentFunction, pair: tuple[str, str], theta: Tensor) -> None:
    """A wrong gradient is not ok: a forgotten factor, a wrong sign, entries swapped, a forgotten sum.

    Each of them shows in single entries, even where the lengths or the sums of the two gradients agree.
    """
    exact = exact_gradient(pair[0], theta)
    errors = (evaluated(pair[1], theta) - exact).abs() / exact.abs()
    assume(float(errors.max()) > 0.05)
    if gradient_check.drive("verdict", *pair, theta, 1e-5, 1e-5):
        raise CheckFailed('The gradient is wrong, but "ok" is True.', returned=True, wanted=False)


@given(theta=TABLES, off=st.sampled_from(OFF), tol=st.sampled_from([0.01, 0.25, 0.375, 0.5, 1.0]))
@example(theta=TABLE, off=OFF[0], tol=0.5)
@example(theta=TABLE, off=OFF[0], tol=0.25)
@example(theta=TABLE, off=OFF[1], tol=1.0)
def test_tolerance(gradient_check: StudentFunction, theta: Tensor, off: tuple[str, float], tol: float) -> None:
    """The answer "ok" says whether the error is at most tol, whatever tol the caller passes.

    A forgotten factor 2 has the relative error |t - 2 t| / (|t| + |2 t|), which is 1/3 in every entry. A wrong sign has
    |t + t| / (|t| + |t|), which is 1 to the last digit; no error is larger, so with tol = 1 every gradient is ok.
    """
    formula, expected = off
    # With h = 0.5 the slopes of this parabola are measured without rounding, so that an error of 1 is 1 in any style.
    error = gradient_check.drive("error", "(theta**2).sum()", formula, theta, 0.5, tol)
    share = "1" if expected == 1 else "1/3"
    assert_close(error, expected, says=f"In every entry the relative error is {share}.")
    ok = gradient_check.drive("verdict", "(theta**2).sum()", formula, theta, 0.5, tol)
    if ok != (expected <= tol):
        raise CheckFailed(f'The error is {share} and tol is {tol}, but "ok" is {ok}.', ok, wanted=expected <= tol)


@given(theta=TABLES, h=st.sampled_from([2.0**-5, 0.125, 0.25, 0.5]))
@example(theta=TABLE, h=0.5)
@example(theta=TABLE, h=2.0**-5)
def test_step(gradient_check: StudentFunction, theta: Tensor, h: float) -> None:
    """The step h is the one that the caller passes: on the sum of cubes a large one shows in the error.

    The numerical gradient is 3 * theta**2 + h**2 there, so the error is h**2 / (6 * theta**2 + h**2) where theta is
    smallest.
    """
    expected = h**2 / (6 * theta.min() ** 2 + h**2)
    error = gradient_check.drive("error", "(theta**3).sum()", "3 * theta**2", theta, h, 1e-5)
    assert_close(error, expected, says=f"The error is not the one that h = {h} makes.")


@given(theta=TABLES, power=st.integers(-35, -20))
@example(theta=TABLE.flatten()[3:5], power=-35)
@example(theta=TABLE, power=-24)
def test_small_slopes(gradient_check: StudentFunction, theta: Tensor, power: int) -> None:
    """A forgotten factor 2 shows in small slopes as in large ones: with f multiplied by 1e-10, the error is still 1/3.

    In `|a - n| / (|a| + |n|)` the unit cancels. Only a guard larger than such a denominator hides the factor.
    """
    formula, wrong, c = "(theta**2).sum()", "theta", 2.0**power
    error = gradient_check.drive("error", formula, wrong, theta, 0.5, 0.01)
    assert_close(error, 1 / 3, says="In every entry the relative error is 1/3.")
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
    if gradient_check.drive("verdict", *parabola) != ok:
        says = f'With tol = 1e-5 "ok" is {ok}, but without tol it is {not ok}.'
        raise CheckFailed(says, not ok, wanted=ok, mistake="other_tolerance")
    error = gradient_check.drive("error", *cube, 1e-5, 1e-5)
    says = "With h = 1e-5 the error on the cube at 1e-5 is not 1/7."
    assert_close(error, 1 / 7, tolerance=NEAR_GUARD, says=says)
    by_default = gradient_check.drive("error", *cube)
    if abs(by_default - 1 / 7) > NEAR_GUARD:
        says = f"With h = 1e-5 the error on the cube at 1e-5 is {error:.4g}, but without h it is {by_default:.4g}."
        raise CheckFailed(says, by_default, error, mistake="other_step")


@given(theta=TABLES, place=st.integers(0, 5))
@example(theta=TABLE, place=2)
def test_nan_is_never_ok(gradient_check: StudentFunction, theta: Tensor, place: int) -> None:
    """A gradient with a nan in it is not ok.

    Every comparison with nan is False, so `error > tol` is False as well as `error <= tol`.
    """
    entry = theta.flatten()[place % theta.numel()].item()
    spoilt = f"torch.where(theta == {entry}, torch.nan, 2 * theta)"
    if gradient_check.drive("verdict", "(theta**2).sum()", spoilt, theta, 1e-5, 1e-5):
        raise CheckFailed('An entry of the gradient is nan, but "ok" is True.', returned=True, wanted=False)


@driver
def findings(gradient_check: Callable[..., Any], formula: str, slopes: str, theta: Tensor, *limits: float) -> Any:
    """Return what the student's function finds, with h and tol or with its defaults for both."""
    return gradient_check(as_function(formula), lambda theta: evaluated(slopes, theta), theta, *limits)


@driver
def verdict(gradient_check: Callable[..., Any], formula: str, slopes: str, theta: Tensor, *limits: float) -> Any:
    """Return "ok" alone, where the rest of the answer is rounding noise."""
    return findings(gradient_check, formula, slopes, theta, *limits)["ok"]


@driver
def error(gradient_check: Callable[..., Any], formula: str, slopes: str, theta: Tensor, *limits: float) -> Any:
    """Return "error" alone, where all entries are equally wrong and none is the worst."""
    return findings(gradient_check, formula, slopes, theta, *limits)["error"]


@predict(
    answer="1/3",
    because="|t - 2t| divided by |t| + |2t| is t over 3t: the relative error compares with the sum of both sizes.",
    otherwise={
        "1/2": "That is the difference divided by the larger of the two. Here it is divided by their sum.",
        "1": "The relative error is 1 only where the signs differ or one of the two is 0. Here the signs agree.",
        "It depends on theta.": "Both gradients are multiples of theta, and theta cancels in the fraction.",
    },
)
def factor_2_forgotten(gradient_check: Callable[..., Findings]) -> dict[str, Tensor]:
    """The gradient of the sum of theta**2 is 2 * theta. In your formula for it you forget the 2.

    Which relative error does the gradient check find?
    """
    sizes = torch.tensor([0.25, 1.0, 4.0, 16.0, 64.0], dtype=torch.float64)
    found = [gradient_check(as_function("(theta**2).sum()"), lambda theta: theta, size[None]) for size in sizes]
    errors = torch.tensor([each["error"] for each in found], dtype=torch.float64)
    assert torch.allclose(errors, torch.tensor(1 / 3, dtype=torch.float64), rtol=0, atol=1e-6)
    assert not any(each["ok"] for each in found)
    return {"theta": sizes, "relative error": errors}


# Right answers in other styles


@variant
def argmax_and_divmod(f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5) -> Findings:
    """The flat place of the largest error is taken apart by divmod, from the last dimension to the first."""
    a, n = grad_f(theta), central_differences(f, theta, h)
    errors = (a - n).abs() / (a.abs() + n.abs()).clamp_min(1e-12)
    flat, error = int(errors.argmax()), errors.max().item()
    index: list[int] = []
    for size in reversed(theta.shape):
        flat, place = divmod(flat, size)
        index.insert(0, place)
    return {"ok": error <= tol, "worst_index": index, "error": error}


@variant
def loop(f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5) -> Findings:
    """A loop that remembers the worst entry so far, with a test for nan of its own."""
    a, n = grad_f(theta), central_differences(f, theta, h)
    worst, place = -1.0, None
    for index in itertools.product(*map(range, theta.shape)):
        p, q = a[index].item(), n[index].item()
        error = abs(p - q) / max(1e-12, abs(p) + abs(q))
        if math.isnan(error):
            return {"ok": False, "worst_index": list(index), "error": error}
        if error > worst:
            worst, place = error, index
    assert place is not None
    return {"ok": worst <= tol, "worst_index": list(place), "error": worst}


@variant
def tensors_and_tuple(f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5) -> Findings:
    """Tensors without dimensions for "ok" and "error", and a tuple for the place."""
    a, n = grad_f(theta), central_differences(f, theta, h)
    errors = (a - n).abs() / (a.abs() + n.abs() + 1e-12)
    error = errors.max()
    places = (errors == error).nonzero()
    place = tuple(places[0].tolist()) if len(places) else (0,) * theta.ndim
    return {"ok": error <= tol, "worst_index": place, "error": error}


@variant
def numpy(f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5) -> Findings:
    """NumPy's unravel_index finds the place."""
    a, n = grad_f(theta).numpy(), central_differences(f, theta, h).numpy()
    errors = np.abs(a - n) / np.maximum(np.abs(a) + np.abs(n), 1e-12)
    index = np.unravel_index(np.argmax(errors), errors.shape)
    return {"ok": bool(errors.max() <= tol), "worst_index": [int(i) for i in index], "error": float(errors.max())}
