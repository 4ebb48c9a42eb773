"""ArrayDataset must be a sequence of pairs, as lists, `for` loops and PyTorch's DataLoader expect one."""

from collections.abc import Iterator, Sequence

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor
from torch.utils.data import Dataset, TensorDataset

from grader.authoring import CheckFailed, StudentFunction, assert_close, variant

from .shared import FIVE, Samples, samples

BUILT = "data = ArrayDataset(X, Y)\n"
LOOP = """seen = []
for x, y in data:
    seen.append((x, y))
    if len(seen) == 2 * len(X):
        break
"""
RAISED = """raised = "nothing"
try:
    data[i]
except IndexError:
    raised = "IndexError"
except Exception as error:
    raised = type(error).__name__
"""
LENGTHS = """raised = "nothing"
try:
    ArrayDataset(X, Y)
except ValueError:
    raised = "ValueError"
except Exception as error:
    raised = type(error).__name__
"""


def _pairs(X: Tensor, Y: Tensor) -> list[tuple[Tensor, Tensor]]:
    return [(X[i], Y[i]) for i in range(len(X))]


@given(data=samples())
@example(data=FIVE)
@example(data=(FIVE[0], FIVE[1][:, None]))
def test_number_of_samples(ArrayDataset: StudentFunction, data: Samples) -> None:
    """len(data) is the number of samples, however many numbers each of them has."""
    X, Y = data
    found = ArrayDataset.run(f"{BUILT}len(data)", X=X, Y=Y)
    assert_close(found, len(X), tolerance=0, says=f"len(data) is {found}; the number of samples is {len(X)}.")


@given(data=samples())
@example(data=FIVE)
@example(data=(FIVE[0], FIVE[1][:, None]))
@example(data=(FIVE[0], torch.tensor([2, 0, 1, 1, 2])))
def test_items(ArrayDataset: StudentFunction, data: Samples) -> None:
    """data[i] is the pair of row i of X and entry i of Y, each without the axis of the samples.

    A loader puts that axis in front again when it stacks samples to a batch, so an item must not have it already. The
    numbers of classes are whole numbers, and stay whole.
    """
    X, Y = data
    items = ArrayDataset.run(f"{BUILT}[(data[i][0], data[i][1]) for i in range(len(X))]", X=X, Y=Y)
    assert_close(items, _pairs(X, Y), tolerance=0, says="An item is not the pair (X[i], Y[i]).")


@given(data=samples())
@example(data=FIVE)
def test_for_loop(ArrayDataset: StudentFunction, data: Samples) -> None:
    """A plain `for` loop gets every sample once and then ends: Python counts up from 0 until an IndexError comes.

    No method of the class says where to stop but the one that raises. (The lines of this check give up after twice as
    many samples as there are.)
    """
    X, Y = data
    count = ArrayDataset.run(f"{BUILT}{LOOP}len(seen)", X=X, Y=Y)
    assert_close(count, len(X), tolerance=0, says=f"A loop over {len(X)} samples got {count} of them.")
    seen = ArrayDataset.run(f"{BUILT}{LOOP}seen", X=X, Y=Y)
    assert_close(seen, _pairs(X, Y), tolerance=0, says="A loop over the dataset does not get the samples in order.")


@given(data=samples())
@example(data=FIVE)
def test_from_the_end(ArrayDataset: StudentFunction, data: Samples) -> None:
    """data[-1] is the last sample and data[-N] the first one, as in a list."""
    X, Y = data
    items = ArrayDataset.run(f"{BUILT}[(data[-i][0], data[-i][1]) for i in range(1, len(X) + 1)]", X=X, Y=Y)
    assert_close(items, _pairs(X, Y)[::-1], tolerance=0, says="Counted from the end, an item is not the right one.")


@given(data=samples(), beyond=st.integers(0, 3))
@example(data=FIVE, beyond=0)
def test_beyond_the_ends(ArrayDataset: StudentFunction, data: Samples, beyond: int) -> None:
    """data[N] and data[-N - 1] raise IndexError, and so does everything beyond.

    A number that is too large must not come round to another sample: a mistake in a loop would then train on wrong data
    in silence.
    """
    X, Y = data
    for i in (len(X) + beyond, -len(X) - 1 - beyond):
        raised = ArrayDataset.run(f"{BUILT}{RAISED}raised", X=X, Y=Y, i=i)
        if raised != "IndexError":
            raise CheckFailed(f"With {len(X)} samples, data[{i}] raises {raised}.", raised, "IndexError")


@given(rows=st.integers(1, 4), more=st.sampled_from([1, 2, -1, -2]))
@example(rows=3, more=-1)
@example(rows=3, more=1)
def test_lengths_differ(ArrayDataset: StudentFunction, rows: int, more: int) -> None:
    """Tensors of different lengths raise ValueError at once, when the dataset is made.

    Some sample would have no target, or some target no sample, and nothing else would ever say so.
    """
    entries = rows + more if rows + more > 0 else rows + 3
    X, Y = torch.arange(float(rows))[:, None], torch.arange(float(entries))
    raised = ArrayDataset.run(f"{LENGTHS}raised", X=X, Y=Y)
    if raised != "ValueError":
        says = f"With {rows} rows in X and {entries} entries in Y, ArrayDataset(X, Y) raises {raised}."
        raise CheckFailed(says, raised, "ValueError")


@given(data=samples(), batch_size=st.integers(1, 4))
@example(data=FIVE, batch_size=2)
def test_data_loader(ArrayDataset: StudentFunction, data: Samples, batch_size: int) -> None:
    """PyTorch's DataLoader makes batches of it, and put end to end they are X and Y again.

    It knows nothing of the class but `len(data)` and `data[i]`: that is the whole contract of a dataset.
    """
    X, Y = data
    code = f"{BUILT}loader = torch.utils.data.DataLoader(data, batch_size=batch_size)\nbatches = list(loader)\n"
    values = {"X": X, "Y": Y, "batch_size": batch_size}
    joined = ArrayDataset.run(f"{code}[torch.cat([batch[part] for batch in batches]) for part in (0, 1)]", **values)
    assert_close(joined, [X, Y], tolerance=0, says="The batches of a DataLoader, end to end, are not X and Y.")


# Right answers in other styles


@variant
class Inherits(Dataset[tuple[Tensor, Tensor]]):
    """Derived from PyTorch's Dataset, which asks for the same two methods."""

    def __init__(self, X: Tensor, Y: Tensor) -> None:
        super().__init__()
        if X.shape[0] != Y.shape[0]:
            raise ValueError("lengths differ")
        self.X, self.Y = X, Y

    def __len__(self) -> int:
        return self.X.shape[0]

    def __getitem__(self, i: int) -> tuple[Tensor, Tensor]:
        if i >= len(self) or i < -len(self):
            raise IndexError(i)
        return self.X[i], self.Y[i]


@variant
class Wrapped:
    """A TensorDataset inside."""

    def __init__(self, X: Tensor, Y: Tensor) -> None:
        if X.size(0) - Y.size(0):
            raise ValueError
        self.inner = TensorDataset(X, Y)

    def __len__(self) -> int:
        return len(self.inner)

    def __getitem__(self, i: int) -> tuple[Tensor, ...]:
        item: tuple[Tensor, ...] = self.inner[i]
        return item


@variant
class ListOfPairs:
    """A list of pairs, made once, and copies of the rows."""

    def __init__(self, X: Tensor, Y: Tensor) -> None:
        self.pairs = [(x.clone(), y.clone()) for x, y in zip(X, Y, strict=True)]  # strict raises the ValueError

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, i: int) -> tuple[Tensor, Tensor]:
        return self.pairs[i]


@variant
class ByNumpy(Sequence[tuple[Tensor, Tensor]]):
    """NumPy arrays inside, and tensors for each item; counts from the end by itself."""

    def __init__(self, X: Tensor, Y: Tensor) -> None:
        self.rows, self.targets = X.numpy().copy(), Y.numpy().copy()
        if self.rows.shape[:1] != self.targets.shape[:1]:
            raise ValueError("X and Y must have the same length")

    def __len__(self) -> int:
        return int(self.rows.shape[0])

    def __getitem__(self, i: int) -> tuple[Tensor, Tensor]:  # type: ignore[override]  # no slices
        place = i + len(self) if i < 0 else i
        if not 0 <= place < len(self):
            raise IndexError("no such sample")
        return torch.tensor(self.rows[place]), torch.tensor(self.targets[place])


@variant
class WithIterator:
    """A loop of its own in __iter__, and a list for each item, as a DataLoader makes one."""

    def __init__(self, X: Tensor, Y: Tensor) -> None:
        if len(X) != len(Y):
            raise ValueError(len(X), len(Y))
        self.tensors = X, Y

    def __len__(self) -> int:
        return min(map(len, self.tensors))

    def __iter__(self) -> Iterator[list[Tensor]]:
        for i in range(len(self)):
            yield self[i]

    def __getitem__(self, i: int) -> list[Tensor]:
        return [tensor[i] for tensor in self.tensors]
