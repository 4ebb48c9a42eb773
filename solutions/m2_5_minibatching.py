"""Exercises of lesson 2.5: mini-batching and data pipelines.

Read lessons/m2_5_minibatching/README.md, fill in the functions and classes, and run: grade 2.5
"""

import math
from collections.abc import Iterator

import matplotlib.pyplot as plt
import torch
from torch import Tensor


class ArrayDataset:
    """A dataset in two tensors: sample i is the pair of `X[i]` and `Y[i]`.

    `X` has shape (N, D), and `Y` has shape (N,) or (N, O). Samples are numbered as in a list: 0 is the first and -1 is
    the last, and a number beyond either end raises IndexError, so that a `for` loop over the dataset ends.

    >>> data = ArrayDataset(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([5.0, 6.0]))
    >>> len(data), data[1]
    (2, (tensor([3., 4.]), tensor(6.)))
    """

    def __init__(self, X: Tensor, Y: Tensor) -> None:
        """Keep both tensors; raise ValueError if they do not have the same number of samples."""
        if len(X) != len(Y):
            raise ValueError(f"X has {len(X)} samples, and Y has {len(Y)}")
        self.X, self.Y = X, Y

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.X)

    def __getitem__(self, i: int) -> tuple[Tensor, Tensor]:
        """Return sample i as a pair `(x, y)`, without an axis for the samples."""
        return self.X[i], self.Y[i]


def standardize(train: Tensor, test: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return `(train_z, test_z, mean, std)`: both data sets on the scale on which the training data are standard.

    `train` has shape (N, D) with N at least 1, and `test` has shape (M, D). `mean` and `std` have shape (D,): the mean
    and the standard deviation of each column of `train`. The standard deviation divides by N, and where it is 0,
    because all entries of the column are equal, `std` is 1. In `train_z` and `test_z`, which have the shapes of `train`
    and `test`, each column had its mean subtracted and was then divided by its std.

    >>> train, test = torch.tensor([[1.0, 10.0], [3.0, 30.0]]), torch.tensor([[4.0, 20.0]])
    >>> standardize(train, test)
    (tensor([[-1., -1.],
            [ 1.,  1.]]), tensor([[2., 0.]]), tensor([ 2., 20.]), tensor([ 1., 10.]))
    """
    mean = train.mean(dim=0)
    std = train.std(dim=0, unbiased=False)
    std = torch.where(std == 0, torch.ones_like(std), std)
    return (train - mean) / std, (test - mean) / std, mean, std


class ResumableLoader:
    """The batches of a dataset, in a new order in each epoch, with a place that can be saved and loaded.

    `dataset` is anything with `len(dataset)` and `dataset[i]`, whose samples are pairs of tensors `(x, y)`: an
    `ArrayDataset`, or a list of pairs. Epochs are numbered from 0. In epoch e the samples come in the order
    `torch.randperm(len(dataset), generator=torch.Generator().manual_seed(seed + e))`, `batch_size` at a time, and the
    last batch holds what is left over. A batch is a pair `(X, Y)`: the samples' tensors stacked along a new first axis.

    A `for` loop over the loader begins with the batch where the loader stands and ends with the epoch. The next loop is
    the next epoch.

    >>> dataset = [(torch.tensor([0.5 * i]), torch.tensor(i)) for i in range(5)]
    >>> loader = ResumableLoader(dataset, batch_size=2, seed=0)
    >>> [Y.tolist() for X, Y in loader]
    [[4, 0], [1, 3], [2]]
    """

    def __init__(self, dataset: ArrayDataset | list[tuple[Tensor, Tensor]], batch_size: int, seed: int) -> None:
        """Keep the arguments; the loader stands at the first batch of epoch 0."""
        self.dataset, self.batch_size, self.seed = dataset, batch_size, seed
        self.epoch, self.next_batch = 0, 0

    def __len__(self) -> int:
        """Return the number of batches in a whole epoch."""
        return math.ceil(len(self.dataset) / self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the batches that are left in this epoch; after the last one, the loader stands at the next epoch."""
        generator = torch.Generator().manual_seed(self.seed + self.epoch)
        order = torch.randperm(len(self.dataset), generator=generator).tolist()
        for first in range(self.next_batch * self.batch_size, len(order), self.batch_size):
            chosen = [self.dataset[i] for i in order[first : first + self.batch_size]]
            self.next_batch += 1  # before the yield: while the loop has this batch, the next one is the one after it
            yield torch.stack([x for x, _ in chosen]), torch.stack([y for _, y in chosen])
        self.epoch, self.next_batch = self.epoch + 1, 0

    def state_dict(self) -> dict[str, int]:
        """Return the place of the next batch, as a dict that can be written as JSON; its keys are up to you.

        It can be called at any time, in the loop too: then the batch that the loop has received counts as done. The
        loader goes on as if nothing had happened, and the dict does not change any more.
        """
        return {"epoch": self.epoch, "next_batch": self.next_batch}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Go to the place that `state_dict` of a loader with the same dataset, batch size and seed has returned.

        The next loops yield exactly the batches that were still to come there. If none was left in the epoch, the first
        of these loops may be empty, or may be the next epoch.
        """
        self.epoch, self.next_batch = state["epoch"], state["next_batch"]


if __name__ == "__main__":
    generator = torch.Generator().manual_seed(0)
    inputs = 6 * torch.rand(64, 1, generator=generator)
    targets = 2 * inputs[:, 0] - 3 + torch.randn(64, generator=generator)
    styles = {"as they are": "--", "standardised": "-"}
    drawn = []
    for name, style in styles.items():
        try:
            X = standardize(inputs, inputs)[0] if name == "standardised" else inputs
            loader = ResumableLoader(ArrayDataset(X, targets), batch_size=8, seed=0)
            w, b, losses = torch.zeros(1), torch.zeros(()), []
            for _ in range(10):
                for X_batch, Y_batch in loader:
                    errors = X_batch @ w + b - Y_batch
                    w, b = w - 0.05 * X_batch.T @ errors / len(errors), b - 0.05 * errors.mean()
                losses.append(((X @ w + b - targets) ** 2).mean().item())
        except NotImplementedError:
            continue
        plt.plot(range(1, 11), losses, style, label=f"inputs {name}")
        drawn.append(name)
    if not drawn:
        raise SystemExit("Nothing to draw yet: write ArrayDataset and ResumableLoader first, then run this file again.")
    plt.yscale("log")
    plt.xlabel("epoch")
    plt.ylabel("loss of all samples")
    plt.title("Your pipeline trains a line")
    plt.legend()
    plt.savefig("my_pipeline.png")
    print("Drawn: my_pipeline.png, with inputs", " and ".join(drawn))
    plt.show()
