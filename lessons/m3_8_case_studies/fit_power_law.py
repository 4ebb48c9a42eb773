"""fit_power_law must find the line of least squares behind both logarithms, and turn it into a power law."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import PARAM32, StudentFunction, assert_close, predict, row, variant

# Exact: a = 8, alpha = 1/2. Then counts whose logarithms are not evenly spaced, and losses that lie on no line.
EXACT = (row(1.0, 4.0, 16.0), row(8.0, 4.0, 2.0))
SCATTERED = (row(2.0, 3.0, 50.0, 800.0), row(6.0, 9.0, 2.0, 0.5))
LARGE = (row(1e6, 1e8, 2e9), row(4.0, 2.5, 1.75))
RISING = (row(2.0, 4.0, 32.0), row(1.0, 3.0, 4.0))

Measured = tuple[Tensor, Tensor]


@st.composite
def measured(draw: st.DrawFn) -> Measured:
    """Draw two to six different counts, which are powers of 2, and a loss above 0 for each, not all of them equal."""
    counts = draw(st.lists(st.integers(0, 16), min_size=2, max_size=6, unique=True))
    losses = draw(st.lists(st.integers(1, 40), min_size=len(counts), max_size=len(counts)).filter(_differ))
    return row(*[2.0**count for count in counts]), row(*[loss / 8 for loss in losses])


def _differ(losses: list[int]) -> bool:
    # NumPy's polynomials drop a leading coefficient of 0: who unpacks two of them is right wherever losses fall.
    return len(set(losses)) > 1


def _logs(values: Tensor) -> list[float]:
    return [math.log(value) for value in values.double().tolist()]


def _line(data: Measured) -> tuple[float, float]:
    """Return a and alpha, from sums in plain Python."""
    x, y = _logs(data[0]), _logs(data[1])
    K = len(x)
    sx, sy, sxx = sum(x), sum(y), sum(v * v for v in x)
    sxy = sum(u * v for u, v in zip(x, y, strict=True))
    slope = (K * sxy - sx * sy) / (K * sxx - sx * sx)
    return math.exp((sy - slope * sx) / K), -slope


def _spread(data: Measured) -> float:
    """Return by how much rounding of the logarithms may turn the line: large where the counts are close together."""
    x = _logs(data[0])
    return 1 + 10 * max(1.0, *map(abs, x)) / (max(x) - min(x))


@given(alpha=st.sampled_from([0.25, 0.5, 1.0, 2.0]), a=st.sampled_from([0.5, 2.0, 8.0]), K=st.integers(2, 6))
@example(alpha=0.5, a=8.0, K=2)
@example(alpha=1.0, a=2.0, K=3)
@example(alpha=0.25, a=0.5, K=5)
def test_exact_law(fit_power_law: StudentFunction, alpha: float, a: float, K: int) -> None:
    """Losses that follow a power law without noise give back its a and alpha.

    The numbers are powers of 16, and so is what the law makes of them, times a.
    """
    n = row(*[16.0**k for k in range(K)])
    found = fit_power_law(n, row(*[a * 16.0 ** (-alpha * k) for k in range(K)]))
    says = f"The losses are exactly {a:g} * n^(-{alpha:g})."
    assert_close(found, (a, alpha), tolerance=PARAM32, scale=[10 * a, 10], says=says)


@given(data=measured())
@example(data=SCATTERED)
@example(data=RISING)
@example(data=LARGE)
def test_least_squares(fit_power_law: StudentFunction, data: Measured) -> None:
    """Losses that lie on no line give the line of least squares for the logarithms, from sums in plain Python."""
    a, alpha = _line(data)
    found = fit_power_law(*data)
    assert_close(found, (a, alpha), tolerance=PARAM32, scale=[a * _spread(data), _spread(data)])


@given(data=measured())
@example(data=SCATTERED)
@example(data=LARGE)
def test_residuals(fit_power_law: StudentFunction, data: Measured) -> None:
    """What is left of the logarithms adds up to 0, and does not rise or fall along log n.

    Otherwise a turn or a shift of the line would make the sum of squares smaller.
    """
    a, alpha = fit_power_law(*data)
    x, y = _logs(data[0]), _logs(data[1])
    left = [loss - (math.log(a) - alpha * count) if a > 0 else math.inf for count, loss in zip(x, y, strict=True)]
    size = len(x) * _spread(data) * max(1.0, *map(abs, x))
    says = "The logarithms of the losses minus those of the fitted law do not add up to 0."
    assert_close(sum(left), 0.0, tolerance=PARAM32, scale=size, says=says)
    along = sum(residual * count for residual, count in zip(left, x, strict=True))
    says = "What is left of the logarithms still rises or falls along log n."
    assert_close(along, 0.0, tolerance=PARAM32, scale=size * max(1.0, *map(abs, x)), says=says)


@given(data=measured(), factor=st.sampled_from([0.25, 4.0, 1024.0]))
@example(data=SCATTERED, factor=4.0)
@example(data=EXACT, factor=1024.0)
def test_unit_of_the_loss(fit_power_law: StudentFunction, data: Measured, factor: float) -> None:
    """Losses in another unit change a by the factor between the units, and leave alpha as it is."""
    n, loss = data
    a, alpha = fit_power_law(n, loss)
    found = fit_power_law(n, factor * loss)
    scale = [abs(factor * a) * _spread(data), _spread(data)]
    says = f"All losses are {factor:g} times as large."
    assert_close(found, (factor * a, alpha), tolerance=PARAM32, scale=scale, says=says)


@given(data=measured(), factor=st.sampled_from([4.0, 1024.0]))
@example(data=SCATTERED, factor=4.0)
@example(data=EXACT, factor=1024.0)
def test_unit_of_n(fit_power_law: StudentFunction, data: Measured, factor: float) -> None:
    """Counting in another unit, thousands for example, leaves alpha as it is: it says what a *factor* of n does."""
    n, loss = data
    _, alpha = fit_power_law(n, loss)
    _, found = fit_power_law(factor * n, loss)
    scale = 2 * _spread(data) + math.log(factor)
    says = f"All n are {factor:g} times as large, and alpha is another one."
    assert_close(found, alpha, tolerance=PARAM32, scale=scale, says=says)


@predict(
    answer="1.0",
    because="Ten times the parameters halved the loss, and a power law says that they do it again: factors of n belong"
    " to factors of the loss.",
    otherwise={
        "0, because the loss falls by 2 each time": "That would be a line in the logarithm of n alone. In a power law"
        " equal factors of n give equal factors of the loss, and it never reaches 0.",
        "1.5, because each time it gains half of what it gained before": "That would approach a floor above 0. Many"
        " real losses have one, but then the line of the logarithms bends.",
        "1.8, because 9000 more parameters are 10 times 900 more": "It is the factor between the counts that matters,"
        " not the difference.",
    },
)
def halves(fit_power_law: Callable[[Tensor, Tensor], tuple[float, float]]) -> dict[str, list[float]]:
    """A model with 100 parameters has a loss of 4, and one with 1000 parameters has a loss of 2.

    What does a power law predict for 10,000 parameters?
    """
    a, alpha = fit_power_law(row(100.0, 1000.0), row(4.0, 2.0))
    counts = [100.0, 1000.0, 10000.0, 100000.0]
    losses = [a * count ** (-alpha) for count in counts]
    assert abs(losses[2] - 1) < 1e-3
    return {"parameters": counts, "loss": losses}


# Right answers in other styles


@variant
def lstsq(n: Tensor, loss: Tensor) -> tuple[float, float]:
    """torch.linalg.lstsq in float32, with a column of ones."""
    A = torch.stack([torch.ones_like(n), torch.log(n)], dim=1)
    solution = torch.linalg.lstsq(A, torch.log(loss)[:, None]).solution[:, 0]
    return torch.exp(solution[0]).item(), -solution[1].item()


@variant
def polyfit(n: Tensor, loss: Tensor) -> tuple[float, float]:
    """numpy.polyfit on logarithms with the base 10."""
    slope, intercept = np.polyfit(np.log10(n.double().numpy()), np.log10(loss.double().numpy()), 1)
    return float(10**intercept), float(-slope)


@variant
def normal_equations(n: Tensor, loss: Tensor) -> tuple[Tensor, Tensor]:
    """The normal equations in double precision, with tensors as the result."""
    A = torch.vander(n.double().log(), 2)
    slope, intercept = torch.linalg.solve(A.T @ A, A.T @ loss.double().log())
    return intercept.exp(), -slope


@variant
def in_a_loop(n: Tensor, loss: Tensor) -> list[float]:
    """Sums in plain Python."""
    x, y = [math.log(float(v)) for v in n], [math.log(float(v)) for v in loss]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    above = below = 0.0
    for u, v in zip(x, y, strict=True):
        above += (u - mean_x) * (v - mean_y)
        below += (u - mean_x) ** 2
    alpha = -above / below
    return [math.exp(mean_y + alpha * mean_x), alpha]


@variant
def covariance(n: Tensor, loss: Tensor) -> tuple[float, float]:
    """The covariance matrix of the logarithms in float32, to the base 2."""
    logs = torch.stack([n, loss]).log2()
    spread = logs.cov()
    alpha = -spread[0, 1] / spread[0, 0]
    return float(2 ** (logs[1].mean() + alpha * logs[0].mean())), float(alpha)
