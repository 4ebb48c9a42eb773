"""What several exercises of the lesson use."""

from collections.abc import Callable

import torch
from torch import Tensor

FINITE = 1e-6
"""A central difference with h = 1e-5, in float64, is off by 1e-8 of 1 + gradient at most on the functions below."""


def _value(formula: str, theta: Tensor) -> Tensor:
    value: Tensor = eval(formula, {"torch": torch, "theta": theta})  # noqa: S307  the formulas stand in this file
    return value


def _gradient(formula: str, theta: Tensor) -> Tensor:
    """Return the exact gradient, by autograd."""
    point = theta.clone().requires_grad_()
    return torch.autograd.grad(_value(formula, point), point)[0]


NEAR_GUARD = 0.05
"""Where a denominator is 30 times the guard or more, right code may also add the guard to it."""


Function = Callable[[Tensor], float]


def _number(formula: str) -> Function:
    def f(theta: Tensor) -> float:
        return _evaluated(formula, theta).item()

    return f


def _evaluated(formula: str, theta: Tensor) -> Tensor:
    value: Tensor = eval(formula, {"torch": torch, "theta": theta})  # noqa: S307  checks.py writes the formulas
    return value


def numerical_gradient__flat_view(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """A flat view into one clone: an entry is moved up, down, and put back."""
    point, gradient = theta.clone(), torch.zeros_like(theta)
    entries, slopes = point.view(-1), gradient.view(-1)
    for i in range(len(entries)):
        kept = entries[i].item()
        entries[i] = kept + h
        above = f(point)
        entries[i] = kept - h
        slopes[i] = (above - f(point)) / (2 * h)
        entries[i] = kept
    return gradient
