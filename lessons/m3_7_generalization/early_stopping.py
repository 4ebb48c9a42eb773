"""early_stopping must stop after `patience` epochs in a row without improvement, and name the best epoch."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from grader.authoring import CheckFailed, StudentFunction, numbers, predict, variant

Found = dict[str, Any]

# Rises once, falls below, rises again: the count has to begin again. The last loss is the lowest of all.
TWICE = [5.0, 3.0, 3.5, 2.0, 2.5, 2.25, 2.75, 1.0]
# The second loss is as low as the first, and each loss after it a little lower than the one before.
CREEP = [4.0, 4.0, 3.75, 3.5, 3.25, 3.0, 2.75]
some_losses = st.lists(numbers(0, 3), min_size=1, max_size=12)
some_patience = st.integers(1, 4)
some_delta = st.sampled_from([0.0, 0.125, 0.5, 1.0])


def _plain(losses: list[float], patience: int, min_delta: float) -> Found:
    """Return the expected result, found by looking back from each epoch instead of counting."""
    improved = [0]
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[improved[-1]] - min_delta:
            improved.append(epoch)
        if epoch - improved[-1] == patience:
            return {"stop": epoch, "best": improved[-1], "loss": losses[improved[-1]]}
    return {"stop": None, "best": improved[-1], "loss": losses[improved[-1]]}


def _require(found: Any, expected: Found, says: str, key: str | None = None) -> None:
    """Fail unless the result, or the part of it under a key, is the expected one; numbers may be tensors."""
    for part in [key] if key else expected:
        if not isinstance(found, dict) or set(found) != set(expected):
            raise CheckFailed('The result is not a dict with the keys "stop", "best" and "loss".', found, expected)
        value, wanted = found[part], expected[part]
        same = value is None if wanted is None else value is not None and float(value) == wanted
        if not same:
            raise CheckFailed(says, found, expected)


@given(losses=some_losses, patience=some_patience)
@example(losses=[2.0, 2.0], patience=1)
@example(losses=[2.0, 2.0, 2.0, 2.0], patience=2)
@example(losses=[1.0, 3.0, 2.5, 2.0, 1.5], patience=3)
def test_where_it_stops(early_stopping: StudentFunction, losses: list[float], patience: int) -> None:
    """With min_delta = 0, it stops at the epoch that makes it `patience` epochs in a row without a lower loss.

    A loss that is equal to the lowest one is not an improvement.
    """
    expected = _plain(losses, patience, 0.0)
    place = "runs to the end" if expected["stop"] is None else f"stops at epoch {expected['stop']}"
    says = f"With patience {patience}, this training {place}."
    _require(early_stopping(losses, patience, 0.0), expected, says, "stop")


@given(losses=some_losses, patience=some_patience)
@example(losses=[3.0, 2.0, 4.0], patience=1)
@example(losses=TWICE, patience=3)
def test_best_epoch(early_stopping: StudentFunction, losses: list[float], patience: int) -> None:
    """With min_delta = 0, "best" is the first epoch with the lowest loss up to the stop, and "loss" is its loss.

    The parameters of that epoch are those to keep, and not those of the epoch at which training stops.
    """
    stop = _plain(losses, patience, 0.0)["stop"]
    seen = losses if stop is None else losses[: stop + 1]
    expected = {"stop": stop, "best": seen.index(min(seen)), "loss": min(seen)}
    says = f"Up to the stop, the lowest loss is {min(seen):g}, at epoch {expected['best']}."
    _require(early_stopping(losses, patience, 0.0), expected, says)


@given(size=st.integers(1, 9), patience=some_patience)
@example(size=1, patience=1)
@example(size=5, patience=1)
def test_falling(early_stopping: StudentFunction, size: int, patience: int) -> None:
    """A loss that falls in every epoch never stops the training, and the last epoch is the best."""
    losses = [2.0 - epoch / 8 for epoch in range(size)]
    expected = {"stop": None, "best": size - 1, "loss": losses[-1]}
    _require(early_stopping(losses, patience, 0.0), expected, "The loss falls to the end.")


@given(losses=some_losses, patience=some_patience, min_delta=some_delta)
@example(losses=[4.0, 3.75, 4.0], patience=2, min_delta=0.5)
@example(losses=[4.0, 3.5], patience=1, min_delta=0.5)
@example(losses=[4.0, 3.5, 3.0], patience=2, min_delta=0.5)
@example(losses=CREEP, patience=4, min_delta=0.5)
@example(losses=TWICE, patience=3, min_delta=1.0)
def test_min_delta(early_stopping: StudentFunction, losses: list[float], patience: int, min_delta: float) -> None:
    """An improvement is below the loss of the last improvement by more than min_delta.

    Small steps add up: several of them together may be an improvement, because the last improvement is what each loss
    is compared with.
    """
    says = f"With min_delta {min_delta:g} and patience {patience}, this is another result."
    _require(early_stopping(losses, patience, min_delta), _plain(losses, patience, min_delta), says)


@given(losses=some_losses, patience=some_patience, later=some_losses)
@example(losses=[2.0, 3.0], patience=1, later=[1.0, 0.0])
@example(losses=TWICE[:7], patience=3, later=[0.5, 0.25])
def test_later_losses(early_stopping: StudentFunction, losses: list[float], patience: int, later: list[float]) -> None:
    """Once it has stopped, later losses do not exist: whatever they would have been, the result is the same."""
    stopped = [1.0, *losses, *[3.0] * patience]  # the last `patience` epochs do not improve
    expected = _plain(stopped, patience, 0.0)
    says = "The result depends on losses after the epoch at which training stopped."
    _require(early_stopping([*stopped, *later], patience, 0.0), expected, says)


@given(losses=some_losses, patience=some_patience, place=st.integers(1, 12))
@example(losses=[2.0], patience=1, place=1)
@example(losses=[2.0, 1.0, 3.0], patience=2, place=1)
def test_not_a_number(early_stopping: StudentFunction, losses: list[float], patience: int, place: int) -> None:
    """An epoch whose loss is NaN is one without improvement, so a training that is lost stops as well."""
    broken = [*losses[:place], math.nan, *losses[place:]]
    says = f"With patience {patience} and a loss that is NaN, this is another result."
    _require(early_stopping(broken, patience, 0.0), _plain(broken, patience, 0.0), says)


@given(losses=some_losses, patience=some_patience, min_delta=some_delta, shift=numbers(-4, 4))
@example(losses=CREEP, patience=3, min_delta=0.5, shift=-4.0)
def test_shifted(
    early_stopping: StudentFunction, losses: list[float], patience: int, min_delta: float, shift: float
) -> None:
    """Adding the same number to all losses changes nothing but "loss": only differences count."""
    moved = [loss + shift for loss in losses]
    says = f"The losses plus {shift:g} have another stop or another best epoch."
    _require(early_stopping(moved, patience, min_delta), _plain(moved, patience, min_delta), says)


@predict(
    answer="At epoch 12",
    because="The lowest loss is at epoch 7. Epochs 8 to 12 are five in a row without a lower one, and the fifth of them"
    " is 12. The parameters to keep are those of epoch 7, so the training loop has to save them there.",
    otherwise={
        "At epoch 7": "At epoch 7 nothing shows yet that it was the best: only the five epochs after it do.",
        "At epoch 8": "That is patience 1: the first epoch without improvement stops the training.",
        "At epoch 13": "The fifth epoch without improvement stops the training, and not the sixth.",
    },
)
def the_price_of_patience(early_stopping: Callable[..., Found]) -> dict[str, list[float]]:
    """The validation loss falls to its lowest value at epoch 7 and then rises. Patience is 5. Where does it stop?"""
    losses = [1 + (epoch - 7) ** 2 / 16 for epoch in range(20)]
    found = early_stopping(losses, 5, 0.0)
    assert (found["stop"], found["best"]) == (12, 7)
    return {"epoch": [float(epoch) for epoch in range(20)], "validation loss": losses}


# Right answers in other styles


@variant
def class_with_state(val_losses: list[float], patience: int, min_delta: float) -> Found:
    """A small class that is told one loss after the other, as in a training loop."""

    class Stopper:
        def __init__(self) -> None:
            self.best, self.epoch, self.bad = float("inf"), -1, 0

        def should_stop(self, epoch: int, loss: float) -> bool:
            if self.best - loss > min_delta:
                self.best, self.epoch, self.bad = loss, epoch, 0
                return False
            self.bad += 1
            return self.bad >= patience

    stopper = Stopper()
    for epoch, loss in enumerate(val_losses):
        if stopper.should_stop(epoch, loss):
            return {"stop": epoch, "best": stopper.epoch, "loss": stopper.best}
    return {"stop": None, "best": stopper.epoch, "loss": stopper.best}


@variant
def by_distance(val_losses: list[float], patience: int, min_delta: float) -> Found:
    """No count: the distance to the best epoch is the number of epochs without improvement."""
    best = 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] < val_losses[best] - min_delta:
            best = epoch
        elif epoch - best >= patience:
            return {"loss": val_losses[best], "best": best, "stop": epoch}
    return {"loss": val_losses[best], "best": best, "stop": None}


@variant
def counting_down(val_losses: list[float], patience: int, min_delta: float) -> Found:
    """A while loop in which the patience that is left counts down."""
    epoch, best, left, stop = 0, 0, patience, None
    while epoch + 1 < len(val_losses) and stop is None:
        epoch += 1
        improves = val_losses[epoch] + min_delta < val_losses[best]
        best, left = (epoch, patience) if improves else (best, left - 1)
        stop = epoch if left == 0 else None
    return {"stop": stop} | {"best": best, "loss": val_losses[best]}


@variant
def float32(val_losses: list[float], patience: int, min_delta: float) -> Found:
    """float32 tensors throughout."""
    losses = torch.tensor(val_losses)
    lowest, best, waited = losses[0], torch.tensor(0), 0
    for epoch in range(1, len(losses)):
        if bool(losses[epoch] < lowest - torch.tensor(min_delta)):
            lowest, best, waited = losses[epoch], torch.tensor(epoch), 0
            continue
        waited += 1
        if waited == patience:
            return {"stop": epoch, "best": best.item(), "loss": lowest.item()}
    return {"stop": None, "best": best.item(), "loss": lowest.item()}


@variant
def numpy(val_losses: list[float], patience: int, min_delta: float) -> Found:
    """NumPy: from each improvement, the next one is looked for among the `patience` epochs after it."""
    losses, best = np.array(val_losses), 0
    while True:
        window = losses[best + 1 : best + 1 + patience]
        better = np.flatnonzero(window < losses[best] - min_delta)
        if better.size == 0:
            stop = best + patience if len(window) == patience else None
            return {"stop": stop, "best": best, "loss": float(losses[best])}
        best += 1 + int(better[0])
