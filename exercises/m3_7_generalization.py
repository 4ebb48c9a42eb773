"""Lesson 3.7: Modern regularization and generalization.

Early stopping, batch normalization with its two modes, mixup with label smoothing, and a running average of weights.
"""

import math
from collections.abc import Iterable

import matplotlib.pyplot as plt
import torch
from torch import Tensor


def early_stopping(val_losses: list[float], patience: int, min_delta: float) -> dict[str, float | None]:
    """Return where training stops, and which epoch's parameters to take.

    `val_losses` holds the validation loss of each epoch, at least one; epochs count from 0. The first epoch is an
    improvement, and a later one if its loss is below the loss of the last improvement by more than `min_delta`. Any
    other epoch is one without improvement, also one whose loss is NaN; the first loss is a finite number. Training
    stops at the epoch that makes it `patience` such epochs in a row, and later losses do not exist. `patience` is at
    least 1, and `min_delta` at least 0.

    The result has the keys "stop", the epoch at which training stops, or None if it runs to the end; "best", the epoch
    of the last improvement; and "loss", the loss of that epoch.

    >>> early_stopping([5.0, 3.0, 3.5, 3.25, 1.0], patience=2, min_delta=0.0)
    {'stop': 3, 'best': 1, 'loss': 3.0}
    """
    raise NotImplementedError("TODO: early_stopping")


def batch_norm_forward(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    training: bool,
    momentum: float,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the result of batch normalization, the new running mean and the new running variance.

    `x` has shape (N, D), a row for each sample; the others have shape (D,). Every column loses a mean and is divided by
    the root of a variance plus `eps`, which is added under the root; `gamma` then scales it, and `beta` shifts it.

    In training, these are the mean and the variance of the column in this batch, and the variance is the mean of N
    squares. The running values become `1 - momentum` times the old ones plus `momentum` times those of the batch, and
    here the variance of the batch is the sum of the squares divided by N - 1. A batch of one row raises a ValueError.

    In evaluation, the running values are used, and stay as they are. The given tensors never change.

    >>> x, ones, zeros = torch.tensor([[1.0], [3.0]]), torch.ones(1), torch.zeros(1)
    >>> batch_norm_forward(x, ones, zeros, zeros, ones, training=True, momentum=0.5, eps=1e-12)
    (tensor([[-1.],
            [ 1.]]), tensor([1.]), tensor([1.5000]))
    """
    raise NotImplementedError("TODO: batch_norm_forward")


def mixup(
    X: Tensor, labels: Tensor, classes: int, order: list[int], lam: float, smoothing: float
) -> tuple[Tensor, Tensor]:
    """Return a batch of mixed samples and their targets, which are probabilities.

    `X` has shape (N, D), and `labels`, of shape (N,), holds the class of each sample, 0 to `classes` - 1. `order` holds
    the numbers 0 to N - 1 in some order. Sample n is mixed with sample order[n]: `lam` times the first plus 1 - `lam`
    times the second, the inputs and the targets alike.

    Before mixing, the target of a sample is `smoothing` / `classes` for every class, and its own class has 1 -
    `smoothing` more. The results have shapes (N, D) and (N, `classes`).

    >>> X, labels = torch.tensor([[8.0], [0.0]]), torch.tensor([0, 2])
    >>> mixup(X, labels, 4, [1, 0], lam=0.75, smoothing=0.5)
    (tensor([[6.],
            [2.]]), tensor([[0.5000, 0.1250, 0.2500, 0.1250],
            [0.2500, 0.1250, 0.5000, 0.1250]]))
    """
    raise NotImplementedError("TODO: mixup")


class EMA:
    """An exponential moving average of the parameters of a model, with the bias of its start corrected.

    After t updates the average is a weighted mean of the t values that each parameter had in them: a value has `decay`
    times the weight of the next one, and the weights add up to 1. After one update it is that value itself.

    >>> weight = torch.nn.Parameter(torch.tensor([4.0]))
    >>> ema = EMA([weight], decay=0.5)
    >>> ema.update()
    >>> weight.data = torch.tensor([1.0])
    >>> ema.update()
    >>> ema.average()
    [tensor([2.])]
    """

    def __init__(self, params: Iterable[Tensor], decay: float) -> None:
        """Begin an average of `params`, which may be any iterable, such as the generator `model.parameters()`.

        Their values at this moment do not count. `decay` is at least 0 and below 1.
        """
        raise NotImplementedError("TODO: EMA.__init__")

    def update(self) -> None:
        """Take the values that the parameters have now into the average: called after each `optimizer.step()`."""
        raise NotImplementedError("TODO: EMA.update")

    def average(self) -> list[Tensor]:
        """Return the average of each parameter as a new tensor without a gradient, after at least one update.

        The parameters, and the averages to come, are the same whether it is called or not.
        """
        raise NotImplementedError("TODO: EMA.average")


if __name__ == "__main__":
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
    drawn = []
    torch.manual_seed(0)
    try:
        epochs = list(range(60))
        losses = [0.3 + 2 * 0.9**e + 0.0006 * e**1.7 + 0.05 * torch.randn(()).item() for e in epochs]
        found = early_stopping(losses, 8, 0.0)
        axes[0].plot(epochs, losses, color="C0", label="validation loss")
        axes[0].axvline(found["best"], color="C3", linestyle="--", label="best epoch")
        if found["stop"] is not None:
            axes[0].axvline(found["stop"], color="black", linestyle=":", label="stop")
        axes[0].set(xlabel="epoch", ylabel="loss", title="Your early stopping, with patience 8")
        axes[0].legend()
        drawn.append("your early stopping")
    except (NotImplementedError, AttributeError, TypeError, KeyError):
        pass
    try:
        weight = torch.nn.Parameter(torch.zeros(1))
        ema = EMA([weight], 0.95)
        raw, averaged = [], []
        for _ in range(200):
            weight.data = 0.97 * weight.data + 0.03 + 0.15 * torch.randn(1)
            ema.update()
            raw.append(weight.item())
            averaged.append(ema.average()[0].item())
        axes[1].plot(raw, color="C0", alpha=0.4, label="a weight of a noisy training")
        axes[1].plot(averaged, color="C0", linestyle="--", label="your average, decay 0.95")
        axes[1].set(xlabel="step", ylabel="weight", title="Your running average")
        axes[1].legend()
        drawn.append("your running average")
    except (NotImplementedError, AttributeError, TypeError):
        pass
    if not drawn:
        raise SystemExit("Nothing to draw yet: write early_stopping or EMA, then run this file again.")
    figure.savefig("my_generalization.png")
    print("Drawn: my_generalization.png, with", " and ".join(drawn))
    plt.show()
