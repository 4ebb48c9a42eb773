"""Exercises of lesson 1.1: what a training loop is.

Read lessons/m1_1_training_loop/README.md, fill in the functions, and run: grade 1.1
"""

from typing import Any

import torch
from torch import Tensor


def step_downhill(parameter: float, slope: float, lr: float) -> float:
    """Return the parameter after one step against the slope, `lr` times as long as the slope is steep.

    The arguments and the result are floats. The slope says how fast the loss grows when the parameter grows.

    >>> step_downhill(5.0, 4.0, 0.25)
    4.0
    """
    return parameter - lr * slope


def best_constant(y: Tensor) -> tuple[float, float]:
    """Return the constant that predicts y with the lowest mean squared error, and that error: the loss to beat.

    `y` has shape (N,). The result is the pair `(c, loss)` of two floats: every prediction is the same number `c`, and
    `loss` is the mean over the N points of the squared error.

    >>> best_constant(torch.tensor([0.0, 1.0, 3.0, 8.0]))
    (3.0, 9.5)
    """
    c = y.mean()
    return c.item(), ((c - y) ** 2).mean().item()


def training_step(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Go through the training loop once for the line `w * x + b`, and return what happened on the way.

    `x` and `y` have shape (N,). In the result, "loss" is the mean squared error of the line before the update,
    "grad_w" and "grad_b" are the slopes of the loss there, and "w" and "b" are the parameters after the update: one
    step against the gradient, `lr` times as long as the gradient. All five values are floats.

    >>> x, y = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0])
    >>> training_step(x, y, 0.0, 0.0, 0.5)
    {'loss': 5.0, 'grad_w': -3.0, 'grad_b': -4.0, 'w': 1.5, 'b': 2.0}
    """
    weight = torch.tensor(w, requires_grad=True)
    bias = torch.tensor(b, requires_grad=True)
    predictions = weight * x + bias
    loss = ((predictions - y) ** 2).mean()
    loss.backward()
    assert weight.grad is not None
    assert bias.grad is not None
    grad_w, grad_b = weight.grad.item(), bias.grad.item()
    return {"loss": loss.item(), "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


def train(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Train the line `w * x + b` for a number of steps, and return where it ends and how the loss went.

    `x` and `y` have shape (N,); `w` and `b` are where the training begins. In the result, "w" and "b" are the trained
    parameters, two floats, and "losses" is a list of `steps` floats: entry t is the loss before update t, so the first
    entry is the loss of the start. With `steps` = 0, return the start and an empty list.

    >>> x, y = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0])
    >>> train(x, y, 0.0, 0.0, 0.5, 2)
    {'w': 1.25, 'b': 1.25, 'losses': [5.0, 0.625]}
    """
    losses = []
    for _ in range(steps):
        step = training_step(x, y, w, b, lr)
        losses.append(step["loss"])
        w, b = step["w"], step["b"]
    return {"w": w, "b": b, "losses": losses}


def measure_gravity(t: Tensor, d: Tensor, g: float, lr: float, steps: int) -> dict[str, Any]:
    """Repair this training loop: return the gravity that it finds in a fall, and the losses on the way.

    `t` and `d` have shape (N,): a stone that falls from rest has fallen `d` metres after `t` seconds. The model is
    `0.5 * g * t**2`, its only parameter is `g`, and `g` is where the training begins. In the result, "g" is the trained
    parameter, a float, and "losses" is a list of `steps` floats: entry k is the mean squared error before update k.

    >>> t, d = torch.tensor([1.0, 2.0]), torch.tensor([5.0, 20.0])
    >>> measure_gravity(t, d, 8.0, 0.25, 2)
    {'g': 9.9921875, 'losses': [8.5, 0.033203125]}
    """
    gravity = torch.tensor(g, requires_grad=True)
    losses = []
    for _ in range(steps):
        predictions = 0.5 * gravity * t**2
        loss = ((predictions - d) ** 2).mean()
        loss.backward()
        assert gravity.grad is not None
        with torch.no_grad():
            gravity -= lr * gravity.grad
            gravity.grad.zero_()
        losses.append(loss.item())
    return {"g": gravity.item(), "losses": losses}


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    x = torch.linspace(-1, 3, 25)
    y = 2 * x + 1 + 0.5 * torch.randn(25, generator=torch.Generator().manual_seed(42))
    try:
        c, loss_to_beat = best_constant(y)
    except NotImplementedError:
        raise SystemExit("Nothing to draw yet: write best_constant first, then run this file again.") from None
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
    left.plot(x.numpy(), y.numpy(), "o", color="gray", label="data")
    left.axhline(c, color="black", linestyle="--", label="your best constant")
    right.axhline(loss_to_beat, color="black", linestyle="--", label="the loss to beat")
    try:
        step = training_step(x, y, 0.0, 0.0, 0.05)
        left.plot(x.numpy(), (step["w"] * x + step["b"]).numpy(), color="tab:cyan", label="your line after 1 step")
        trained = train(x, y, 0.0, 0.0, 0.05, 50)
        left.plot(
            x.numpy(), (trained["w"] * x + trained["b"]).numpy(), color="tab:blue", label="your line after 50 steps"
        )
        right.semilogy(trained["losses"], color="tab:blue", label="your training")
    except NotImplementedError:
        print("Write training_step and train as well, and your line appears.")
    left.set(xlabel="x", ylabel="y", title="The data and your model")
    right.set(xlabel="steps done", ylabel="loss", title="The loss")
    left.legend()
    right.legend()
    plt.savefig("my_training.png")
    print("Drawn: my_training.png")
    plt.show()
