"""What must hold of relative_error in lesson 1.5."""

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

A = row(2.0, 100.0, 0.0, -1.5)


N = row(3.0, 101.0, 0.0, -1.25)


GUARDS = [10.0**power for power in range(-11, 0)]
"""Those that are too large."""


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
    """A tensor without dimensions where a float is asked."""
    return ((a - n).abs() / torch.maximum(a.abs() + n.abs(), torch.tensor(1e-12))).max()
