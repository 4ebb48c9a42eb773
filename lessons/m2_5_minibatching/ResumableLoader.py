"""ResumableLoader must yield the batches of its dataset epoch by epoch, and go on after loading where it was saved."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor
from torch.utils.data import DataLoader, Subset

from grader.authoring import CheckFailed, StudentFunction, assert_close, predict, variant

from .shared import FIVE, Samples, numbered, samples

Batches = list[list[int]]
MOST = 30
"""The most batches that the lines of a check take from a loop: a loop that does not end is cut there."""
LOADER = "loader = ResumableLoader(list(zip(X, Y)), batch_size, seed)\n"
BUILT = f"from itertools import islice\n{LOADER}"
DONE = f"for epoch in range(epochs):\n    done = list(islice(loader, {MOST}))\n"
STOPPED = "for X_batch, Y_batch in islice(loader, received):\n    state = loader.state_dict()\n"
RESUMED = "resumed = ResumableLoader(list(zip(X, Y)), batch_size, seed)\nresumed.load_state_dict(state)\n"
EPOCH = f"[Y.tolist() for X, Y in islice(loader, {MOST})]"
LEFT = f"""left = []
for epoch in range(3):
    left += [Y.tolist() for X, Y in islice(resumed, {MOST})]
left[:count]"""

seeds, epoch_numbers = st.integers(0, 20), st.integers(0, 2)


def _epoch(size: int, batch_size: int, seed: int, epoch: int) -> Batches:
    """Return the numbers of the samples in each batch of an epoch."""
    order = torch.randperm(size, generator=torch.Generator().manual_seed(seed + epoch)).tolist()
    return [order[first : first + batch_size] for first in range(0, size, batch_size)]


def _values(size: int, batch_size: int, seed: int, **more: Any) -> dict[str, Any]:
    X, Y = numbered(size)
    return {"X": X, "Y": Y, "batch_size": batch_size, "seed": seed, **more}


def _require(found: Any, expected: Any, says: str) -> None:
    if found != expected:
        raise CheckFailed(says, found, expected)


@given(size=st.integers(1, 9), batch_size=st.integers(1, 4), seed=seeds)
@example(size=2, batch_size=2, seed=1)
@example(size=5, batch_size=2, seed=0)
@example(size=6, batch_size=3, seed=4)
def test_first_epoch(ResumableLoader: StudentFunction, size: int, batch_size: int, seed: int) -> None:
    """The first loop yields the samples in the order that the docstring gives, `batch_size` at a time.

    In these lines the target of a sample is its number, so that Y says which samples a batch holds.
    """
    found = ResumableLoader.run(f"{BUILT}{EPOCH}", **_values(size, batch_size, seed))
    _require(found, _epoch(size, batch_size, seed, 0), "These are not the batches of epoch 0.")


@given(data=samples(), batch_size=st.integers(1, 4))
@example(data=FIVE, batch_size=2)
@example(data=(FIVE[0], FIVE[1][:, None]), batch_size=2)
def test_pairs_stacked(ResumableLoader: StudentFunction, data: Samples, batch_size: int) -> None:
    """A batch holds the rows of its samples and their targets, in the same order: a sample keeps its own target.

    Stacked along a new first axis, B inputs of shape (D,) become (B, D), and B single targets become (B,).
    """
    X, Y = data
    code = f"{BUILT}[(X, Y) for X, Y in islice(loader, {MOST})]"
    found = ResumableLoader.run(code, X=X, Y=Y, batch_size=batch_size, seed=3)
    expected = [(X[batch], Y[batch]) for batch in _epoch(len(X), batch_size, 3, 0)]
    assert_close(found, expected, tolerance=0, says="A batch does not hold the inputs and targets of its samples.")


@given(size=st.integers(1, 9), batch_size=st.integers(1, 4), seed=seeds)
@example(size=5, batch_size=2, seed=0)
@example(size=6, batch_size=3, seed=4)
def test_epochs(ResumableLoader: StudentFunction, size: int, batch_size: int, seed: int) -> None:
    """Each loop is an epoch: it ends after N samples, uses each of them once, and the next loop has a new order.

    The order of epoch e comes from seed + e alone, so it does not matter what has happened before.
    """
    code = f"{BUILT}[{EPOCH} for epoch in range(3)]"
    found = ResumableLoader.run(code, **_values(size, batch_size, seed))
    for epoch, batches in enumerate(found):
        says = f"In epoch {epoch} not every sample is used exactly once."
        _require(sorted(number for batch in batches for number in batch), list(range(size)), says)
    _require(
        found,
        [_epoch(size, batch_size, seed, epoch) for epoch in range(3)],
        "These are not the batches of epochs 0, 1 and 2.",
    )


@given(size=st.integers(1, 9), batch_size=st.integers(1, 4))
@example(size=5, batch_size=2)
@example(size=6, batch_size=3)
def test_number_of_batches(ResumableLoader: StudentFunction, size: int, batch_size: int) -> None:
    """len(loader) is the number of batches in an epoch, N / B rounded up, wherever the loader stands."""
    code = f"{LOADER}before = len(loader)\nfor X_batch, Y_batch in loader:\n    break\n[before, len(loader)]"
    found = ResumableLoader.run(code, **_values(size, batch_size, 0))
    says = f"len(loader) is not the number of batches for {size} samples, {batch_size} at a time."
    _require(found, [math.ceil(size / batch_size)] * 2, says)


@given(size=st.integers(4, 9), batch_size=st.integers(1, 2), seed=seeds, epochs=epoch_numbers)
@example(size=5, batch_size=2, seed=0, epochs=0)
@example(size=5, batch_size=2, seed=0, epochs=1)
def test_resume(ResumableLoader: StudentFunction, size: int, batch_size: int, seed: int, epochs: int) -> None:
    """Saved after its first batch and loaded into a new loader, the rest of an epoch comes, and then the next epoch.

    The batch that the loop has received when it calls state_dict is done and must not come again.
    """
    code = f"{BUILT}{DONE}{STOPPED}{RESUMED}[[Y.tolist() for X, Y in islice(resumed, {MOST})] for epoch in range(2)]"
    found = ResumableLoader.run(code, **_values(size, batch_size, seed, epochs=epochs, received=1))
    rest, following = (_epoch(size, batch_size, seed, epochs + e) for e in (0, 1))
    says = f"After one batch of epoch {epochs}, these are not the rest of that epoch and the epoch after it."
    _require(found, [rest[1:], following], says)


@given(
    size=st.integers(1, 9), batch_size=st.integers(1, 4), seed=seeds, epochs=epoch_numbers, received=st.integers(1, 9)
)
@example(size=5, batch_size=2, seed=0, epochs=0, received=2)
@example(size=5, batch_size=2, seed=0, epochs=0, received=3)
@example(size=7, batch_size=2, seed=3, epochs=2, received=2)
def test_nothing_lost(
    ResumableLoader: StudentFunction, size: int, batch_size: int, seed: int, epochs: int, received: int
) -> None:
    """Wherever it is saved, what came before and what comes after loading are together the run without a stop.

    No batch is lost and none comes twice, also if the loop had just received the last batch of its epoch.
    """
    run = [batch for e in range(epochs + 2) for batch in _epoch(size, batch_size, seed, e)]
    per_epoch = math.ceil(size / batch_size)
    before = epochs * per_epoch + min(received, per_epoch)
    values = _values(size, batch_size, seed, epochs=epochs, received=received, count=len(run) - before)
    found = ResumableLoader.run(f"{BUILT}{DONE}{STOPPED}{RESUMED}{LEFT}", **values)
    place = f"Saved in epoch {epochs} after {min(received, per_epoch)} of {per_epoch} batches"
    says = f"{place}: what comes after loading is not what was left."
    _require(found, run[before:], says)


@given(size=st.integers(1, 9), batch_size=st.integers(1, 4), seed=seeds)
@example(size=5, batch_size=2, seed=0)
def test_saved_before(ResumableLoader: StudentFunction, size: int, batch_size: int, seed: int) -> None:
    """A state that was saved before the first batch leads to the first batch."""
    code = f"{BUILT}state = loader.state_dict()\n{RESUMED}[Y.tolist() for X, Y in islice(resumed, {MOST})]"
    found = ResumableLoader.run(code, **_values(size, batch_size, seed))
    _require(found, _epoch(size, batch_size, seed, 0), "These are not the batches of epoch 0.")


@given(size=st.integers(4, 9), batch_size=st.integers(1, 2), seed=seeds, epochs=epoch_numbers)
@example(size=5, batch_size=2, seed=0, epochs=1)
def test_through_a_file(ResumableLoader: StudentFunction, size: int, batch_size: int, seed: int, epochs: int) -> None:
    """The state survives being written as JSON and read again, as in a file beside the model.

    So it consists of numbers, texts, lists and dicts. Two whole numbers are enough.
    """
    code = f"import json\n{BUILT}{DONE}{STOPPED}state = json.loads(json.dumps(state))\n{RESUMED}{LEFT}"
    rest = _epoch(size, batch_size, seed, epochs)[1:]
    values = _values(size, batch_size, seed, epochs=epochs, received=1, count=len(rest))
    found = ResumableLoader.run(code, **values)
    _require(found, rest, "Loaded from JSON, these are not the batches that were left.")


@given(size=st.integers(1, 9), batch_size=st.integers(1, 4), seed=seeds)
@example(size=5, batch_size=2, seed=0)
def test_saving_disturbs_nothing(ResumableLoader: StudentFunction, size: int, batch_size: int, seed: int) -> None:
    """A loop that saves after every batch gets the same batches as one that never saves."""
    code = f"""{BUILT}found = []
for epoch in range(2):
    for X, Y in islice(loader, {MOST}):
        found.append(Y.tolist())
        state = loader.state_dict()
found"""
    found = ResumableLoader.run(code, **_values(size, batch_size, seed))
    expected = [batch for epoch in range(2) for batch in _epoch(size, batch_size, seed, epoch)]
    _require(found, expected, "With a call of state_dict after every batch, the batches are others.")


@given(size=st.integers(4, 9), batch_size=st.integers(1, 2), seed=seeds)
@example(size=5, batch_size=2, seed=0)
def test_state_stays(ResumableLoader: StudentFunction, size: int, batch_size: int, seed: int) -> None:
    """A state stays what it was while the loader goes on, and may be loaded again and again.

    A file of an hour ago must lead to the place of an hour ago.
    """
    rest = _epoch(size, batch_size, seed, 0)[1:]
    values = _values(size, batch_size, seed, received=1, count=len(rest))
    found = ResumableLoader.run(f"{BUILT}{STOPPED}done = list(islice(loader, 1))\n{RESUMED}{LEFT}", **values)
    _require(found, rest, "The loader went on for a batch, and with it the state that was saved before.")
    found = ResumableLoader.run(f"{BUILT}{STOPPED}{RESUMED}done = list(islice(resumed, 1))\n{RESUMED}{LEFT}", **values)
    _require(found, rest, "Loaded for the second time, the same state leads to another place.")


@given(size=st.integers(4, 9), batch_size=st.integers(1, 2), seed=seeds, epochs=st.integers(1, 2))
@example(size=5, batch_size=2, seed=0, epochs=1)
def test_load_into_used(ResumableLoader: StudentFunction, size: int, batch_size: int, seed: int, epochs: int) -> None:
    """A loader that stands somewhere else goes to the saved place, backwards as well."""
    code = f"{BUILT}{STOPPED}{DONE}done += list(islice(loader, 1))\nloader.load_state_dict(state)\n{EPOCH}"
    found = ResumableLoader.run(code, **_values(size, batch_size, seed, epochs=epochs + 1, received=1))
    _require(found, _epoch(size, batch_size, seed, 0)[1:], "After loading, the loader is not at the saved place.")


@given(size=st.integers(4, 9), batch_size=st.integers(1, 2), seed=seeds)
@example(size=5, batch_size=2, seed=0)
def test_after_a_break(ResumableLoader: StudentFunction, size: int, batch_size: int, seed: int) -> None:
    """A loop that was left with `break` has used up its batches: the next loop gets the others of the epoch."""
    code = f"{BUILT}for X_batch, Y_batch in loader:\n    break\n{EPOCH}"
    found = ResumableLoader.run(code, **_values(size, batch_size, seed))
    _require(found, _epoch(size, batch_size, seed, 0)[1:], "After a break, these are not the batches that were left.")


@predict(
    answer="Exactly the same, bit by bit",
    because="After loading, the same batches come in the same order, so every step computes the same numbers. Only"
    " what was not saved could differ, and here nothing was left out.",
    otherwise={
        "Nearly the same, but for rounding": "Rounding is not a matter of chance: the same operations on the same"
        " numbers round in the same way.",
        "Different, as with another seed": "The order of an epoch depends on seed + epoch alone, so the second half of"
        " epoch 3 has the same batches as without the stop.",
        "Slightly worse, because some samples were used twice": "That is what happens if the epoch starts over. The"
        " state says which batches are done.",
    },
)
def resumed_training(
    ArrayDataset: Callable[[Tensor, Tensor], Any], ResumableLoader: Callable[..., Any]
) -> dict[str, list[float]]:
    """A training of 6 epochs with shuffled batches is stopped in the middle of epoch 3. Parameters and place are saved.

    It goes on from there. How do the last parameters compare with those of a training without a stop?
    """
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(20, 1, generator=generator)
    data = ArrayDataset(X, 2 * X[:, 0] - 1 + torch.randn(20, generator=generator))

    def train(loader: Any, theta: Tensor, updates: int) -> list[Tensor]:
        path = [theta]
        while len(path) <= updates:
            for inputs, targets in loader:
                errors = inputs[:, 0] * theta[0] + theta[1] - targets
                theta = theta - 0.1 * torch.stack([(errors * inputs[:, 0]).mean(), errors.mean()])
                path.append(theta)
                if len(path) > updates:
                    break
        return path

    first, second = ResumableLoader(data, 3, 0), ResumableLoader(data, 3, 0)
    whole = train(ResumableLoader(data, 3, 0), torch.zeros(2), 42)  # 7 batches in each of 6 epochs
    before = train(first, torch.zeros(2), 24)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    resumed = [*before, *train(second, before[-1], 18)[1:]]
    assert all(map(torch.equal, whole, resumed))
    assert len(whole) == len(resumed)
    return {"update": [float(update) for update in range(43)], "w": [theta[0].item() for theta in resumed]}


# Right answers in other styles


@variant
class OwnIterator:
    """Its own iterator: __next__ makes one batch, and raises StopIteration between two epochs."""

    def __init__(self, dataset: Any, batch_size: int, seed: int) -> None:
        self.dataset, self.batch_size, self.seed = dataset, batch_size, seed
        self.load_state_dict({"e": 0, "used": 0})

    def __len__(self) -> int:
        return (len(self.dataset) + self.batch_size - 1) // self.batch_size

    def __iter__(self) -> "OwnIterator":
        return self

    def __next__(self) -> tuple[Tensor, Tensor]:
        batch = self.order[self.used : self.used + self.batch_size]
        if not batch:
            self.load_state_dict({"e": self.e + 1, "used": 0})
            raise StopIteration
        self.used += len(batch)
        return torch.stack([self.dataset[i][0] for i in batch]), torch.stack([self.dataset[i][1] for i in batch])

    def state_dict(self) -> dict[str, int]:
        return {"e": self.e, "used": self.used}

    def load_state_dict(self, state: dict[str, int]) -> None:
        self.e, self.used = state["e"], state["used"]
        drawn = torch.Generator().manual_seed(self.seed + self.e)
        self.order = torch.randperm(len(self.dataset), generator=drawn).tolist()


@variant
class OneCounter:
    """One number for everything: how many batches the loops have received since the beginning."""

    def __init__(self, dataset: Any, batch_size: int, seed: int) -> None:
        self.dataset, self.batch_size, self.seed, self.count = dataset, batch_size, seed, 0

    def __len__(self) -> int:
        return 1 + (len(self.dataset) - 1) // self.batch_size

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        epoch, start = divmod(self.count, len(self))
        order = torch.randperm(len(self.dataset), generator=torch.Generator().manual_seed(self.seed + epoch))
        for batch in order.split(self.batch_size)[start:]:
            self.count += 1
            yield tuple(torch.stack(part) for part in zip(*[self.dataset[int(i)] for i in batch], strict=True))

    def state_dict(self) -> dict[str, int]:
        return {"count": self.count}

    def load_state_dict(self, state: dict[str, int]) -> None:
        self.count = state["count"]


@variant
class ByDataLoader:
    """PyTorch's DataLoader on the samples that are left, whose batches are lists."""

    def __init__(self, dataset: Any, batch_size: int, seed: int) -> None:
        self.dataset, self.batch_size, self.seed = dataset, batch_size, seed
        self.place = (0, 0)

    def __len__(self) -> int:
        return len(DataLoader(self.dataset, self.batch_size))

    def __iter__(self) -> Iterator[list[Tensor]]:
        epoch, used = self.place
        order = torch.randperm(len(self.dataset), generator=torch.Generator().manual_seed(self.seed + epoch)).tolist()
        left = order[used:]
        for batch in DataLoader(Subset(self.dataset, left), batch_size=self.batch_size) if left else []:
            used += len(batch[0])
            self.place = (epoch, used)
            yield batch
        self.place = (epoch + 1, 0)

    def state_dict(self) -> dict[str, Any]:
        return {"place": list(self.place), "seed": self.seed}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.place, self.seed = tuple(state["place"]), state["seed"]


@variant
class FastForward:
    """Goes through the epoch from its beginning and leaves out what is done; all numbers are in one dict."""

    def __init__(self, dataset: Any, batch_size: int, seed: int) -> None:
        self.dataset, self.batch_size, self.seed = dataset, batch_size, seed
        self.state = {"epoch": 0, "done": 0}

    def __len__(self) -> int:
        return len(range(0, len(self.dataset), self.batch_size))

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        with torch.random.fork_rng():
            torch.manual_seed(self.seed + self.state["epoch"])
            order = torch.randperm(len(self.dataset))
        for number in range(len(self)):
            if number < self.state["done"]:
                continue
            batch = order[number * self.batch_size : (number + 1) * self.batch_size]
            xs, ys = [], []
            for i in batch:
                x, y = self.dataset[i]
                xs.append(x)
                ys.append(y)
            self.state["done"] = number + 1
            if self.state["done"] == len(self):
                self.state = {"epoch": self.state["epoch"] + 1, "done": 0}
                yield torch.stack(xs), torch.stack(ys)
                return
            yield torch.stack(xs), torch.stack(ys)

    def state_dict(self) -> dict[str, int]:
        return dict(self.state)

    def load_state_dict(self, state: dict[str, int]) -> None:
        self.state = dict(state)


@variant
class WholeOrder:
    """The state holds the order of the epoch itself, and the batches that are left are a list of lists."""

    def __init__(self, dataset: Any, batch_size: int, seed: int) -> None:
        self.dataset, self.size, self.seed, self.epoch = dataset, batch_size, seed, 0
        self.left = self._batches()

    def _batches(self) -> Batches:
        drawn = torch.Generator()
        drawn.manual_seed(self.seed + self.epoch)
        order = torch.randperm(len(self.dataset), generator=drawn).tolist()
        return [order[k : k + self.size] for k in range(0, len(order), self.size)]

    def __len__(self) -> int:
        return len(self._batches())

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        while self.left:
            batch = self.left.pop(0)
            pairs = [self.dataset[i] for i in batch]
            yield torch.stack([pair[0] for pair in pairs]), torch.stack([pair[1] for pair in pairs])
        self.epoch += 1
        self.left = self._batches()

    def state_dict(self) -> dict[str, Any]:
        return {"epoch": self.epoch, "left": [list(batch) for batch in self.left]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.epoch, self.left = state["epoch"], [list(batch) for batch in state["left"]]
