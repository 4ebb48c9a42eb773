"""Exercises of lesson 1.5: numerical and analytical gradients.

Read lessons/m1_5_numerical_gradients/README.md, fill in the functions, and run: grade 1.5
"""

import itertools
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import Tensor


def numerical_gradient(f: Callable[[Tensor], float], theta: Tensor, h: float = 1e-5) -> Tensor:
    """Return the gradient of `f` at `theta`, measured by calling `f` alone: central differences with step `h`.

    `theta` has any shape, and may have no dimensions at all; `f` takes a tensor of that shape and returns a float.
    The result has the shape of `theta`: each entry is the slope of `f` when only this entry of `theta` moves, measured
    from `h` below to `h` above. The call leaves `theta` as it was.

    >>> def f(theta: Tensor) -> float:
    ...     return (theta**2).sum().item()
    >>> theta = torch.tensor([[1.0, -2.0], [0.5, 3.0]], dtype=torch.float64)
    >>> numerical_gradient(f, theta, h=0.5).tolist()
    [[2.0, -4.0], [1.0, 6.0]]
    """
    raise NotImplementedError("TODO: numerical_gradient")


def relative_error(a: Tensor, n: Tensor) -> float:
    """Return the relative error of two gradients: that of the worst entry.

    `a` (analytical) and `n` (numerical) have the same shape. The error of an entry is `|a - n| / (|a| + |n|)`, a number
    between 0 and 1. A denominator below 1e-12 is replaced by 1e-12, so the error is 0 where both are 0.

    >>> a = torch.tensor([2.0, 100.0, -1.0], dtype=torch.float64)
    >>> n = torch.tensor([3.0, 101.0, -1.0], dtype=torch.float64)
    >>> relative_error(a, n)
    0.2
    """
    raise NotImplementedError("TODO: relative_error")


def gradient_check(
    f: Callable[[Tensor], float],
    grad_f: Callable[[Tensor], Tensor],
    theta: Tensor,
    h: float = 1e-5,
    tol: float = 1e-5,
) -> dict[str, Any]:
    """Compare the gradient that `grad_f` computes at `theta` with the numerical gradient of `f`, and report the result.

    `theta` has any shape, and `grad_f` returns a tensor of the same shape. The result has three keys: "error" is the
    relative error of the worst entry, "worst_index" is the place of this entry in `theta` (a list of ints, one for each
    dimension), and "ok" says whether the error is at most `tol`. A gradient with a nan in it is never ok.

    >>> def f(theta: Tensor) -> float:
    ...     return (theta**2).sum().item()
    >>> def grad_f(theta: Tensor) -> Tensor:
    ...     return torch.stack([2 * theta[0], theta[1]])
    >>> found = gradient_check(f, grad_f, torch.tensor([1.0, 3.0], dtype=torch.float64))
    >>> found["ok"], found["worst_index"], round(found["error"], 6)
    (False, [1], 0.333333)
    """
    raise NotImplementedError("TODO: gradient_check")


def quadratic_gradients(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
    """Return the slopes of the mean squared error of the parabola `w2 * x**2 + w1 * x + b`, along w2, w1 and b.

    `x` and `y` hold the N data points, shape (N,). The result has three floats, in this order.

    >>> x, y = torch.tensor([0.0, 3.0]), torch.tensor([1.0, 9.0])
    >>> quadratic_gradients(x, y, 1.0, 0.0, 1.0)
    (9.0, 3.0, 1.0)
    """
    raise NotImplementedError("TODO: quadratic_gradients")


if __name__ == "__main__":

    def f(theta: Tensor) -> float:
        """Return the exponential of a number: it is its own derivative."""
        return theta.exp().item()

    steps = torch.logspace(-12, 0, 61, dtype=torch.float64).tolist()
    plt.figure(figsize=(7, 5))
    for dtype, marker in ((torch.float32, "s"), (torch.float64, "o")):
        theta = torch.tensor(1.0, dtype=dtype)
        exact = torch.tensor(1.0, dtype=torch.float64).exp().item()
        try:
            errors = [abs(numerical_gradient(f, theta, h).item() - exact) for h in steps]
        except NotImplementedError:
            raise SystemExit("Nothing to draw yet: write numerical_gradient first, then run this file again.") from None
        plt.loglog(steps, errors, marker, markersize=4, label=f"your gradient, {dtype}")
    plt.xlabel("step h")
    plt.ylabel("error of the numerical gradient")
    plt.title("The error of your numerical_gradient, for exp at 1")
    plt.legend()
    plt.grid(alpha=0.3)
    plt.savefig("my_gradient_errors.png")
    print("Drawn: my_gradient_errors.png")
    plt.show()
