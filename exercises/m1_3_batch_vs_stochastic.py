"""Exercises of lesson 1.3: batch vs. stochastic gradient descent.

Read lessons/m1_3_batch_vs_stochastic/README.md, fill in the functions, and run: grade 1.3
"""

from collections.abc import Callable

import matplotlib.pyplot as plt
import torch
from torch import Tensor


def split_batches(order: list[int], batch_size: int) -> list[list[int]]:
    """Return the batches of one epoch: the numbers of `order` in their order, `batch_size` of them at a time.

    `order` holds the numbers of the points in the order in which they are to be used, and `batch_size` is at least 1.
    The last batch holds what is left over, so it may be shorter; no batch is empty, and an empty order has no batches.

    >>> split_batches([3, 0, 2, 4, 1], 2)
    [[3, 0], [2, 4], [1]]
    """
    raise NotImplementedError("TODO: split_batches")


def per_sample_gradients(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """Return the gradient of the squared error of every single point at the parameters `w` and `b`.

    `x` and `y` hold the N data points, shape (N,). The result has shape (N, 2): row i is the gradient of
    `(w * x[i] + b - y[i]) ** 2`, with the derivative by w in column 0 and the derivative by b in column 1.

    >>> x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([0.0, 2.0, 2.0])
    >>> per_sample_gradients(x, y, 0.0, 1.0)
    tensor([[ 0.,  2.],
            [-2., -2.],
            [-4., -2.]])
    """
    raise NotImplementedError("TODO: per_sample_gradients")


def sgd_epoch(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Go through the data once, with one update of both parameters for every batch; return `(w, b, epoch_loss)`.

    `x` and `y` have shape (N,), and `order` holds the numbers 0 to N - 1, each once: its first `batch_size` points are
    the first batch, and so on; the last batch may be shorter. Each update goes against the gradient of the mean squared
    error of its batch, `lr` times as far as that gradient is long. The returned `w` and `b` are those after the last
    update. For the `epoch_loss` every point counts once: it is the mean of the N squared errors, each taken with the
    parameters that its batch met, before the update that this batch makes.

    >>> x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([0.0, 2.0, 2.0])
    >>> sgd_epoch(x, y, 0.0, 0.0, 0.25, [1, 2, 0], 2)
    (1.5, 0.5, 3.0)
    """
    raise NotImplementedError("TODO: sgd_epoch")


def train_within(
    gradient: Callable[[list[int], float, float], tuple[float, float]], n: int, w: float, b: float, budget: int
) -> tuple[float, float]:
    """Train a line on `n` points with at most `budget` gradients of single points, and return its `(w, b)`.

    You do not see the points. `gradient(batch, w, b)` takes a list of numbers of points, 0 to n - 1, and returns the
    slopes along w and along b of their mean squared error, two floats. It costs one gradient for each number in the
    list. `w` and `b` are where the training begins. The loss of the line that you return, over all n points, must be at
    most 1.25 times the loss of the best line.

    What is known: there are 500 to 5000 points, and the budget is at least 400 and less than n. Their x are spread
    evenly from -2 to 3, and the points may be sorted. Their y lie around a line, with noise of standard deviation 1.
    The w and b of the best line and of the start are between -5 and 5.

    >>> x = torch.linspace(-2, 3, 1000)
    >>> y = 2 * x + 1 + torch.randn(1000, generator=torch.Generator().manual_seed(0))
    >>> def gradient(batch: list[int], w: float, b: float) -> tuple[float, float]:
    ...     error = w * x[batch] + b - y[batch]
    ...     return 2 * (error * x[batch]).mean().item(), 2 * error.mean().item()
    >>> def loss(w: float, b: float) -> float:
    ...     return ((w * x + b - y) ** 2).mean().item()
    >>> loss(*train_within(gradient, 1000, -3.0, 4.0, 400)) < 1.25 * loss(2.0, 1.0)
    True
    """
    raise NotImplementedError("TODO: train_within")


def minibatch_gradient_variance(grads: Tensor, batch_size: int) -> float:
    """Bonus: return the mean squared distance between the gradient of a random batch and the full gradient.

    `grads` has shape (N, 2) with N at least 2, one gradient for every point, as `per_sample_gradients` returns it. The
    full gradient is the mean of all rows. A batch is `batch_size` different rows, 1 to N of them, and its gradient is
    their mean; all batches of this size are equally likely.

    >>> grads = torch.tensor([[3.0, 0.0], [0.0, 3.0], [0.0, 0.0]])
    >>> minibatch_gradient_variance(grads, 1)
    4.0
    >>> minibatch_gradient_variance(grads, 2)
    1.0
    """
    raise NotImplementedError("TODO: minibatch_gradient_variance")


if __name__ == "__main__":
    generator = torch.Generator().manual_seed(42)
    x = torch.linspace(-3, 3, 64)
    y = 2 * x + 1 + torch.randn(64, generator=generator)
    for batch_size, style in [(64, "o-"), (8, "s--"), (1, "^:")]:
        w, b, losses = 3.5, 3.0, []
        try:
            for _ in range(12):
                order = torch.randperm(64, generator=generator).tolist()
                w, b, epoch_loss = sgd_epoch(x, y, w, b, 0.02, order, batch_size)
                losses.append(epoch_loss)
        except NotImplementedError:
            raise SystemExit("Nothing to draw yet: write sgd_epoch first, then run this file again.") from None
        plt.plot(range(1, 13), losses, style, label=f"batches of {batch_size}")
    plt.yscale("log")
    plt.xlabel("epoch")
    plt.ylabel("loss of the epoch")
    plt.title("Your epochs: one learning rate, three batch sizes")
    plt.legend()
    plt.savefig("my_epochs.png")
    print("Drawn: my_epochs.png")
    plt.show()
