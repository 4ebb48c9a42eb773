"""What several exercises of lesson 1.5 use."""

import math
from collections.abc import Callable, Sequence

import torch
from hypothesis import strategies as st
from torch import Tensor

Function = Callable[[Tensor], float]

FINITE = 1e-6
"""In float64 with h = 1e-5, the central differences of all formulas here are off by at most 1e-8 of 1 + gradient."""

NEAR_GUARD = 0.05
"""Where a denominator is at least 30 times the guard, right code may also add the guard to it."""


def tensors(
    entries: st.SearchStrategy[float], shapes: Sequence[tuple[int, ...]], *, unique: bool = False
) -> st.SearchStrategy[Tensor]:
    """Draw float64 tensors of one of the shapes."""

    def of_shape(shape: tuple[int, ...]) -> st.SearchStrategy[Tensor]:
        lists = st.lists(entries, min_size=math.prod(shape), max_size=math.prod(shape), unique=unique)
        return lists.map(lambda values: torch.tensor(values, dtype=torch.float64).view(shape))

    return st.sampled_from(shapes).flatmap(of_shape)


def evaluated(formula: str, theta: Tensor) -> Tensor:
    """Return the value of a formula at theta."""
    value: Tensor = eval(formula, {"torch": torch, "theta": theta})  # noqa: S307  the checks write the formulas
    return value


def as_function(formula: str) -> Function:
    """Return the function f that computes a formula."""
    return lambda theta: evaluated(formula, theta).item()


def exact_gradient(formula: str, theta: Tensor) -> Tensor:
    """Return the gradient of a formula by autograd."""
    point = theta.clone().requires_grad_()
    return torch.autograd.grad(evaluated(formula, point), point)[0]


def central_differences(f: Function, theta: Tensor, h: float) -> Tensor:
    """Return the numerical gradient, moving theta along the rows of an identity matrix."""
    directions = torch.eye(theta.numel(), dtype=theta.dtype).view(-1, *theta.shape)
    slopes = [(f(theta + h * d) - f(theta - h * d)) / (2 * h) for d in directions]
    return torch.tensor(slopes, dtype=theta.dtype).view(theta.shape)
