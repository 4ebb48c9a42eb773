"""largest_stable_lr returns 2 / lambda_max, the learning rate above which descent diverges."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from torch import Tensor

from grader.authoring import LOSS32, StudentFunction, assert_at_most, assert_close, predict, row, variant, vectors

from .shared import forty_points

INPUTS = row(1.0, 2.0, 4.0)
NARROW = row(0.25, 0.5, -0.125)


def _descend(x: Tensor, lr: float) -> tuple[float, str]:
    """Return how far from the bottom 20 steps end that begin at distance 1, in the steepest direction; and say so.

    The data lie on the line w = 0, b = 0, so that is where the bottom is.
    """
    X = torch.stack([x, torch.ones_like(x)], dim=1).double()
    theta = torch.linalg.eigh(X.T @ X).eigenvectors[:, -1]
    for _ in range(20):
        theta = theta - lr * 2 * X.T @ (X @ theta) / len(x)
    distance = float(theta.norm())
    return distance, f"With lr = {lr:.6g}, 20 steps lead from the distance 1 to the distance {distance:.3g}."


@given(x=vectors())
@example(x=INPUTS)
@example(x=NARROW)
def test_two_by_the_largest_curvature(largest_stable_lr: StudentFunction, x: Tensor) -> None:
    """The limit is 2 / lambda_max, and the largest eigenvalue of the Hessian solves a quadratic equation.

    With p = mean(x**2) and m = mean(x) it is p + 1 + sqrt((p - 1)**2 + 4 * m**2), computed here in plain Python.
    """
    values: list[float] = x.tolist()
    m, p = sum(values) / len(values), sum(value * value for value in values) / len(values)
    expected = 2 / (p + 1 + math.sqrt((p - 1) ** 2 + 4 * m * m))
    assert_close(largest_stable_lr(x), expected, scale=expected)


@given(x=vectors())
@example(x=INPUTS)
@example(x=NARROW)
def test_just_below_it_arrives(largest_stable_lr: StudentFunction, x: Tensor) -> None:
    """At 95 % of the limit a descent converges: after 20 steps less than half of the way to the bottom is left.

    In the steepest direction every step multiplies the distance by 1 - 0.95 * 2 = -0.9.
    """
    distance, says = _descend(x, 0.95 * largest_stable_lr(x))
    assert_at_most(distance, 0.5, says=says)


@given(x=vectors())
@example(x=INPUTS)
@example(x=NARROW)
def test_just_above_it_runs_away(largest_stable_lr: StudentFunction, x: Tensor) -> None:
    """At 105 % of the limit a descent diverges: 20 steps in the steepest direction at least double the distance.

    There every step multiplies the distance by 1 - 1.05 * 2 = -1.1.
    """
    distance, says = _descend(x, 1.05 * largest_stable_lr(x))
    assert_at_most(2.0, distance, says=says)


@given(x=vectors())
@example(x=INPUTS)
@example(x=NARROW)
def test_balanced_inputs(largest_stable_lr: StudentFunction, x: Tensor) -> None:
    """With inputs balanced around 0 the limit is 1 / max(1, mean(x**2)).

    For every x there is a -x, so the mean is 0 and w and b do not interfere with each other: the curvature is
    2 * mean(x**2) along w and 2 along b, and the larger of the two sets the limit.
    """
    expected = 1 / max(1.0, float((x.double() ** 2).mean()))
    assert_close(largest_stable_lr(torch.cat([x, -x])), expected, scale=expected)


@given(x=vectors())
@example(x=INPUTS)
@example(x=NARROW)
def test_inputs_repeated(largest_stable_lr: StudentFunction, x: Tensor) -> None:
    """The number of points does not matter: taking every input twice does not change the limit.

    The loss is a mean, and so are its curvatures.
    """
    limit = largest_stable_lr(x)
    twice = largest_stable_lr(torch.cat([x, x.flip(0)]))
    assert_close(twice, limit, scale=limit, says="With every input taken twice, the limit changes.")


@given(x=vectors())
@example(x=INPUTS)
@example(x=NARROW)
def test_centring_helps(largest_stable_lr: StudentFunction, x: Tensor) -> None:
    """Centring the inputs never lowers the limit: without their mean, the steepest direction is no steeper.

    The product of the two curvatures is four times the variance, which centring leaves alone, and their sum shrinks.
    """
    limit, centred = largest_stable_lr(x), largest_stable_lr(x - x.mean())
    says = "With their mean subtracted from the inputs, the limit is lower than before."
    assert_at_most(limit, centred, slack=LOSS32 * limit, says=says)


@predict(
    answer="The limit drops to less than half.",
    because="The largest curvature was 2 and is now above 4: away from 0, turning the line moves all predictions "
    "the same way, as the bias does, and the two add up.",
    otherwise={
        "The limit stays the same: the cloud of points is the same, only moved.": "The lines are the same too, but "
        "their names (w, b) are not. The curvatures are those along w and b, and mean(x**2) has grown.",
        "The limit becomes larger: all inputs are positive now, so nothing cancels.": "Cancelling helps. Because the "
        "inputs balanced around 0, w and b could be corrected without interfering with each other.",
        "That depends on the targets.": "The second derivatives of the loss contain the inputs alone. The targets "
        "decide where the bottom is, not how steep the bowl is.",
    },
)
def inputs_moved(largest_stable_lr: Callable[[Tensor], float]) -> dict[str, Tensor]:
    """Inputs from -1 to 1 allow any lr below 1.0. After you add 1 to each (0 to 2), what happens to the limit?"""
    x, _ = forty_points()
    shifts = torch.linspace(0, 3, 31)
    limits = torch.tensor([largest_stable_lr(x + shift) for shift in shifts.tolist()])
    assert abs(limits[0].item() - 1) < 1e-9
    assert limits[10].item() < 0.5
    assert bool((limits.diff() <= 0).all())
    return {"added to each x": shifts, "largest stable lr": limits}


# Right answers in other styles


@variant
def formula(x: Tensor) -> float:
    """The quadratic equation is solved by hand."""
    mean_x, mean_x2 = float(x.mean()), float((x * x).mean())
    return 2 / (mean_x2 + 1 + math.sqrt((mean_x2 - 1) ** 2 + 4 * mean_x**2))


@variant
def float32(x: Tensor) -> float:
    """The Hessian is float32, as torch.tensor makes it of floats."""
    mean_x, mean_x2 = x.mean().item(), (x**2).mean().item()
    hessian = torch.tensor([[2 * mean_x2, 2 * mean_x], [2 * mean_x, 2.0]])
    largest: Tensor = torch.linalg.eigvalsh(hessian).max()
    return 2 / largest.item()


@variant
def gram(x: Tensor) -> Any:
    """The Hessian as 2/N times the inputs with a column of ones; returns a tensor without dimensions."""
    X = torch.stack([x, torch.ones_like(x)], dim=1)
    return 2 / torch.linalg.eigvalsh(2 * X.T @ X / len(x))[-1]


@variant
def general_eigenvalues(x: Tensor) -> float:
    """Eigenvalues of any square matrix, which are complex numbers."""
    X = torch.stack([x, torch.ones_like(x)], dim=1)
    eigenvalues: Tensor = torch.linalg.eigvals(2 * X.T @ X / len(x))
    return 2 / eigenvalues.real.max().item()


@variant
def singular_value(x: Tensor) -> float:
    """The largest singular value of the inputs, squared."""
    X = torch.stack([x, torch.ones_like(x)], dim=1)
    longest: Tensor = torch.linalg.matrix_norm(X, ord=2)
    return len(x) / longest.item() ** 2


@variant
def hessian_by_autograd(x: Tensor) -> float:
    """PyTorch differentiates twice; the Hessian is the same at any (w, b) and for any y."""

    def loss(theta: Tensor) -> Tensor:
        return ((theta[0] * x + theta[1]) ** 2).mean()

    hessian: Tensor = torch.func.hessian(loss)(torch.zeros(2, dtype=x.dtype))
    largest: Tensor = torch.linalg.eigvalsh(hessian)[-1]
    return 2 / largest.item()


@variant
def numpy(x: Tensor) -> float:
    """NumPy inside."""
    points = x.numpy()
    hessian = 2 * np.array([[np.mean(points**2), np.mean(points)], [np.mean(points), 1]])
    return float(2 / np.linalg.eigvalsh(hessian)[-1])
