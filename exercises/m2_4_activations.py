"""Lesson 2.4: The role of activations.

Six activations and their slopes, the loss for classes, and the units of a ReLU layer that never fire.
"""

import math

import matplotlib.pyplot as plt
import torch
from torch import Tensor


def activation(name: str, z: Tensor) -> Tensor:
    """Return the activation of this name, applied to every entry of `z`.

    `name` is "relu", "sigmoid", "tanh", "swish", "softplus" or "gelu". `z` has any shape, and the result has the same.
    The result is right and finite for large entries too, such as -1000 and 1000.

    >>> activation("relu", torch.tensor([-2.0, 0.0, 2.0]))
    tensor([0., 0., 2.])
    """
    raise NotImplementedError("TODO: activation")


def activation_grad(name: str, z: Tensor) -> Tensor:
    """Return the slope of the activation of this name at every entry of `z`.

    The names and shapes are those of `activation`. The slope of "relu" at 0 is 0. The result is right and finite for
    large entries too, such as -1000 and 1000.

    >>> activation_grad("sigmoid", torch.tensor([-2.0, 0.0, 2.0]))
    tensor([0.1050, 0.2500, 0.1050])
    """
    raise NotImplementedError("TODO: activation_grad")


def softmax_cross_entropy(logits: Tensor, targets: Tensor) -> tuple[float, Tensor]:
    """Return the mean cross-entropy of the softmax of the logits, and its gradient along the logits.

    `logits` has shape (N, C), one row for each sample and one column for each class. `targets` has shape (N,) and holds
    the number of the right class of each sample, an integer from 0 to C - 1. The result is `(loss, grad)`, a float and
    a tensor of shape (N, C). Both are right and finite for large logits too, such as -1000 and 1000.

    >>> softmax_cross_entropy(torch.tensor([[0.0, 0.0], [0.0, 0.0]]), torch.tensor([0, 1]))
    (0.6931471824645996, tensor([[-0.2500,  0.2500],
            [ 0.2500, -0.2500]]))
    """
    raise NotImplementedError("TODO: softmax_cross_entropy")


def dead_units(X: Tensor, W1: Tensor, b1: Tensor) -> list[int]:
    """Return the numbers of the hidden ReLU units that never fire on these data, in ascending order.

    `X` has shape (N, D), `W1` has shape (D, H), and `b1` has shape (H,). The units are numbered from 0 to H - 1. A unit
    fires on a sample if its sum `z` there is greater than 0; so with `z` equal to 0 it does not.

    >>> X = torch.tensor([[1.0, 2.0], [3.0, 0.0]])
    >>> dead_units(X, torch.tensor([[1.0, -1.0, 0.0], [0.0, -1.0, 1.0]]), torch.tensor([0.0, 1.0, -2.0]))
    [1, 2]
    """
    raise NotImplementedError("TODO: dead_units")


if __name__ == "__main__":
    z = torch.linspace(-5, 5, 501)
    names = ["relu", "sigmoid", "tanh", "swish", "softplus", "gelu"]
    styles = ["-", "-", "--", "-.", ":", "--"]
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(7, 8), sharex=True)
    drawn = []
    for axes, function in ((top, activation), (bottom, activation_grad)):
        for name, style in zip(names, styles, strict=True):
            try:
                axes.plot(z, function(name, z), style, label=name)
            except (NotImplementedError, AttributeError, TypeError, ValueError):
                continue
            drawn.append(f"{function.__name__} of {name}")
    if not drawn:
        raise SystemExit("Nothing to draw yet: write activation first, then run this file again.")
    top.set(ylabel="activation", ylim=(-1.5, 3))
    bottom.set(xlabel="z", ylabel="slope", ylim=(-0.3, 1.3))
    top.legend()
    figure.savefig("my_activations.png")
    print("Drawn: my_activations.png, with", ", ".join(drawn))
    plt.show()
