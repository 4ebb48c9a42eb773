"""`split_batches` cuts an order from front to back into batches of `batch_size`; only the last may be shorter."""

import math
from itertools import islice

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import CheckFailed, StudentFunction, assert_at_most, assert_close, variant


def _orders(min_size: int = 0) -> st.SearchStrategy[list[int]]:
    """Draw numbers without repetition, from a wider range than their positions so that the two differ."""
    return st.lists(st.integers(0, 20), min_size=min_size, max_size=12, unique=True)


@given(order=_orders(), batch_size=st.integers(1, 6))
@example(order=[3, 0, 6, 4, 1], batch_size=2)
@example(order=[3, 0, 6, 4], batch_size=2)
@example(order=[3, 0, 6, 4, 1, 8, 7], batch_size=3)
def test_number_by_number(split_batches: StudentFunction, order: list[int], batch_size: int) -> None:
    """Batches fill up one after another: a new one begins when the one before it is full.

    The expected batches come from plain Python, which deals with one number at a time.
    """
    expected: list[list[int]] = []
    for number in order:
        if not expected or len(expected[-1]) == batch_size:
            expected.append([])
        expected[-1].append(number)
    batches = split_batches(order, batch_size)
    if batches != expected:
        raise CheckFailed("These are not the batches of `order`, one after another.", batches, expected)


@given(order=_orders(), batch_size=st.integers(1, 6))
@example(order=[3, 0, 6, 4, 1], batch_size=2)
@example(order=[3, 0, 6, 4], batch_size=2)
@example(order=[3, 0, 6, 4, 1, 8, 7], batch_size=3)
def test_joined(split_batches: StudentFunction, order: list[int], batch_size: int) -> None:
    """An epoch uses every point once: joined end to end, the batches are `order` again.

    Nothing is lost, nothing comes twice, and nothing changes its place.
    """
    joined = [number for batch in split_batches(order, batch_size) for number in batch]
    if joined != order:
        raise CheckFailed("Joined end to end, the batches are not `order`.", joined, order)


@given(order=_orders(), batch_size=st.integers(1, 6))
@example(order=[3, 0, 6, 4, 1], batch_size=2)
@example(order=[3, 0, 6, 4], batch_size=2)
@example(order=[], batch_size=2)
def test_sizes(split_batches: StudentFunction, order: list[int], batch_size: int) -> None:
    """All batches but the last have batch_size points, and the last has at least 1 and at most batch_size.

    So an epoch has as many updates as it takes batches to hold all points: N / batch_size, rounded up.
    """
    sizes = [len(batch) for batch in split_batches(order, batch_size)]
    says = f"The number of batches for {len(order)} points, {batch_size} at a time, is {len(sizes)}."
    assert_close(len(sizes), math.ceil(len(order) / batch_size), tolerance=0, says=says)
    says = f"A batch before the last does not have {batch_size} points. The sizes are:"
    assert_close(sizes[:-1], [batch_size] * (len(sizes) - 1), tolerance=0, says=says)
    assert_at_most(sizes[-1:], batch_size, says=f"The last batch has more than {batch_size} points.")
    assert_at_most(1, sizes[-1:], says="The last batch is empty.")


@given(order=_orders(min_size=1), excess=st.integers(0, 3))
@example(order=[3, 0, 6], excess=0)
@example(order=[3, 0, 6], excess=2)
def test_both_ends(split_batches: StudentFunction, order: list[int], excess: int) -> None:
    """A batch size of N or more gives one batch of all points, and a batch size of 1 gives N batches of one point.

    These two ends have names of their own: batch gradient descent and stochastic gradient descent.
    """
    whole = split_batches(order, len(order) + excess)
    if whole != [order]:
        raise CheckFailed("All points fit into one batch, and the result is not this one batch.", whole, [order])
    batches, singles = split_batches(order, 1), [[number] for number in order]
    if batches != singles:
        raise CheckFailed("With a batch size of 1, the result is not one batch for every point.", batches, singles)


@variant
def while_loop(order: list[int], batch_size: int) -> list[list[int]]:
    """Slices that eat up the order from the front."""
    batches = []
    while order:
        batches.append(order[:batch_size])
        order = order[batch_size:]
    return batches


@variant
def iterator(order: list[int], batch_size: int) -> list[list[int]]:
    """An iterator that yields batch_size numbers at a time until none is left."""
    numbers = iter(order)
    batches = []
    while batch := list(islice(numbers, batch_size)):
        batches.append(batch)
    return batches


@variant
def append_and_clear(order: list[int], batch_size: int) -> list[list[int]]:
    """One number at a time into the open batch, which is closed when it is full."""
    batches, batch = [], []
    for number in order:
        batch.append(number)
        if len(batch) == batch_size:
            batches.append(batch)
            batch = []
    if batch:
        batches.append(batch)
    return batches


@variant
def torch_split(order: list[int], batch_size: int) -> tuple[Tensor, ...]:
    """Tensors of numbers, a tuple of them, as torch.split returns them."""
    return torch.split(torch.tensor(order), batch_size) if order else ()


@variant
def tuples(order: list[int], batch_size: int) -> list[tuple[int, ...]]:
    """Tuples of numbers in a list."""
    return [tuple(order[start : start + batch_size]) for start in range(0, len(order), batch_size)]
