"""Exercises of lesson 1.2: the simplest case, linear regression.

Read lessons/m1_2_linear_regression/README.md, fill in the functions, and run: grade 1.2
"""

import torch
from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Return both slopes of the mean squared error of the line `w * x + b`: along w first, then along b.

    `x` and `y` have shape (N,), one entry for each of the N points. The result is a pair of floats.

    >>> x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([3.0, 1.0, 2.0])
    >>> mse_gradients(x, y, 1.0, 2.0)
    (4.0, 2.0)
    """
    raise NotImplementedError("TODO: mse_gradients")


def gradient_step(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """Return the pair `(w, b)` after one step of gradient descent.

    `x` and `y` have shape (N,). The step goes against the gradient of the mean squared error, `lr` times as long as
    the gradient, and both slopes are those at the old `(w, b)`.

    >>> x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([3.0, 1.0, 2.0])
    >>> gradient_step(x, y, 1.0, 2.0, 0.25)
    (0.0, 1.5)
    """
    raise NotImplementedError("TODO: gradient_step")


def mse_gradients_matrix(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Return the slopes of the mean squared error of `X @ w + b`: along every weight, and along the bias.

    `X` has shape (N, D): one row for each sample, one column for each feature. `y` has shape (N,), and `w` has shape
    (D,): one weight for each feature. The result is a tensor of shape (D,) and a float.

    >>> X = torch.tensor([[1.0, 0.0], [2.0, 1.0], [0.0, 1.0], [1.0, 2.0]])
    >>> mse_gradients_matrix(X, torch.tensor([1.0, 3.0, 2.0, 0.0]), torch.tensor([0.0, 1.0]), 1.0)
    (tensor([0.5000, 2.5000]), 1.0)
    """
    raise NotImplementedError("TODO: mse_gradients_matrix")


def largest_stable_lr(x: Tensor) -> float:
    """Return the learning rate above which descent on the mean squared error of a line diverges: 2 / lambda_max.

    `x` has shape (N,). `lambda_max` is the largest eigenvalue of the Hessian, the matrix of shape (2, 2) of the second
    derivatives along w and b. The targets `y` do not matter.

    >>> largest_stable_lr(torch.tensor([-1.0, 1.0, 2.0, 2.0]))
    0.3333333333333333
    """
    raise NotImplementedError("TODO: largest_stable_lr")


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    x = torch.linspace(-1, 1, 40)
    y = 2 * x + 1 + 0.3 * torch.randn(40, generator=torch.Generator().manual_seed(42))
    figure, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    for lr, style in [(0.01, "-."), (0.1, "-"), (1.0, "o-")]:
        path = [(0.0, 0.0)]
        try:
            for _ in range(50):
                path.append(gradient_step(x, y, *path[-1], lr))
        except NotImplementedError:
            text = "Nothing to draw yet: write mse_gradients and gradient_step first, then run this file again."
            raise SystemExit(text) from None
        axes[0].plot([w for w, _ in path], style, markersize=3, label=f"lr = {lr}")
        axes[1].plot([b for _, b in path], style, markersize=3, label=f"lr = {lr}")
    try:
        limit = f", and the largest stable learning rate is {largest_stable_lr(x):.3f}"
    except NotImplementedError:
        limit = ""
    axes[0].set(xlabel="step", ylabel="weight w")
    axes[1].set(xlabel="step", ylabel="bias b")
    axes[1].legend()
    figure.suptitle("Your 50 steps of gradient descent" + limit)
    figure.savefig("my_steps.png")
    print("Drawn: my_steps.png")
    plt.show()
