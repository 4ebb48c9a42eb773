"""diagnose must recognise runs that really went wrong, in any unit and above any floor."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from grader.authoring import CheckFailed, StudentFunction, examples, predict, variant

Losses = list[float]
Run = tuple[str, Losses, Losses]
"""The diagnosis, the training losses and the validation losses."""

# Recorded by `training_run` of the README, with other seeds, numbers of samples and learning rates.
# Rounded, and long runs have every second or every fourth epoch.
_RECORDED = (
    (
        "healthy",
        "1.384 0.981 0.709 0.638 0.606 0.587 0.547 0.539 0.531 0.538 0.532 0.497 0.541 0.525 0.495 0.486 0.464",
        "1.392 0.971 0.687 0.625 0.638 0.67 0.637 0.612 0.658 0.618 0.648 0.609 0.641 0.647 0.652 0.644 0.614",
    ),
    (
        "healthy",
        "1.398 1.037 0.789 0.695 0.671 0.701 0.676 0.598 0.577 0.588 0.56 0.536 0.569 0.529 0.533 0.503 0.508",
        "1.404 1.042 0.8 0.737 0.72 0.764 0.725 0.665 0.644 0.67 0.634 0.627 0.641 0.614 0.625 0.596 0.592",
    ),
    (
        "healthy",
        "1.408 1.04 0.859 0.777 0.796 0.761 0.742 0.723 0.735 0.713 0.716 0.695 0.708 0.679 0.668",
        "1.395 0.961 0.64 0.43 0.468 0.458 0.41 0.403 0.416 0.439 0.392 0.376 0.414 0.367 0.348",
    ),
    (
        "too slow",
        "1.407 1.406 1.405 1.404 1.403 1.402 1.401 1.4 1.399 1.398 1.398 1.397 1.396",
        "1.4 1.399 1.398 1.397 1.397 1.396 1.395 1.394 1.393 1.392 1.392 1.391 1.39",
    ),
    (
        "too slow",
        "1.377 1.375 1.374 1.372 1.371 1.369 1.367 1.366 1.364 1.363 1.361 1.359 1.358 1.356 1.355 1.353",
        "1.383 1.381 1.38 1.378 1.377 1.375 1.374 1.372 1.371 1.37 1.368 1.367 1.365 1.364 1.362 1.361",
    ),
    (
        "overfitting",
        "1.387 1.081 0.717 0.519 0.421 0.359 0.303 0.265 0.232 0.208 0.213 0.176 0.167",
        "1.402 1.205 0.975 0.855 0.803 0.894 1.001 1.14 1.249 1.319 1.328 1.57 1.743",
    ),
    (
        "overfitting",
        "1.364 0.991 0.686 0.467 0.351 0.285 0.236 0.201 0.176 0.15 0.131 0.116 0.1",
        "1.408 1.32 1.013 0.875 0.981 1.068 1.197 1.339 1.415 1.528 1.527 1.696 1.732",
    ),
    (
        "overfitting",
        "1.382 1.115 0.961 0.718 0.577 0.474 0.411 0.386 0.381 0.322 0.429 0.248 0.324 0.283 0.375 0.221 0.243",
        "1.388 1.333 1.242 1.116 1.089 1.131 1.213 1.34 1.545 1.484 1.579 1.583 1.845 2.005 2.426 1.93 1.726",
    ),
    (
        "diverged",
        "1.426 3.043 1.597 2.118 4.544 2784.2 120194608 3.818 3.929 3.157 1.793",
        "1.408 3.204 1.553 2.392 3.389 2535.41 99147472 3.761 4.021 3.044 1.782",
    ),
    (
        "diverged",
        "1.397 3.279 1.396 1.483 1.312 2.468 1.441 7.146 4.582 3.87 3.058",
        "1.399 2.934 1.422 1.683 1.534 2.663 1.676 10.006 4.627 3.718 2.32",
    ),
    (
        "nan",
        "1.384 1.393 1.241 1.05 0.723 0.603 0.358 0.676 nan nan nan nan nan",
        "1.377 1.436 1.711 1.731 1.287 1.902 1.149 1.824 nan nan nan nan nan",
    ),
)
RUNS: tuple[Run, ...] = tuple(
    (name, [float(loss) for loss in train.split()], [float(loss) for loss in val.split()])
    for name, train, val in _RECORDED
)
HEALTHY = RUNS[0]
FINITE = tuple(run for run in RUNS if run[0] != "nan")

some_runs, finite_runs = st.sampled_from(RUNS), st.sampled_from(FINITE)
some_units, some_floors = st.sampled_from([1 / 16, 1 / 4, 2.0, 16.0]), st.sampled_from([0.5, 2.0, 8.0])


def _expect(diagnose: StudentFunction, run: Run, story: str) -> None:
    """Fail unless the diagnosis is that of the run; the story says what happened in it."""
    name, train, val = run
    found = diagnose(train, val)
    if found != name:
        raise CheckFailed(f"{story} The diagnosis is {found!r}, expected {name!r}.", found, name)


def _recorded(name: str) -> list[Run]:
    return [run for run in RUNS if run[0] == name]


def test_nan(diagnose: StudentFunction) -> None:
    """A run in which a loss becomes NaN is "nan": for ever, for one epoch, or before the first epoch already."""
    _, train, val = HEALTHY
    once = [math.nan if place == 4 else loss for place, loss in enumerate(train)]
    runs = [*_recorded("nan"), ("nan", once, [old + new for old, new in zip(val, once, strict=True)])]
    for run in [*runs, ("nan", train, [math.nan, *val[1:]])]:
        _expect(diagnose, run, "A loss is NaN.")


def test_diverged(diagnose: StudentFunction) -> None:
    """Runs with a much too high learning rate have diverged: the training loss ends above where it began."""
    falls = [2.0, 0.5, 0.5, 0.5, 0.5, 1.5, 5.0]  # for most of the time
    for run in [("diverged", falls, falls), *_recorded("diverged")]:
        _expect(diagnose, run, "The training loss ended above where it began.")


def test_overfitting(diagnose: StudentFunction) -> None:
    """Runs with few samples overfit: the validation loss gives back more than half of what it had gained."""
    # In the first one the training loss falls in a straight line, which would be too slow.
    for run in [("overfitting", [5.0, 4.0, 3.0, 2.0, 1.0], [4.0, 2.0, 2.0, 4.0, 4.0]), *_recorded("overfitting")]:
        _expect(diagnose, run, "The validation loss fell, and then gave back more than half of that.")


def test_too_slow(diagnose: StudentFunction) -> None:
    """Runs with a tiny learning rate are too slow: they fall in the second half nearly as much as in the first."""
    for run in [("too slow", [5.0, 4.0, 3.0, 2.0, 1.0], [5.0, 4.0, 3.0, 2.0, 1.0]), *_recorded("too slow")]:
        _expect(diagnose, run, "The training loss fell in the second half nearly as much as in the first.")


def test_healthy(diagnose: StudentFunction) -> None:
    """Ordinary runs are healthy, also those whose validation loss is lower than the training loss.

    In the second of them the training loss nearly reaches 0: a fall is a difference of losses, not a quotient. In the
    last a fifth of the training labels is random, and the validation labels are not.
    """
    noisy = ("healthy", [5.0, 2.0, 1.5, 1.25, 1.0], [5.0, 3.0, 2.0, 2.0, 2.5])
    learned = ("healthy", [8.0, 3.0, 1.0, 0.25, 0.0625], [8.0, 3.0, 1.25, 0.75, 0.5])
    for run in [noisy, learned, *_recorded("healthy")]:
        _expect(diagnose, run, "Both losses fell, fast at first and slowly later, and stayed low.")


@examples(8)
@given(run=some_runs, in_val=st.booleans(), place=st.integers(0, 10), loss=st.sampled_from([math.nan, math.inf]))
@example(run=RUNS[10], in_val=False, place=9, loss=math.nan)
@example(run=HEALTHY, in_val=False, place=4, loss=math.nan)
@example(run=HEALTHY, in_val=True, place=16, loss=math.nan)
@example(run=HEALTHY, in_val=True, place=4, loss=math.nan)
@example(run=HEALTHY, in_val=True, place=4, loss=math.inf)
@example(run=HEALTHY, in_val=False, place=7, loss=math.inf)
@example(run=RUNS[8], in_val=True, place=10, loss=math.nan)
def test_not_finite(diagnose: StudentFunction, run: Run, in_val: bool, place: int, loss: float) -> None:
    """A single loss that is NaN or infinite, in either list, is reported before everything else.

    Comparisons with NaN are False, so the other rules say nothing about such a run.
    """
    _, train, val = run
    spoilt = [loss if number == place else each for number, each in enumerate(val if in_val else train)]
    lists = (train, spoilt) if in_val else (spoilt, val)
    where = "validation" if in_val else "training"
    _expect(diagnose, ("nan", *lists), f"{where.capitalize()} loss {place} is {loss}.")


@examples(12)
@given(run=finite_runs, unit=some_units)
@example(run=HEALTHY, unit=2.0)
@example(run=RUNS[3], unit=16.0)
@example(run=RUNS[5], unit=16.0)
def test_unit(diagnose: StudentFunction, run: Run, unit: float) -> None:
    """Multiplying all losses by the same number changes no diagnosis: nats or bits, a mean or a sum."""
    name, train, val = run
    changed = [unit * loss for loss in train], [unit * loss for loss in val]
    _expect(diagnose, (name, *changed), f"All losses of a run were multiplied by {unit:g}.")


@examples(12)
@given(run=finite_runs, floor=some_floors)
@example(run=HEALTHY, floor=8.0)
@example(run=RUNS[5], floor=8.0)
@example(run=RUNS[8], floor=8.0)
@example(run=RUNS[9], floor=8.0)
def test_floor(diagnose: StudentFunction, run: Run, floor: float) -> None:
    """Adding the same number to all losses changes no diagnosis.

    No model gets below a floor that the data set, and the floor is not known: that of a language model is not 0.
    """
    name, train, val = run
    changed = [loss + floor for loss in train], [loss + floor for loss in val]
    _expect(diagnose, (name, *changed), f"{floor:g} was added to all losses of a run.")


@examples(12)
@given(run=finite_runs, gap=st.sampled_from([-0.25, 0.25, 1.0, 4.0]))
@example(run=HEALTHY, gap=-0.25)
@example(run=HEALTHY, gap=4.0)
@example(run=RUNS[5], gap=-0.25)
def test_gap(diagnose: StudentFunction, run: Run, gap: float) -> None:
    """A constant distance between the two curves changes no diagnosis: each is compared with itself only.

    Validation data may be easier or harder than the training data, and dropout makes only the training loss larger.
    """
    name, train, val = run
    changed = [loss + gap for loss in val]
    _expect(diagnose, (name, train, changed), f"{gap:g} was added to all validation losses of a run.")


@examples(12)
@given(run=finite_runs)
@example(run=RUNS[3])
@example(run=HEALTHY)
def test_logged_twice_as_often(diagnose: StudentFunction, run: Run) -> None:
    """A run that is logged twice as often has the same diagnosis.

    Between two losses stands their mean, so the curve is the same one.
    """
    name, train, val = run
    train, val = (
        [value for a, b in itertools.pairwise(c) for value in (a, (a + b) / 2)] + c[-1:] for c in (train, val)
    )
    _expect(diagnose, (name, train, val), "A run was logged twice as often.")


def test_spike(diagnose: StudentFunction) -> None:
    """A spike that passes does not mean that the run diverged: one bad epoch in a healthy run changes nothing."""
    for number, spike in ((0, 1), (2, 3)):
        name, train, val = RUNS[number]
        train, val = (
            [4 * loss if place == spike else loss for place, loss in enumerate(losses)] for losses in (train, val)
        )
        _expect(diagnose, (name, train, val), "In a healthy run the losses of one early epoch are 4 times as large.")


@predict(
    answer="Nothing",
    because="The data set a floor under the loss, for example where labels are random, and you do not know where it is."
    " Differences of losses do not contain it.",
    otherwise={
        "A training loss that ends at 0.95 of its start means that nothing was learned.": "Above a floor of 10, falling"
        " from 11.4 to 10.5 is 92 %, and it is the healthy run of before.",
        "The validation loss must be closer to the training loss.": "Both grow by 10, and their difference stays.",
    },
)
def floor_of_ten(diagnose: Callable[..., str]) -> dict[str, torch.Tensor]:
    """The loss function has the constant 10 added to it.

    What does that change about the curves of a healthy run, apart from the numbers on the axis?
    """
    _, train, val = HEALTHY
    assert diagnose(train, val) == diagnose([x + 10 for x in train], [x + 10 for x in val]) == "healthy"
    return {"epoch": torch.arange(float(len(train))), "loss": torch.tensor(train) + 10}


# Right answers in other styles


@variant
def with_numpy(train: list[float], val: list[float]) -> str:
    """NumPy arrays, and shares that are divided out."""
    t, v = np.array(train), np.array(val)
    if not np.isfinite(np.concatenate([t, v])).all():
        return "nan"
    if t[-1] > t[0]:
        return "diverged"
    best = v.argmin()
    gained, lost = v[0] - v[best], v[-1] - v[best]
    if gained == 0 or lost / gained > 0.5:
        return "overfitting"
    first, second = np.split(t, [len(t) // 2])
    return "too slow" if second[0] - second[-1] > 0.5 * (first[0] - second[0]) else "healthy"


@variant
def with_torch(train: list[float], val: list[float]) -> str:
    """float32 tensors, a test of the sum, and the other middle."""
    t, v = torch.tensor(train), torch.tensor(val)
    if not (t.sum() + v.sum()).isfinite():
        return "nan"
    half = (len(t) - 1) // 2
    rules = {
        "diverged": t[-1] > t[0],
        "overfitting": v[-1] > (v[0] + v.min()) / 2,
        "too slow": 2 * (t[half] - t[-1]) > t[0] - t[half],
    }
    return next((name for name, fits in rules.items() if fits), "healthy")


@variant
def own_borders(train: list[float], val: list[float]) -> str:
    """Borders of its own, and the last losses averaged."""
    if any(math.isnan(loss) or math.isinf(loss) for loss in train + val):
        return "nan"
    if sum(train[-2:]) / 2 > train[0]:
        return "diverged"
    normal = [(loss - min(val)) / (max(val[0], min(val) + 1e-12) - min(val)) for loss in val]
    if sum(normal[-3:]) / 3 > 0.4:
        return "overfitting"
    middle = len(train) // 2
    share = (train[0] - train[middle]) / (train[0] - train[-1])
    return "too slow" if share < 0.62 else "healthy"
