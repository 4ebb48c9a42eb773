"""relative_error returns the largest |a - n| / (|a| + |n|) of all entries, however small the gradients are."""

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    LOSS32,
    CheckFailed,
    StudentFunction,
    assert_at_most,
    assert_close,
    data_sets,
    row,
    variant,
    vectors,
)

from .shared import NEAR_GUARD

Pair = tuple[Tensor, Tensor]

A, N = row(2.0, 100.0, 0.0, -1.5), row(3.0, 101.0, 0.0, -1.25)
PAIRS = data_sets(max_size=6).map(lambda pair: (pair[0] * (pair[1] != 0), pair[1] * (pair[0] != 0)))
"""Two tensors of the same shape, of which some entries are equal, and some are 0 in both.

Where only one of them is 0, a wrong denominator leaves the guard alone, and its size would show.
"""
TOO_LARGE = [10.0**power for power in range(-11, 0)]
"""Guards that hide errors."""


def _worst(a: Tensor, n: Tensor, guard: float = 0.0, added: float = 0.0) -> float:
    """Return the largest error in plain Python, one entry after the other."""
    pairs = zip(a.flatten().tolist(), n.flatten().tolist(), strict=True)
    return max(abs(p - q) / (max(guard, abs(p) + abs(q)) + added) if p or q else 0.0 for p, q in pairs)


def _assert_error(error: float, a: Tensor, n: Tensor) -> None:
    """Fail unless it is the error of the worst entry, up to a part of itself; recognize a guard that is too large."""
    expected = _worst(a, n)
    if abs(error - expected) > LOSS32 * expected:
        guarded = [worst for size in TOO_LARGE for worst in (_worst(a, n, guard=size), _worst(a, n, added=size))]
        is_hidden = any(abs(error - worst) <= LOSS32 * worst for worst in guarded)
        raise CheckFailed("", error, expected, mistake="guard_too_large" if is_hidden else "")
    assert_close(error, expected, scale=expected)


@given(pair=PAIRS)
@example(pair=(A, N))
@example(pair=(A.view(2, 2), N.view(2, 2)))
@example(pair=(-A[0], N[0]))
@example(pair=(row(1.0), row(1 + 2.0**-13)))
@example(pair=(row(1.0, 2.0), row(1 + 2.0**-20, 2.0)))
def test_worst_entry(relative_error: StudentFunction, pair: Pair) -> None:
    """The error is the largest of the numbers |a - n| / (|a| + |n|), one for each entry; 0 where both are 0.

    The expected number comes from plain Python, one entry after the other. Small errors are as exact as large ones:
    where two gradients agree, nothing else is left.
    """
    _assert_error(relative_error(*pair), *pair)


@given(pair=PAIRS, power=st.integers(-33, -10))
@example(pair=(row(0.125), row(0.375)), power=-33)
@example(pair=(row(1.0), row(3.0)), power=-24)
def test_small_gradients(relative_error: StudentFunction, pair: Pair, power: int) -> None:
    """Small gradients have the error of large ones: 1e-9 and 3e-9 differ by half of their size, as 1 and 3 do.

    The guard of 1e-12 is for denominators of 0 or nearly 0; a larger one hides what is wrong with small slopes.
    """
    (a, n), c = pair, 2.0**power
    expected = relative_error(a, n)
    _assert_error(expected, a, n)
    error = relative_error(c * a, c * n)
    if abs(error - expected) > NEAR_GUARD * _worst(a, n):
        says = f"With both gradients multiplied by {c:.3g}, the error is {error:.4g} instead of {expected:.4g}."
        raise CheckFailed(says, error, expected, mistake="guard_too_large" if error < expected else "")


@given(a=vectors(max_size=6))
@example(a=A)
def test_equal_and_opposite(relative_error: StudentFunction, a: Tensor) -> None:
    """Equal gradients have the error 0, zeros included; where they are opposite, or one of them is 0, it is 1.

    |a - a| is 0. |a - (-a)| is |a| + |-a|, and |a - 0| is |a| + |0|, unless a is 0 altogether.
    """
    zeros, expected = torch.zeros_like(a), float(bool(a.any()))
    assert_close(relative_error(a, a), 0.0, says="The gradients are equal, but the error is not 0.")
    assert_close(relative_error(a, -a), expected, says="The gradients are opposite, but the error is not 1.")
    assert_close(relative_error(a, zeros), expected, says="The numerical gradient is 0, but the error is not 1.")
    assert_close(relative_error(zeros, a), expected, says="The analytical gradient is 0, but the error is not 1.")


@given(pair=PAIRS)
@example(pair=(A, N))
@example(pair=(row(0.25), row(-4.0)))
def test_between_0_and_1(relative_error: StudentFunction, pair: Pair) -> None:
    """The error lies between 0 and 1, whatever the gradients are.

    Going straight from a to n is never longer than going by way of 0: |a - n| <= |a| + |n|.
    """
    error = relative_error(*pair)
    assert_at_most(0.0, error, slack=LOSS32, says="The error is negative.")
    assert_at_most(error, 1.0, slack=LOSS32, says="The error is larger than 1.")


@given(pair=PAIRS, power=st.integers(-6, 6))
@example(pair=(A, N), power=-4)
def test_no_unit_and_no_order(relative_error: StudentFunction, pair: Pair, power: int) -> None:
    """The error is the same in any unit and in either order: relative_error(c * n, c * a) is relative_error(a, n).

    c cancels in the fraction, and |a - n| and |a| + |n| do not change when a and n swap places.
    """
    (a, n), c = pair, 2.0**power
    error = relative_error(a, n)
    assert_close(relative_error(n, a), error, says="The error changes when a and n swap places.")
    says = f"The error changes when both gradients are multiplied by {c}."
    assert_close(relative_error(c * a, c * n), error, says=says)


@given(pair=PAIRS, more=vectors(max_size=4))
@example(pair=(A, N), more=row(50.0, 0.0))
def test_right_entries_hide_nothing(relative_error: StudentFunction, pair: Pair, more: Tensor) -> None:
    """Further entries that agree, however many and however large, do not make the error smaller.

    One wrong parameter is a mistake, even among a million right ones.
    """
    a, n = pair
    longer = relative_error(torch.cat([a, more]), torch.cat([n, more]))
    says = f"The error changes when {len(more)} entries that agree are added."
    assert_close(longer, relative_error(a, n), says=says)


# Right answers in other styles


@variant
def loop(a: Tensor, n: Tensor) -> float:
    """Plain Python, one entry after the other."""
    worst = 0.0
    for p, q in zip(a.flatten().tolist(), n.flatten().tolist(), strict=True):
        worst = max(worst, abs(p - q) / max(1e-12, abs(p) + abs(q)))
    return worst


@variant
def where(a: Tensor, n: Tensor) -> float:
    """The zeros are replaced afterwards, where both entries are 0."""
    size = a.abs() + n.abs()
    return float(torch.where(size == 0, 0.0, (a - n).abs() / size).max())


@variant
def added_guard(a: Tensor, n: Tensor) -> float:
    """The guard is added to the denominator instead of being its least value."""
    return float(torch.max((a - n).abs() / (a.abs() + n.abs() + 1e-12)))


@variant
def float32(a: Tensor, n: Tensor) -> float:
    """Computed in float32."""
    p, q = a.float(), n.float()
    return float(((p - q).abs() / torch.clamp(p.abs() + q.abs(), min=1e-12)).max())


@variant
def numpy(a: Tensor, n: Tensor) -> float:
    """NumPy inside."""
    p, q = a.numpy(), n.numpy()
    return float(np.max(np.abs(p - q) / np.maximum(1e-12, np.abs(p) + np.abs(q))))


@variant
def tensor(a: Tensor, n: Tensor) -> Tensor:
    """A tensor without dimensions instead of a float."""
    return ((a - n).abs() / torch.maximum(a.abs() + n.abs(), torch.tensor(1e-12))).max()
