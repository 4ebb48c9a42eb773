"""shard_bounds must divide the samples among the ranks: all of them, each once, and as evenly as possible."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from grader.authoring import StudentFunction, assert_close, predict, variant

from .shared import Bounds, plain_bounds

sizes, worlds = st.integers(0, 40), st.integers(1, 9)


@given(n=sizes, world_size=worlds)
@example(n=4, world_size=2)
@example(n=3, world_size=2)
@example(n=5, world_size=4)
@example(n=10, world_size=4)
def test_every_sample_once(shard_bounds: StudentFunction, n: int, world_size: int) -> None:
    """Every rank gets a shard, and end to end the shards are 0 to n - 1: no sample is lost, and none comes twice."""
    bounds = shard_bounds(n, world_size)
    assert_close(len(bounds), world_size, tolerance=0, says=f"You return {len(bounds)} pairs for {world_size} ranks.")
    held = [sample for start, stop in bounds for sample in range(int(start), int(stop))]
    says = f"Joined, the shards are the samples {held}, expected each of the {n} samples once, in order."
    assert_close(held, list(range(n)), tolerance=0, says=says)


@given(n=sizes, world_size=worlds)
@example(n=3, world_size=2)
@example(n=5, world_size=4)
@example(n=10, world_size=4)
@example(n=2, world_size=4)
def test_even(shard_bounds: StudentFunction, n: int, world_size: int) -> None:
    """The sizes differ by at most 1, and no shard is larger than the one before.

    All ranks wait for the slowest one, so the largest shard says how long a step takes.
    """
    held = [int(stop) - int(start) for start, stop in shard_bounds(n, world_size)]
    expected = [stop - start for start, stop in plain_bounds(n, world_size)]
    assert_close(held, expected, tolerance=0, says=f"Your shards have {held} samples, expected {expected}.")


@given(n=sizes, world_size=worlds)
@example(n=3, world_size=4)
@example(n=0, world_size=2)
def test_bounds(shard_bounds: StudentFunction, n: int, world_size: int) -> None:
    """The bounds are those of dealing out the samples one by one, and empty shards stand at the end, at (n, n).

    The expected values come from plain Python.
    """
    assert_close(shard_bounds(n, world_size), plain_bounds(n, world_size), tolerance=0)


@given(n=sizes, world_size=worlds)
@example(n=10, world_size=4)
def test_one_more_each(shard_bounds: StudentFunction, n: int, world_size: int) -> None:
    """With one more sample for each rank, every shard is longer by 1, and rank r starts r samples later."""
    fewer, more = shard_bounds(n, world_size), shard_bounds(n + world_size, world_size)
    shifted = [(start + rank, stop + rank + 1) for rank, (start, stop) in enumerate(fewer)]
    says = f"With {n + world_size} samples for {world_size} ranks, not every shard is longer by 1 than with {n}."
    assert_close(more, shifted, tolerance=0, says=says)


@predict(
    answer="8 times as fast",
    because="The largest shard has 8 samples, and all others wait for it: the time falls from 64 samples to 8.",
    otherwise={
        "9 times as fast": "That would need shards of 64 / 9 = 7.1 samples. Samples are whole, so one rank has 8, and"
        " the others wait for it.",
        "7 times as fast": "Seven is what the small shards have. The time is that of the largest one.",
    },
)
def nine_ranks(shard_bounds: Callable[[int, int], Bounds]) -> dict[str, list[float]]:
    """A batch of 64 samples is divided among 9 ranks. A sample takes one unit of time, and messages take none.

    How much faster is a step than on one rank?
    """
    ranks = list(range(1, 33))
    speed = [64 / max(stop - start for start, stop in shard_bounds(64, p)) for p in ranks]
    assert speed[8] == 8 == speed[7]
    return {"ranks": [float(p) for p in ranks], "times as fast": speed}


# Right answers in other styles


@variant
def tensor_split(n: int, world_size: int) -> list[tuple[int, ...]]:
    """torch.tensor_split, and the sums of the lengths."""
    stops = torch.tensor([len(part) for part in torch.arange(n).tensor_split(world_size)]).cumsum(0).tolist()
    return list(zip([0, *stops[:-1]], stops, strict=True))


@variant
def running(n: int, world_size: int) -> list[list[int]]:
    """A loop that gives each rank its share of what is left, and lists of two."""
    result, start = [], 0
    for left in range(world_size, 0, -1):
        stop = start + math.ceil((n - start) / left)
        result.append([start, stop])
        start = stop
    return result


@variant
def array_split(n: int, world_size: int) -> list[tuple[int, int]]:
    """NumPy's array_split."""
    parts = np.array_split(np.arange(n), world_size)
    return [(int(part[0]), int(part[-1]) + 1) if len(part) else (n, n) for part in parts]


@variant
def counted(n: int, world_size: int) -> list[tuple[int, int]]:
    """The number of samples that are dealt to a rank, as cards are."""
    bounds: list[tuple[int, int]] = []
    for rank in range(world_size):
        start = bounds[-1][1] if bounds else 0
        bounds.append((start, start + (n + world_size - 1 - rank) // world_size))
    return bounds
