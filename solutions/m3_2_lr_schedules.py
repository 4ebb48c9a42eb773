"""Lesson 3.2: Learning rate scheduling.

Three schedules, each a function that returns a learning rate, and what a list of rates does to a loss with noise.
"""

import contextlib
import math

import matplotlib.pyplot as plt


def step_decay(t: int, lr0: float, gamma: float, every: int) -> float:
    """Return the learning rate of step `t`, if it is multiplied by `gamma` after each block of `every` steps.

    Steps are counted from 0. The first `every` steps have the rate `lr0`, the next `every` steps `lr0` times `gamma`,
    and so on, so each rate lasts for `every` steps. With `every` = 1 this is exponential decay.

    >>> [step_decay(t, 0.5, 0.25, 2) for t in range(5)]
    [0.5, 0.5, 0.125, 0.125, 0.03125]
    """
    return lr0 * gamma ** (t // every)


def warmup_cosine(t: int, lr_max: float, lr_min: float, warmup: int, total: int) -> float:
    """Return the learning rate of step `t`: a linear warm-up, then half a cosine from `lr_max` down to `lr_min`.

    Steps are counted from 0, and `warmup` is at least 0 and less than `total`. Before step `warmup` the rate rises by
    the same amount in every step: step 0 has `lr_max / (warmup + 1)`, and step `warmup` has `lr_max`. From there on it
    follows half a cosine, which reaches `lr_min` at step `total`, and it stays at `lr_min` after that.

    >>> [warmup_cosine(t, 1.0, 0.5, 3, 5) for t in range(7)]
    [0.25, 0.5, 0.75, 1.0, 0.75, 0.5, 0.5]
    """
    if t < warmup:
        return lr_max * (t + 1) / (warmup + 1)
    if t >= total:
        return lr_min
    progress = (t - warmup) / (total - warmup)
    return lr_min + (lr_max - lr_min) * (1 + math.cos(math.pi * progress)) / 2


def plateau_schedule(
    metrics: list[float], lr: float, factor: float, patience: int, threshold: float, min_lr: float
) -> list[float]:
    """Return the learning rate after each epoch, if it is lowered when the metric no longer improves.

    `metrics` holds one positive number for each epoch, lower is better, and training starts with the rate `lr`. An
    epoch is good if its metric is less than `1 - threshold` times the best metric so far, which it then replaces; the
    first epoch is always good. Any other epoch is bad. As soon as there are more than `patience` bad epochs in a row,
    the rate is multiplied by `factor`, but not to less than `min_lr`, and the count of bad epochs starts again at 0.

    >>> plateau_schedule([4.0, 2.0, 2.0, 2.0, 2.0, 2.0], 0.5, 0.5, 1, 0.0, 0.01)
    [0.5, 0.5, 0.5, 0.25, 0.25, 0.125]
    """
    best, bad = math.inf, 0
    rates = []
    for metric in metrics:
        if metric < best * (1 - threshold):
            best, bad = metric, 0
        else:
            bad += 1
        if bad > patience:
            lr = max(lr * factor, min_lr)
            bad = 0
        rates.append(lr)
    return rates


def expected_excess(lrs: list[float], excess: float, curvature: float, variance: float) -> list[float]:
    """Return the mean height of noisy gradient descent above the lowest loss, at the start and after each step.

    The loss is a bowl with one parameter and this `curvature`. `lrs` holds the learning rate of each step, and `excess`
    is the height above the lowest loss before the first of them. The gradient of a batch is right on average, and has
    this `variance`, the same everywhere; batches are independent. The result has one entry more than `lrs`: the mean
    height over all batches that can come, at the start and after each step.

    >>> expected_excess([0.125, 0.0625], 4.0, 4.0, 32.0)
    [4.0, 2.0, 1.375]
    """
    heights = [excess]
    for lr in lrs:
        kept = (1 - lr * curvature) ** 2
        noise = lr**2 * variance
        heights.append(kept * heights[-1] + curvature / 2 * noise)
    return heights


if __name__ == "__main__":
    steps = 300
    schedules = {"constant": [0.1] * steps}
    with contextlib.suppress(NotImplementedError, AttributeError, TypeError):
        schedules["step_decay"] = [step_decay(t, 0.1, 0.1, 100) for t in range(steps)]
    with contextlib.suppress(NotImplementedError, AttributeError, TypeError):
        schedules["warmup_cosine"] = [warmup_cosine(t, 0.1, 0.0, 20, steps) for t in range(steps)]
    if len(schedules) == 1:
        raise SystemExit("Nothing to draw yet: write step_decay first, then run this file again.")
    figure, axes = plt.subplots(1, 2, figsize=(10, 4))
    for name, rates in schedules.items():
        axes[0].plot(rates, label=name)
        with contextlib.suppress(NotImplementedError, AttributeError, TypeError):
            axes[1].semilogy(expected_excess(rates, 10.0, 1.0, 5.0), label=name)
    axes[0].set(xlabel="step", ylabel="learning rate")
    axes[1].set(xlabel="step", ylabel="expected excess, logarithmic")
    axes[0].legend()
    figure.savefig("my_schedules.png")
    print("Drawn: my_schedules.png, with", ", ".join(schedules))
    plt.show()
