"""ring_all_reduce must do every round as the docstring says: a reduce-scatter, and then an all-gather."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import CheckFailed, StudentFunction, assert_close, predict, row, variant

from .shared import plain_bounds

# No two sums of some of the numbers are equal, so every number says whose it is.
TWO = [row(1.0, 2.0), row(10.0, 20.0)]
THREE = [row(1.0, 2.0, 4.0), row(8.0, 16.0, 32.0), row(64.0, 128.0, 256.0)]
UNEVEN = [row(1.0, 2.0, 4.0, 8.0, 16.0), row(0.5, 32.0, 64.0, 128.0, 256.0), row(-1.0, -3.0, -5.0, -7.0, -9.0)]
SIX = [row(*(float(2 ** (6 * rank + place)) for place in range(6))) for rank in range(4)]
SHORT = [row(1.0, 2.0), row(4.0, 8.0), row(16.0, 32.0), row(64.0, 128.0)]


@st.composite
def worlds(draw: st.DrawFn, fewest: int = 1) -> list[Tensor]:
    """Draw the vectors of up to five ranks. All entries are above 0, so that adding changes every number."""
    ranks, size = draw(st.integers(fewest, 5)), draw(st.integers(1, 11))
    entries = st.integers(1, 40).map(lambda eighths: eighths / 8)
    return [torch.tensor(draw(st.lists(entries, min_size=size, max_size=size))) for _ in range(ranks)]


def _plain(vectors: list[Tensor]) -> list[list[list[float]]]:
    """Return the expected vectors at the start and after every round, in plain Python."""
    ranks, now = len(vectors), [vector.tolist() for vector in vectors]
    bounds, history = plain_bounds(len(now[0]), ranks), [now]
    for s in range(2 * (ranks - 1)):
        then = [list(vector) for vector in now]
        for rank in range(ranks):
            for place in range(*bounds[(rank - s) % ranks]):
                kept = now[(rank + 1) % ranks][place] if s < ranks - 1 else 0.0
                then[(rank + 1) % ranks][place] = now[rank][place] + kept
        history.append(then)
        now = then
    return history


def _size(vectors: list[Tensor]) -> float:
    return float(sum(vector.abs().max() for vector in vectors))


def _rounds(ring_all_reduce: StudentFunction, vectors: list[Tensor]) -> Any:
    """Return the entries of the result; raises CheckFailed if their number is wrong."""
    history, ranks = ring_all_reduce(vectors), len(vectors)
    if len(history) != 2 * ranks - 1:
        says = (
            f"For {ranks} ranks you return {len(history)} entries, expected {2 * ranks - 1}: the start and the rounds."
        )
        raise CheckFailed(says, history, _plain(vectors))
    return history


@given(vectors=worlds())
@example(vectors=TWO)
@example(vectors=THREE)
@example(vectors=UNEVEN)
def test_rounds(ring_all_reduce: StudentFunction, vectors: list[Tensor]) -> None:
    """The first entry holds the vectors as given, and one more follows for each of the 2 (P - 1) rounds."""
    history = _rounds(ring_all_reduce, vectors)
    says = "The first entry does not hold the vectors as they were given."
    assert_close(history[0], [vector.double() for vector in vectors], tolerance=0, says=says)


@given(vectors=worlds(fewest=2))
@example(vectors=TWO)
@example(vectors=THREE)
@example(vectors=UNEVEN)
@example(vectors=SIX)
@example(vectors=SHORT)
def test_every_round(ring_all_reduce: StudentFunction, vectors: list[Tensor]) -> None:
    """After every round each rank has the numbers that the docstring says.

    The expected values come from plain Python.
    """
    history = _rounds(ring_all_reduce, vectors)
    for number, (found, expected) in enumerate(zip(history, _plain(vectors), strict=True)):
        says = f"After round s = {number - 1}," if number else "At the start,"
        for rank, numbers in enumerate(found):
            what = f"{says} rank {rank} does not have the expected numbers."
            assert_close(numbers, expected[rank], scale=_size(vectors), says=what)


@given(vectors=worlds())
@example(vectors=TWO)
@example(vectors=THREE)
@example(vectors=UNEVEN)
def test_reduce_scatter(ring_all_reduce: StudentFunction, vectors: list[Tensor]) -> None:
    """After P - 1 rounds the sum is complete, and scattered: rank r has chunk r + 1 of it, the last rank chunk 0.

    Methods that share out the parameters stop here: each rank needs only its own piece of the sum.
    """
    ranks, total = len(vectors), torch.stack(vectors).double().sum(dim=0)
    halfway = _rounds(ring_all_reduce, vectors)[ranks - 1]
    for rank in range(ranks):
        start, stop = plain_bounds(len(vectors[0]), ranks)[(rank + 1) % ranks]
        says = f"After {ranks - 1} rounds, rank {rank} does not have the sum in its entries {start} to {stop - 1}."
        assert_close(halfway[rank][start:stop], total[start:stop], scale=_size(vectors), says=says)


@given(vectors=worlds())
@example(vectors=TWO)
@example(vectors=UNEVEN)
@example(vectors=SHORT)
@example(vectors=[row(1.0, 2.0, 4.0)])
def test_sum(ring_all_reduce: StudentFunction, vectors: list[Tensor]) -> None:
    """At the end every rank has the sum of all vectors, the same on all ranks to the last bit.

    Each chunk is added up once and then only copied, so that rounding cannot differ between the ranks.
    """
    last, total = _rounds(ring_all_reduce, vectors)[-1], torch.stack(vectors).double().sum(dim=0)
    for rank, found in enumerate(last):
        assert_close(found, total, scale=_size(vectors), says=f"At the end rank {rank} does not have the sum.")
        says = f"At the end rank {rank} does not have the same numbers as rank 0."
        assert_close(found, last[0], tolerance=0, says=says)


@given(vectors=worlds(fewest=2))
@example(vectors=THREE)
@example(vectors=UNEVEN)
def test_one_chunk_a_round(ring_all_reduce: StudentFunction, vectors: list[Tensor]) -> None:
    """In a round a rank receives one chunk and nothing else changes, so it sends less than 2 n numbers in total.

    If P divides n, it is 2 (P - 1) / P times n. That is why a ring of a thousand ranks sends no more for each of them
    than a ring of ten.
    """
    ranks, history = len(vectors), _rounds(ring_all_reduce, vectors)
    for number in range(1, len(history)):
        for rank in range(ranks):
            changed = (history[number][rank] != history[number - 1][rank]).nonzero().flatten().tolist()
            start, stop = plain_bounds(len(vectors[0]), ranks)[(rank - number) % ranks]
            beyond = [place for place in changed if not start <= place < stop]
            if beyond:
                says = f"In round s = {number - 1}, the entries {beyond} of rank {rank} change as well."
                raise CheckFailed(f"{says} It receives the entries {start} to {stop - 1}.", changed, [])


@predict(
    answer="About the same",
    because="A rank sends 2 (P - 1) / P times n numbers: 1.5 n for 4 ranks, and 1.875 n for 16. It never reaches 2 n.",
    otherwise={
        "About 4 times as many": "There are 5 times as many rounds, but a chunk has only a quarter of the size.",
        "About a quarter": "A chunk has a quarter of the size, but there are 5 times as many rounds.",
        "About 16 times as many": "That would be so if every rank sent its vector to every other one. In a ring, a rank"
        " sends to one neighbour only.",
    },
)
def four_times_the_ranks(ring_all_reduce: Callable[[list[Tensor]], list[list[Tensor]]]) -> dict[str, list[float]]:
    """4 ranks add up vectors of 480 numbers by a ring. Then 16 ranks do.

    How many numbers does each rank send, compared with before?
    """
    ranks = [2, 3, 4, 6, 8, 12, 16]
    sent = []
    for p in ranks:
        history = ring_all_reduce([torch.ones(480) for _ in range(p)])
        rounds = zip(history[1:], history[:-1], strict=True)
        sent.append(float(sum((new[0] != old[0]).sum() for new, old in rounds)))
    assert sent[2] == 720
    assert sent[-1] == 900
    return {"ranks": [float(p) for p in ranks], "numbers sent by a rank": sent}


# Right answers in other styles


@variant
def as_messages(vectors: list[Tensor]) -> list[list[Tensor]]:
    """All messages of a round first, then all receivers; two loops, and tensor_split."""
    ranks = len(vectors)
    state = [[part.clone() for part in vector.tensor_split(ranks)] for vector in vectors]
    history = [[torch.cat(chunks) for chunks in state]]
    for s in range(ranks - 1):
        messages = [state[rank][(rank - s) % ranks] for rank in range(ranks)]
        for rank in range(ranks):
            state[rank][(rank - 1 - s) % ranks] = state[rank][(rank - 1 - s) % ranks] + messages[rank - 1]
        history.append([torch.cat(chunks) for chunks in state])
    for s in range(ranks - 1):
        messages = [state[rank][(rank + 1 - s) % ranks].clone() for rank in range(ranks)]
        for rank in range(ranks):
            state[rank][(rank - s) % ranks] = messages[rank - 1]
        history.append([torch.cat(chunks) for chunks in state])
    return history


@variant
def masked(vectors: list[Tensor]) -> list[list[Tensor]]:
    """One matrix with a row for each rank, and a mask of what is received."""
    ranks, table = len(vectors), torch.stack(vectors)
    sizes = torch.tensor([stop - start for start, stop in plain_bounds(table.shape[1], ranks)])
    owner = torch.repeat_interleave(torch.arange(ranks), sizes)
    history = [list(table.clone())]
    for s in range(2 * (ranks - 1)):
        arrives = (torch.arange(ranks)[:, None] - 1 - s) % ranks == owner
        other = table.roll(1, dims=0)
        table = torch.where(arrives, other + table if s < ranks - 1 else other, table)
        history.append([numbers.clone() for numbers in table])
    return history


@variant
def in_numpy(vectors: list[Tensor]) -> list[list[Tensor]]:
    """NumPy in double precision; the receiver looks at its predecessor, and copies of everything are kept."""
    ranks = len(vectors)
    now = np.stack([vector.double().numpy() for vector in vectors])
    history = [now.copy()]
    for s in range(2 * ranks - 2):
        old = now.copy()
        for rank in range(ranks):
            start, stop = plain_bounds(now.shape[1], ranks)[(rank - 1 - s) % ranks]
            now[rank, start:stop] = old[rank - 1, start:stop] + (old[rank, start:stop] if s < ranks - 1 else 0)
        history.append(now.copy())
    return [[torch.tensor(numbers, dtype=vectors[0].dtype) for numbers in table] for table in history]


@variant
def backwards(vectors: list[Tensor]) -> list[list[Tensor]]:
    """Without a snapshot of the round: what a rank sends in a round is not what it receives, so the order is free."""
    ranks = len(vectors)
    now = [vector.clone() for vector in vectors]
    history = [[vector.clone() for vector in now]]
    for s in range(2 * (ranks - 1)):
        for sender in reversed(range(ranks)):
            start, stop = plain_bounds(len(now[0]), ranks)[(sender - s) % ranks]
            receiver = now[(sender + 1) % ranks]
            if s >= ranks - 1:
                receiver[start:stop] = 0
            receiver[start:stop] += now[sender][start:stop]
        history.append([vector.clone() for vector in now])
    return history
