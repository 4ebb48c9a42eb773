"""numerical_gradient measures every slope by a central difference with step h, and leaves theta as it was."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    LOSS32,
    CheckFailed,
    StudentFunction,
    as_tensor,
    assert_at_most,
    assert_close,
    driver,
    largest,
    numbers,
    predict,
    variant,
)

from .shared import FINITE, Function, as_function, central_differences, exact_gradient, tensors

SMOOTH = st.sampled_from(
    ["(theta**3).sum()", "theta.exp().sum()", "theta.sin().sum()", "theta.prod()", "theta.flatten().logsumexp(dim=0)"]
)
SHAPES = ((), (1,), (3,), (5,), (1, 3), (2, 1), (2, 2), (2, 3), (3, 2))
THETAS = tensors(numbers(-3, 3), SHAPES)
ENTRIES = torch.tensor([[1.0, -2.0, 0.5], [1.5, 3.0, -1.0]], dtype=torch.float64)
SMALL = 2.0**-12
"""In this unit, rounding to three or four decimals spoils every digit; a power of two adds no error."""


@given(formula=SMOOTH, theta=THETAS)
@example(formula="theta.sin().sum()", theta=torch.tensor(0.5, dtype=torch.float64))
@example(formula="theta.prod()", theta=ENTRIES)
def test_the_exact_gradient(numerical_gradient: StudentFunction, formula: str, theta: Tensor) -> None:
    """With h = 1e-5 and float64, the numerical gradient is the exact one up to 1e-6, for a theta of any shape.

    The exact gradient comes from autograd, which never moves theta at all.
    """
    exact = exact_gradient(formula, theta)
    gradient = numerical_gradient.drive("gradient", formula, theta, 1e-5)
    assert_close(gradient, exact, tolerance=FINITE, scale=1 + exact.abs())


@given(theta=THETAS, h=st.sampled_from([0.25, 0.5, 1.0, 2.0]))
@example(theta=ENTRIES, h=1.0)
def test_exact_on_parabolas(numerical_gradient: StudentFunction, theta: Tensor, h: float) -> None:
    """On a quadratic function the central difference is exact, however large h is.

    (t + h)**2 - (t - h)**2 is 4 t h, and divided by 2 h that is 2 t, the slope at t. The errors to the right and to
    the left are equal and cancel. Here f is the square of the sum of all entries, minus that sum.
    """
    formula = "theta.sum()**2 - theta.sum()"
    exact = exact_gradient(formula, theta)
    gradient = numerical_gradient.drive("gradient", formula, theta, h)
    assert_close(gradient, exact, tolerance=FINITE, scale=1 + largest(exact))


@given(theta=THETAS, h=st.sampled_from([0.125, 0.25, 0.5, 1.0, 2.0]), unit=st.sampled_from([1.0, SMALL]))
@example(theta=ENTRIES, h=0.5, unit=1.0)
@example(theta=ENTRIES, h=0.5, unit=SMALL)
def test_cubes(numerical_gradient: StudentFunction, theta: Tensor, h: float, unit: float) -> None:
    """On the sum of cubes the central difference is 3 * theta**2 + h**2: too large by exactly h**2.

    (t + h)**3 - (t - h)**3 is 6 t**2 h + 2 h**3, and it is divided by 2 h. In another unit, with f multiplied by a
    small number, the slopes are multiplied by it as well: small ones are as exact as large ones.
    """
    expected = unit * (3 * theta**2 + h**2)
    gradient = numerical_gradient.drive("gradient", f"{unit} * (theta**3).sum()", theta, h)
    assert_close(gradient, expected, tolerance=FINITE, scale=expected)


@given(formula=SMOOTH, theta=THETAS)
@example(formula="(theta**3).sum()", theta=ENTRIES)
def test_theta_is_put_back(numerical_gradient: StudentFunction, formula: str, theta: Tensor) -> None:
    """After the call theta is what it was before, to the last bit.

    An entry that is moved up by h, down by 2 * h and up by h again may come back elsewhere: each sum is rounded.
    """
    moved = numerical_gradient.drive("moved_for_good", formula, theta, 1e-5)
    if moved["is_moved"]:
        says = f"After the call an entry of theta differs by {moved['by']:.2g} from what it was."
        raise CheckFailed(says, mistake="restored_by_adding" if moved["by"] < 1e-12 else "left_moved")


@given(size=st.integers(1, 4))
@example(size=2)
def test_step_by_default(numerical_gradient: StudentFunction, size: int) -> None:
    """Without h the step is 1e-5: on the sum of cubes the slopes at 0 are then 1e-10, h**2.

    The exact slope is 0 there, so the whole answer is the error, and the error reveals the step.
    """
    theta, expected = torch.zeros(size, dtype=torch.float64), [1e-10] * size
    gradient = numerical_gradient.drive("gradient", "(theta**3).sum()", theta, 1e-5)
    says = "With h = 1e-5 the slopes of the sum of cubes at 0 are not 1e-10."
    assert_close(gradient, expected, scale=1e-10, says=says)
    gradient = numerical_gradient.drive("gradient", "(theta**3).sum()", theta)
    if largest(as_tensor(gradient) - 1e-10) > LOSS32 * 1e-10:
        says = "With h = 1e-5 the slopes of the sum of cubes at 0 are 1e-10, but without h they are not."
        raise CheckFailed(says, gradient, expected, mistake="other_step")


@given(theta=tensors(numbers(-1, 2), SHAPES), h=st.sampled_from([0.125, 0.25, 0.5]))
@example(theta=ENTRIES.clamp(-1, 2), h=0.5)
def test_half_the_step(numerical_gradient: StudentFunction, theta: Tensor, h: float) -> None:
    """Half the step leaves less than a third of the error: it shrinks with h**2, to about a quarter.

    The error of a central difference is h**2 / 6 times the third derivative, and smaller terms. A one-sided
    difference has an error that shrinks with h, so half of it would be left.
    """
    exact, formula = theta.exp(), "theta.exp().sum()"
    error, halved = ((numerical_gradient.drive("gradient", formula, theta, step) - exact).abs() for step in (h, h / 2))
    says = f"With h = {h / 2} more than a third of the error with h = {h} is left."
    assert_at_most(halved, error / 3, slack=FINITE * exact, says=says)


@given(theta=THETAS, h=st.sampled_from([0.25, 0.5]))
@example(theta=ENTRIES, h=0.5)
def test_one_entry_at_a_time(numerical_gradient: StudentFunction, theta: Tensor, h: float) -> None:
    """Whenever f is called, its argument has the shape of theta, and at most one entry has moved.

    Each slope belongs to one parameter while all others stay put. A model takes its parameters in their own shape.
    """
    seen, shape = numerical_gradient.drive("places_of_calls", "(theta**2).sum()", theta, h), str(tuple(theta.shape))
    if seen["shape"] != shape:
        says = f"theta has shape {shape}, but f was called with {seen['shape'] or 'nothing'}."
        raise CheckFailed(says, seen["shape"], shape)
    says = f"f was called with a theta of which {seen['moved']} entries had moved at once."
    assert_at_most(seen["moved"], 1, says=says)


@driver
def gradient(numerical_gradient: Callable[..., Any], formula: str, theta: Tensor, *step: float) -> Any:
    """Return what the student's function returns for the formula, with a step or without."""
    return numerical_gradient(as_function(formula), theta, *step)


@driver
def moved_for_good(numerical_gradient: Callable[..., Any], formula: str, theta: Tensor, h: float) -> dict[str, Any]:
    """Return whether a call leaves an entry of theta changed, and the largest change: 1e-16 counts, too."""
    point = theta.clone()
    numerical_gradient(as_function(formula), point, h)
    by = (point - theta).abs().max().item()
    return {"is_moved": by > 0, "by": by}


@driver
def places_of_calls(numerical_gradient: Callable[..., Any], formula: str, theta: Tensor, h: float) -> dict[str, Any]:
    """Return the shapes that f was called with, and the largest number of entries that had moved in a call."""
    f, start = as_function(formula), theta.clone()
    moved, shapes = [0], set()

    def noting(point: Tensor) -> float:
        shapes.add(str(tuple(point.shape)))
        if point.numel() == start.numel():
            moved.append(int((point.detach().flatten() != start.to(point.dtype).flatten()).sum()))
        return f(point)

    numerical_gradient(noting, theta, h)
    # One text, because the number of shapes is part of what is found.
    return {"shape": " and ".join(sorted(shapes)), "moved": max(moved)}


@predict(
    answer="It grows to about 0.0002.",
    because=(
        "The two values of f agree in all but their last few digits, so their difference is mostly rounding, and"
        " dividing by the tiny 2h makes that rounding large."
    ),
    otherwise={
        "It shrinks to about 1e-24, with the square of h.": (
            "That is the error of exact arithmetic. Here each value of f is rounded to 16 digits before subtraction."
        ),
        "It stays at about 6e-11, the limit of float64.": (
            "float64 has a limit for each value, about 16 digits; but the difference of two nearly equal values loses"
            " most of these digits, more of them the closer the two are."
        ),
    },
)
def step_of_1e_12(numerical_gradient: Callable[..., Tensor]) -> dict[str, Tensor]:
    """In float64 and with h = 1e-5, the central difference of exp at 1 has an error of about 6e-11.

    You make h ten million times smaller, 1e-12. What happens to the error?
    """
    steps = torch.logspace(-12, 0, 25, dtype=torch.float64)
    f, one = as_function("theta.exp()"), torch.tensor(1.0, dtype=torch.float64)
    errors = [abs(numerical_gradient(f, one, h).item() - math.e) for h in (1e-5, 1e-12, *steps.tolist())]
    assert errors[0] < 1e-10
    assert 1e-4 < errors[1] < 4e-4
    return {"step h": steps, "error": torch.tensor(errors[2:], dtype=torch.float64)}


@predict(
    answer="Not at all: it is exact.",
    because="The slope on the right is too large by as much as that on the left is too small, and the two cancel.",
    otherwise={
        "By a lot, because h = 1 is not a small step.": (
            "The error of a central difference comes from the third derivative, and a parabola has none: the step may"
            " be as large as you like."
        ),
        "By about h, so by about 1.": (
            "That is the error of a forward difference on t**2. The central one has a point on either side, and the"
            " two errors cancel."
        ),
    },
)
def parabola(numerical_gradient: Callable[..., Tensor]) -> dict[str, Tensor]:
    """The slope of t**2 is 2t. You measure it by a central difference with h = 1, at several places t.

    By how much is it wrong?
    """
    theta = torch.linspace(-2, 2, 17, dtype=torch.float64)
    slopes = numerical_gradient(as_function("(theta**2).sum()"), theta, 1.0)
    assert torch.allclose(slopes, 2 * theta, rtol=0, atol=1e-12)
    return {"t": theta, "slope": slopes}


# Right answers in other styles


@variant
def flat_view(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """A flat view into one clone: an entry is moved up, down, and put back."""
    point, gradient = theta.clone(), torch.zeros_like(theta)
    entries, slopes = point.view(-1), gradient.view(-1)
    for i in range(len(entries)):
        kept = entries[i].item()
        entries[i] = kept + h
        above = f(point)
        entries[i] = kept - h
        slopes[i] = (above - f(point)) / (2 * h)
        entries[i] = kept
    return gradient


@variant
def in_place_and_back(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """Without a copy: theta itself is moved, and put back before the function returns."""
    gradient = torch.zeros_like(theta)
    for index in itertools.product(*map(range, theta.shape)):
        kept = theta[index].item()
        theta[index] = kept + h
        above = f(theta)
        theta[index] = kept - h
        below = f(theta)
        theta[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


@variant
def unit_directions(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """The rows of an identity matrix are the directions in which theta is moved."""
    return central_differences(f, theta, h)


@variant
def way_as_stored(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """Divided by the distance between the two points as they are stored, after rounding."""
    slopes = []
    for i in range(theta.numel()):
        above, below = theta.clone(), theta.clone()
        above.view(-1)[i] += h
        below.view(-1)[i] -= h
        way = above.view(-1)[i].item() - below.view(-1)[i].item()
        slopes.append((f(above) - f(below)) / way)
    return torch.tensor(slopes, dtype=theta.dtype).reshape(theta.shape)


@variant
def float32_result(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """The slopes are computed in float64 and collected in a tensor of the default dtype, float32."""
    gradient = torch.zeros(theta.shape)
    for index in itertools.product(*[range(size) for size in theta.shape]):
        step = torch.zeros_like(theta)
        step[index] = h
        gradient[index] = (f(theta + step) - f(theta - step)) / 2 / h
    return gradient


@variant
def numpy(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """NumPy finds the places, and its arrays hold the points."""
    start = theta.numpy()
    gradient = np.zeros_like(start)
    for index in np.ndindex(*start.shape):
        above, below = start.copy(), start.copy()
        above[index] += h
        below[index] -= h
        gradient[index] = (f(torch.from_numpy(above)) - f(torch.from_numpy(below))) / (2 * h)
    return torch.from_numpy(gradient)


@variant
def mean_of_both_sides(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """The mean of a forward and a backward difference, which is the central one."""
    here, gradient = f(theta), torch.empty_like(theta)
    for index in itertools.product(*map(range, theta.shape)):
        step = torch.zeros_like(theta)
        step[index] = h
        forward, backward = (f(theta + step) - here) / h, (here - f(theta - step)) / h
        gradient[index] = (forward + backward) / 2
    return gradient
