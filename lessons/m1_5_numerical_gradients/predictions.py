"""Questions of lesson 1.5, to be answered before the code is written."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from grader.authoring import predict

NumericalGradient = Callable[[Callable[[Tensor], float], Tensor, float], Tensor]
GradientCheck = Callable[[Callable[[Tensor], float], Callable[[Tensor], Tensor], Tensor], dict[str, Any]]


@predict(
    answer="It grows to about 0.0002.",
    because=(
        "The two values of f agree in all but their last few digits, so their difference is mostly rounding, and"
        " dividing by the tiny 2h makes that rounding large."
    ),
    otherwise={
        "It shrinks to about 1e-24, with the square of h.": (
            "That is the error of exact arithmetic. Here each value of f is rounded to 16 digits before it is"
            " subtracted."
        ),
        "It stays at about 6e-11, the limit of float64.": (
            "float64 has a limit for each value, about 16 digits; but the difference of two nearly equal values loses"
            " most of these digits, more of them the closer the two are."
        ),
    },
)
def numerical_gradient__step_of_1e_12(numerical_gradient: NumericalGradient) -> Tensor:
    """In float64 and with h = 1e-5, the central difference of exp at 1 has an error of about 6e-11.

    You make h ten million times smaller, 1e-12. What happens to the error?
    """

    def f(theta: Tensor) -> float:
        return theta.exp().item()

    one = torch.tensor(1.0, dtype=torch.float64)
    steps = torch.logspace(-12, 0, 25, dtype=torch.float64).tolist()
    errors = [abs(numerical_gradient(f, one, h).item() - math.e) for h in steps]
    assert abs(numerical_gradient(f, one, 1e-5).item() - math.e) < 1e-10
    assert 1e-4 < abs(numerical_gradient(f, one, 1e-12).item() - math.e) < 4e-4
    return torch.tensor(errors, dtype=torch.float64).log10()


@predict(
    answer="Not at all: it is exact.",
    because="What f rises too much on the right it falls too little on the left, and for a parabola the two are equal.",
    otherwise={
        "By a lot, for h = 1 is no small step.": (
            "The error of a central difference comes from the third derivative, and a parabola has none: the step may"
            " be as large as you like."
        ),
        "By about h, so by about 1.": (
            "That is the error of a forward difference on t**2. The central one has a point on either side, and the"
            " two errors cancel."
        ),
    },
)
def numerical_gradient__parabola(numerical_gradient: NumericalGradient) -> Tensor:
    """The slope of t**2 is 2t. You measure it by a central difference with h = 1, at several places t.

    By how much is it wrong?
    """

    def f(theta: Tensor) -> float:
        return (theta**2).sum().item()

    theta = torch.linspace(-2, 2, 17, dtype=torch.float64)
    slopes = numerical_gradient(f, theta, 1.0)
    assert torch.allclose(slopes, 2 * theta, rtol=0, atol=1e-12)
    return slopes


@predict(
    answer="1/3",
    because="|t - 2t| divided by |t| + |2t| is t over 3t: the relative error compares with the sum of both sizes.",
    otherwise={
        "1/2": "That is the difference divided by the larger of the two. Here it is divided by their sum.",
        "1": (
            "The relative error is 1 only where the signs differ or one of the two is 0. These two agree in their sign."
        ),
        "It depends on theta.": "Both gradients are multiples of theta, and theta cancels in the fraction.",
    },
)
def gradient_check__factor_2_forgotten(gradient_check: GradientCheck) -> Tensor:
    """The gradient of the sum of theta**2 is 2 * theta. In your formula for it you forget the 2.

    Which relative error does the gradient check find?
    """

    def f(theta: Tensor) -> float:
        return (theta**2).sum().item()

    errors = []
    for size in (0.25, 1.0, 4.0, 16.0, 64.0):
        found = gradient_check(f, lambda theta: theta, torch.tensor([size], dtype=torch.float64))
        assert abs(found["error"] - 1 / 3) < 1e-6
        assert not found["ok"]
        errors.append(found["error"])
    return torch.tensor(errors, dtype=torch.float64)
