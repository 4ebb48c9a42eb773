"""Lesson 2.6: Regularization and overfitting.

Ridge regression in closed form, the shortest of all exact fits, dropout, and a training step with weight decay.
"""

import math

import matplotlib.pyplot as plt
import torch
from torch import Tensor


def ridge_closed_form(X: Tensor, y: Tensor, lam: float) -> Tensor:
    """Return the weights that minimise the mean squared error plus `lam` times the sum of the squared weights.

    `X` has shape (N, D), and `y` has shape (N,); there is no bias, so the predictions are `X @ w`. `lam` is positive.
    The result has shape (D,). D may be larger than N.

    >>> X, y = torch.tensor([[1.0, 1.0], [1.0, -1.0]]), torch.tensor([3.0, 1.0])
    >>> ridge_closed_form(X, y, 1.0)
    tensor([1.0000, 0.5000])
    """
    n, d = X.shape
    curvature = X.T @ X / n + lam * torch.eye(d)
    w: Tensor = torch.linalg.solve(curvature, X.T @ y / n)
    return w


def minimum_norm_fit(X: Tensor, y: Tensor) -> Tensor:
    """Return the shortest of all weights that fit the data exactly.

    `X` has shape (N, D), and `y` has shape (N,). D is at least N, and the rows of `X` are linearly independent, so
    there are weights `w` of shape (D,) with `X @ w` equal to `y`: for D > N infinitely many. The result is the one with
    the least `w.norm()`.

    >>> minimum_norm_fit(torch.tensor([[3.0, 4.0]]), torch.tensor([5.0]))
    tensor([0.6000, 0.8000])
    """
    shares: Tensor = torch.linalg.solve(X @ X.T, y)  # how much of each sample
    return X.T @ shares


def dropout(h: Tensor, mask: Tensor, p: float, training: bool) -> Tensor:
    """Return the outputs of a layer after inverted dropout, as `torch.nn.Dropout` does it.

    `h` has shape (N, H), and so has `mask`: 1.0 where a unit is kept, 0.0 where it is dropped. The caller has drawn
    the mask so that each unit is dropped with probability `p`, which is at least 0 and less than 1. In training the
    average of the result over all masks is `h`; in evaluation the result is `h`, whatever the mask.

    >>> h, mask = torch.tensor([[1.0, 2.0, 3.0, 4.0]]), torch.tensor([[1.0, 0.0, 1.0, 1.0]])
    >>> dropout(h, mask, 0.5, training=True)
    tensor([[2., 0., 6., 8.]])
    """
    kept = h * mask / (1 - p)
    return kept if training else h


def sgd_weight_decay_step(
    params: dict[str, Tensor], grads: dict[str, Tensor], lr: float, lam: float
) -> dict[str, Tensor]:
    """Return the parameters after one step of gradient descent on the loss plus a penalty on the weights.

    The penalty is `lam` times the sum of the squares of all weights; biases have no penalty. `params` holds the weights
    and biases of a network with any number of layers: "W1" of shape (D, H), "b1" of shape (H,), "W2", "b2" and so on.
    `grads` has the same keys and shapes, and holds the gradients of the loss without the penalty. The result is a new
    dict, and the given tensors stay as they are.

    >>> params = {"W1": torch.tensor([[4.0, -2.0]]), "b1": torch.tensor([1.0, 3.0])}
    >>> grads = {"W1": torch.tensor([[1.0, 0.0]]), "b1": torch.tensor([2.0, 0.0])}
    >>> sgd_weight_decay_step(params, grads, 0.5, 0.25)
    {'W1': tensor([[ 2.5000, -1.5000]]), 'b1': tensor([0., 3.])}
    """
    stepped = {}
    for name, part in params.items():
        decay = 2 * lam * part if name.startswith("W") else torch.zeros_like(part)
        stepped[name] = part - lr * (grads[name] + decay)
    return stepped


if __name__ == "__main__":
    x = torch.linspace(-3, 3, 12)
    y = x.sin() + 0.2 * torch.randn(12, generator=torch.Generator().manual_seed(3))
    wide = torch.linspace(-3, 3, 301)

    def powers(inputs: Tensor) -> Tensor:
        """Return nine powers of the inputs, each minus its mean over the data: a bias is not needed then."""
        return torch.stack([(inputs / 3) ** k - ((x / 3) ** k).mean() for k in range(1, 10)], dim=1)

    def waves(inputs: Tensor) -> Tensor:
        """Return 200 waves, the longer ones larger."""
        k = torch.arange(1, 101) / 2
        angles = inputs[:, None] * k * math.pi / 3
        return torch.cat([angles.sin() / k, angles.cos() / k], dim=1)

    figure, axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True)
    drawn = []
    try:
        for lam, style in ((1e-6, ":"), (1e-3, "-"), (1.0, "--")):
            w = ridge_closed_form(powers(x), y - y.mean(), lam)
            axes[0].plot(wide, powers(wide) @ w + y.mean(), style, label=f"lambda = {lam:g}")
        axes[0].legend()
        drawn.append("your ridge")
    except (NotImplementedError, AttributeError, TypeError):
        pass
    try:
        axes[1].plot(wide, waves(wide) @ minimum_norm_fit(waves(x), y), label="200 weights, the shortest fit")
        axes[1].legend()
        drawn.append("your shortest fit")
    except (NotImplementedError, AttributeError, TypeError):
        pass
    if not drawn:
        raise SystemExit("Nothing to draw yet: write ridge_closed_form first, then run this file again.")
    for ax in axes:
        ax.plot(x, y, "o", color="grey")
        ax.set(xlabel="x", ylim=(-2, 2))
    figure.savefig("my_fits.png")
    print("Drawn: my_fits.png, with", " and ".join(drawn))
    plt.show()
