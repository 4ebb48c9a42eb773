"""Called beside the student's functions, in their process: functions do not cross, so they travel as formulas.

A formula is a Python expression in `theta`, such as "(theta**2).sum()". The arguments of a driver stand in the order of
the exercise's own, so that a failing call in a report reads like a call of the exercise.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Function = Callable[[Tensor], float]
Gradient = Callable[[Tensor], Tensor]
NumericalGradient = Callable[[Function, Tensor, float], Any]
GradientCheck = Callable[[Function, Gradient, Tensor, float, float], Any]


def gradient(numerical_gradient: NumericalGradient, formula: str, theta: Tensor, h: float) -> Any:
    """Return what the student's function returns for the formula."""
    return numerical_gradient(_number(formula), theta, h)


def gradient_by_default(numerical_gradient: Callable[[Function, Tensor], Any], formula: str, theta: Tensor) -> Any:
    """Return what the student's function returns if it is not told a step."""
    return numerical_gradient(_number(formula), theta)


def moved_for_good(numerical_gradient: NumericalGradient, formula: str, theta: Tensor, h: float) -> float:
    """Return by how much an entry of theta differs after the call, at most."""
    point = theta.clone()
    numerical_gradient(_number(formula), point, h)
    return (point - theta).abs().max().item()


def places_of_calls(numerical_gradient: NumericalGradient, formula: str, theta: Tensor, h: float) -> dict[str, Any]:
    """Return the shapes that f was called with, and how many entries of theta had moved in a call, at most."""
    f, start = _number(formula), theta.clone()
    moved, shapes = [0], set()

    def noting(point: Tensor) -> float:
        shapes.add(str(tuple(point.shape)))
        if point.numel() == start.numel():
            moved.append(int((point.detach().flatten() != start.to(point.dtype).flatten()).sum()))
        return f(point)

    numerical_gradient(noting, theta, h)
    # One text, for the number of shapes is part of what is found.
    return {"shape": " and ".join(sorted(shapes)), "moved": max(moved)}


def findings(
    gradient_check: GradientCheck, formula: str, gradient_formula: str, theta: Tensor, h: float, tol: float
) -> Any:
    """Return what the student's function finds out."""
    return gradient_check(_number(formula), _tensor(gradient_formula), theta, h, tol)


def verdict(
    gradient_check: GradientCheck, formula: str, gradient_formula: str, theta: Tensor, h: float, tol: float
) -> Any:
    """Return "ok" alone, where the rest of the answer is rounding noise."""
    return findings(gradient_check, formula, gradient_formula, theta, h, tol)["ok"]


def error(
    gradient_check: GradientCheck, formula: str, gradient_formula: str, theta: Tensor, h: float, tol: float
) -> Any:
    """Return "error" alone, where all entries are equally wrong and none is the worst."""
    return findings(gradient_check, formula, gradient_formula, theta, h, tol)["error"]


def verdict_by_default(
    gradient_check: Callable[[Function, Gradient, Tensor], Any], formula: str, gradient_formula: str, theta: Tensor
) -> Any:
    """Return "ok" if the student's function is told neither a step nor a tolerance."""
    return gradient_check(_number(formula), _tensor(gradient_formula), theta)["ok"]


def error_by_default(
    gradient_check: Callable[[Function, Gradient, Tensor], Any], formula: str, gradient_formula: str, theta: Tensor
) -> Any:
    """Return "error" if the student's function is told neither a step nor a tolerance."""
    return gradient_check(_number(formula), _tensor(gradient_formula), theta)["error"]


def _number(formula: str) -> Function:
    def f(theta: Tensor) -> float:
        return _evaluated(formula, theta).item()

    return f


def _tensor(formula: str) -> Gradient:
    def grad_f(theta: Tensor) -> Tensor:
        return _evaluated(formula, theta)

    return grad_f


def _evaluated(formula: str, theta: Tensor) -> Tensor:
    value: Tensor = eval(formula, {"torch": torch, "theta": theta})  # noqa: S307  checks.py writes the formulas
    return value
