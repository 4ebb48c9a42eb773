"""Lesson 3.6: Monitoring and debugging.

What went wrong in a run, from its curves; a report on all gradients; the test with a single batch; and a training loop
to repair.
"""

import math
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import Tensor, nn


def diagnose(train: list[float], val: list[float]) -> str:
    """Return what went wrong in a training run, from its losses: the first of five names that fits.

    `train` and `val` hold the training and the validation loss before the first epoch and after each one; they are
    equally long. The names are: "nan", if a loss is not a finite number; "diverged", if the training loss ends above
    where it began; "overfitting", if the validation loss ends above its lowest value by more than half of what it had
    gained until there; "too slow", if the training loss fell more than half as much in the second half of the
    run as in the first; otherwise "healthy". Losses in another unit, or larger by a constant, in one list or in both,
    change no answer. No run of the checks is close to a border: where a share is compared with a half, it is below 0.3
    or above 0.75.

    >>> diagnose([2.0, 1.0, 0.75, 0.5, 0.5], [2.0, 1.5, 1.0, 2.0, 2.0])
    'overfitting'
    """
    if not all(math.isfinite(loss) for loss in [*train, *val]):
        return "nan"
    if train[-1] > train[0]:
        return "diverged"
    lowest, middle = min(val), len(train) // 2
    if val[-1] - lowest > (val[0] - lowest) / 2:
        return "overfitting"
    if train[middle] - train[-1] > (train[0] - train[middle]) / 2:
        return "too slow"
    return "healthy"


def gradient_report(params: dict[str, Tensor], grads: dict[str, Tensor], lr: float) -> dict[str, dict[str, Any]]:
    """Return for each parameter the size of its gradient, how much one step would change it, and a flag.

    `grads[name]` has the shape of `params[name]`, which may be any. The result has the same names, each with a dict of
    three: "grad_norm" is the length of the gradient, the root of the sum of its squares; "update_ratio" is the length
    of the step `lr * gradient`, divided by the length of the parameter; and "flag" is the first that fits: "nan" if an
    entry of the gradient is NaN or infinite; "zero" if all entries are 0; "new" if all entries of the parameter are 0,
    like a bias that has just begun; "large" if the ratio is above 0.1; "small" if it is below 1e-6; otherwise "ok".
    Where the flag is "zero" the ratio is 0, where it is "new" the ratio is infinite, and where it is "nan" the two
    numbers do not matter.

    >>> gradient_report({"w": torch.tensor([3.0, 4.0])}, {"w": torch.tensor([0.0, 0.25])}, lr=0.5)
    {'w': {'grad_norm': 0.25, 'update_ratio': 0.025, 'flag': 'ok'}}
    """
    report = {}
    for name, param in params.items():
        norm, size = grads[name].norm().item(), param.norm().item()
        ratio = lr * norm / size if size > 0 else math.inf
        if not torch.isfinite(grads[name]).all():
            flag = "nan"
        elif norm == 0:
            flag, ratio = "zero", 0.0
        elif size == 0:
            flag = "new"
        else:
            flag = "large" if ratio > 0.1 else "small" if ratio < 1e-6 else "ok"
        report[name] = {"grad_norm": norm, "update_ratio": ratio, "flag": flag}
    return report


def overfit_one_batch(
    net: nn.Module, step: Callable[[Tensor, Tensor], float], X: Tensor, y: Tensor, steps: int, goal: float
) -> dict[str, Any]:
    """Test a training step on a single batch: a step that works can drive the loss of a few samples to nearly 0.

    `X` has shape (N, D), and `y` has the targets of its N samples. `step(X, y)` trains `net` for one step on this batch
    and returns the loss before its update, a float. Call it with the same batch again and again, until a loss is at
    most `goal` or is not a finite number, and at most `steps` times, which is 1 or more. In the result, "losses" lists
    what the calls returned. "verdict" is "passed" if the last of them is at most the goal, "nan" if it is not finite,
    and otherwise "stuck". "frozen" lists the names, as in `net.named_parameters()`, of the parameters whose values are
    exactly those from before the first call. `net` stays in the mode, training or evaluation, in which it comes.

    >>> def step(X: Tensor, y: Tensor) -> float:
    ...     return next(losses)
    >>> losses = iter([2.0, 0.5, 0.25])
    >>> found = overfit_one_batch(nn.Linear(1, 1), step, torch.ones(4, 1), torch.ones(4, 1), steps=3, goal=0.5)
    >>> found["verdict"], found["losses"], found["frozen"]
    ('passed', [2.0, 0.5], ['weight', 'bias'])
    """
    before = {name: param.detach().clone() for name, param in net.named_parameters()}
    losses, verdict = [], "stuck"
    for _ in range(steps):
        losses.append(step(X, y))
        if not math.isfinite(losses[-1]):
            verdict = "nan"
            break
        if losses[-1] <= goal:
            verdict = "passed"
            break
    frozen = [name for name, param in net.named_parameters() if torch.equal(param, before[name])]
    return {"verdict": verdict, "losses": losses, "frozen": frozen}


def _make_net(features: int) -> nn.Sequential:
    """Return a linear model on normalized features, which begins with the prediction 0."""
    layer = nn.Linear(features, 1)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return nn.Sequential(nn.BatchNorm1d(features), layer)


def fix_the_loop(
    X: Tensor, y: Tensor, X_val: Tensor, y_val: Tensor, batch_size: int, lr: float, epochs: int
) -> dict[str, Any]:
    """Repair this training loop: return the losses of every epoch, and the predictions at the end.

    `X` has shape (N, D) and `y` has shape (N,): the data to train on, in batches in the given order, of which the last
    may be smaller. `X_val` (M, D) and `y_val` (M,) are for validation only. The loss is the mean squared error. Each
    batch is one step of SGD, and after each epoch the learning rate is halved. The given function `_make_net(D)` makes
    the network; its BatchNorm layer normalizes with the batch in training, and with what it has learned in evaluation.
    In the result, "train_losses" holds for each epoch the mean over its N samples of the squared errors, each taken
    before the step of its batch; "val_losses" holds the loss on the validation data after each epoch; and "predictions"
    has shape (M,): what the trained network says about `X_val`. The last two are taken in evaluation mode.

    >>> X, y = torch.tensor([[0.0], [2.0], [4.0], [8.0]]), torch.tensor([1.0, 3.0, 3.0, 7.0])
    >>> trained = fix_the_loop(X, y, X[:3], y[:3], batch_size=2, lr=0.25, epochs=2)
    >>> [round(loss, 2) for loss in trained["train_losses"]]
    [11.63, 6.86]
    """
    net = _make_net(X.shape[1])
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    train_losses, val_losses = [], []
    for _ in range(epochs):
        net.train()
        total = 0.0
        for X_batch, y_batch in zip(X.split(batch_size), y.split(batch_size), strict=True):
            predictions = net(X_batch).squeeze(1)
            loss = ((predictions - y_batch) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(X_batch)
        schedule.step()
        train_losses.append(total / len(X))
        net.eval()
        with torch.no_grad():
            predictions = net(X_val).squeeze(1)
            val_losses.append(((predictions - y_val) ** 2).mean().item())
    return {"train_losses": train_losses, "val_losses": val_losses, "predictions": predictions}


if __name__ == "__main__":
    figure, axes = plt.subplots(2, 3, figsize=(12, 7), layout="constrained")
    for number, (ax, lr) in enumerate(zip(axes.flatten(), (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0), strict=True)):
        generator = torch.Generator().manual_seed(number)
        X = torch.randn(128, 2, generator=generator)
        y = (2 * torch.atan2(X[:, 1], X[:, 0])).sin()[:, None] + 0.3 * torch.randn(128, 1, generator=generator)
        net = nn.Sequential(nn.Linear(2, 64), nn.Tanh(), nn.Linear(64, 1))
        optimizer = torch.optim.Adam(net.parameters(), lr=lr)
        train, val = [], []
        for _ in range(200):
            loss = ((net(X[:64]) - y[:64]) ** 2).mean()
            train.append(loss.item())
            val.append(((net(X[64:]) - y[64:]) ** 2).mean().item())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        try:
            name = diagnose(train, val)
        except NotImplementedError:
            raise SystemExit("Nothing to draw yet: write diagnose first, then run this file again.") from None
        ax.semilogy(train, color="C0", label="training")
        ax.semilogy(val, color="C0", linestyle="--", label="validation")
        ax.set(xlabel="step", ylabel="loss, logarithmic", title=f"lr = {lr:g}: your diagnosis is {name}")
    axes[0, 0].legend()
    figure.savefig("my_diagnoses.png")
    print("Drawn: my_diagnoses.png")
    plt.show()
