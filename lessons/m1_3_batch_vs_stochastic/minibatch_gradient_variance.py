"""`minibatch_gradient_variance` is the mean squared distance from the full gradient over all batches of one size."""

from collections.abc import Callable
from itertools import combinations

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
    predict,
    row,
    variant,
)

from .shared import POINTS, SMALL, Pair

# The gradients of 2 to 6 points, shape (N, 2), and an example in which neither column has mean 0.
GRADIENTS = data_sets(2, 6).map(lambda columns: torch.stack(columns, dim=1))
GRADS = torch.stack(POINTS, dim=1)


def _square_size(grads: Tensor) -> float:
    """Return the natural size of a squared distance of gradients."""
    return largest(grads) ** 2


@given(grads=GRADIENTS)
@example(grads=GRADS)
def test_all_batches(minibatch_gradient_variance: StudentFunction, grads: Tensor) -> None:
    """The variance is the mean of the squared distance over all batches of this size.

    With so few points Python can go through every single batch.
    """
    n, rows = len(grads), as_tensor(grads)
    for batch_size in range(1, n + 1):
        means = torch.stack([rows[list(batch)].mean(dim=0) for batch in combinations(range(n), batch_size)])
        expected = ((means - rows.mean(dim=0)) ** 2).sum(dim=1).mean().item()
        variance = minibatch_gradient_variance(grads, batch_size)
        says = f"For {n} points in batches of {batch_size}, this is not the mean squared distance over all batches."
        assert_close(variance, expected, scale=_square_size(grads), says=says)


@given(grads=GRADIENTS)
@example(grads=GRADS)
def test_no_noise_at_all(minibatch_gradient_variance: StudentFunction, grads: Tensor) -> None:
    """A batch of all N points has no noise: its gradient is the full gradient, and the variance is 0.

    There is only one such batch, so nothing is left to chance.
    """
    variance = minibatch_gradient_variance(grads, len(grads))
    says = f"The batch of all {len(grads)} points has the full gradient, but the variance is not 0."
    assert_close(variance, 0.0, scale=_square_size(grads), says=says)


@given(grads=GRADIENTS)
@example(grads=GRADS)
def test_larger_batches_are_calmer(minibatch_gradient_variance: StudentFunction, grads: Tensor) -> None:
    """A batch of B points has at most 1/B of the variance of a single point, and never a variance below 0.

    In a mean, deviations to one side and to the other cancel, and a batch takes no point twice.
    """
    single = minibatch_gradient_variance(grads, 1)
    slack = LOSS32 * _square_size(grads)
    for batch_size in range(2, len(grads) + 1):
        variance = minibatch_gradient_variance(grads, batch_size)
        says = f"With batches of {batch_size} the variance is above 1/{batch_size} of the one with batches of 1:"
        assert_at_most(variance, single / batch_size, slack=slack, says=says)
        assert_at_most(0.0, variance, slack=slack, says="A mean of squared distances is below 0.")


@given(grads=GRADIENTS)
@example(grads=GRADS)
def test_batch_and_rest(minibatch_gradient_variance: StudentFunction, grads: Tensor) -> None:
    """A batch and the points that it leaves out balance: B**2 times the variance is the same for B and for N - B.

    B times the deviation of a batch from the full gradient, plus N - B times that of the rest, is the zero vector, for
    the deviations of all points add up to zero.
    """
    n = len(grads)
    for size in range(1, n // 2 + 1):
        rest = n - size
        batch_side = size**2 * minibatch_gradient_variance(grads, size)
        rest_side = rest**2 * minibatch_gradient_variance(grads, rest)
        says = f"Of {n} points, {size}**2 times the variance of {size} is not {rest}**2 times that of {rest}:"
        assert_close(batch_side, rest_side, scale=n**2 * _square_size(grads), says=says)


@given(
    grads=GRADIENTS,
    batch_size=st.integers(1, 6),
    shift=st.tuples(numbers(), numbers()),
    factor=st.sampled_from((SMALL, 2.0, 3.0, 4.0)),
)
@example(grads=GRADS, batch_size=2, shift=(1.0, -2.0), factor=3.0)
@example(grads=GRADS, batch_size=2, shift=(1.0, -2.0), factor=SMALL)
def test_moved_and_stretched(
    minibatch_gradient_variance: StudentFunction, grads: Tensor, batch_size: int, shift: Pair, factor: float
) -> None:
    """Only the spread counts: one vector added to all gradients changes nothing, and a factor s comes out as s**2.

    Distances do not change when everything moves alike, and squared distances grow with the square of the scale.
    """
    batch_size = min(batch_size, len(grads))
    variance = minibatch_gradient_variance(grads, batch_size)
    moved = grads + row(*shift)
    says = f"With the vector {shift} added to every gradient, the variance changes."
    size = _square_size(grads) + _square_size(moved)
    assert_close(minibatch_gradient_variance(moved, batch_size), variance, scale=size, says=says)
    stretched = minibatch_gradient_variance(factor * grads, batch_size)
    says = f"{factor} times the gradients do not have {factor}**2 times the variance."
    assert_close(stretched, factor**2 * variance, scale=factor**2 * _square_size(grads), says=says)


@predict(
    answer="By 6.",
    because="The variance is sigma^2 / B times (N - B) / (N - 1): the mean gives the factor 4, and since no point is "
    "drawn twice, (100 - 10) / (100 - 40) = 1.5 comes on top.",
    otherwise={
        "By 2.": "That is the root: the typical distance falls by 2 if the points of a batch are independent, and its "
        "square by 4.",
        "By 4.": "That is right for batches that may hold a point several times. Without repetition a large batch "
        "leaves fewer points to chance.",
        "By 16.": "A sum of independent values has a variance that grows with their number, so dividing by B, squared, "
        "leaves 1 / B.",
    },
)
def four_times_the_batch(minibatch_gradient_variance: Callable[[Tensor, int], float]) -> dict[str, Tensor]:
    """Of 100 points a batch takes 40 different ones instead of 10.

    By which factor does the mean squared distance between the gradient of a batch and the full gradient fall?
    """
    grads = torch.randn(100, 2, generator=torch.Generator().manual_seed(42), dtype=torch.float64)
    variances = [minibatch_gradient_variance(grads, batch_size) for batch_size in range(1, 101)]
    assert abs(variances[9] / variances[39] - 6) < 1e-6, "the factor is 6"
    return {"batch size": torch.arange(1, 101), "mean squared distance": torch.tensor(variances)}


@variant
def all_batches(grads: Tensor, batch_size: int) -> float:
    """The definition itself: the mean over all batches, by itertools.combinations."""
    batches = torch.tensor(list(combinations(range(len(grads)), batch_size)))
    return ((grads[batches].mean(dim=1) - grads.mean(dim=0)) ** 2).sum(dim=1).mean().item()


@variant
def torch_var(grads: Tensor, batch_size: int) -> float:
    """torch.var, which divides by N - 1, and the matching factor 1 - B/N."""
    return (grads.var(dim=0).sum() / batch_size * (1 - batch_size / len(grads))).item()


@variant
def covariance(grads: Tensor, batch_size: int) -> float:
    """The trace of the covariance matrix, in float32."""
    n = len(grads)
    covariance = torch.cov(grads.float().T, correction=0)
    return covariance.trace().item() / batch_size * (n - batch_size) / (n - 1)


@variant
def plain_python(grads: Tensor, batch_size: int) -> float:
    """Plain Python loops over the rows."""
    rows = grads.tolist()
    n = len(rows)
    mean_w, mean_b = (sum(column) / n for column in zip(*rows, strict=True))
    spread: float = sum((g_w - mean_w) ** 2 + (g_b - mean_b) ** 2 for g_w, g_b in rows) / n
    return spread / batch_size * (n - batch_size) / (n - 1)
