"""layer_norm must normalize every row by itself, over its features, and then scale and shift each feature."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor, nn

from grader.authoring import StudentFunction, assert_close, largest, matrices, numbers, predict, row, variant

Call = tuple[Tensor, Tensor, Tensor]
"""x, gamma and beta."""

TINY = 1e-5
some_eps = st.sampled_from([TINY, 0.125, 1.0])
# Two rows with three features: no two means, spreads, scales or shifts agree.
X = torch.tensor([[1.0, 3.0, -2.5], [4.0, 0.5, 2.25]])
GAMMA, BETA = row(0.5, -1.5, 2.0), row(1.0, -0.25, 3.0)
FULL: Call = (X, GAMMA, BETA)
# As many rows as features: statistics of the columns raise nothing here.
SQUARE: Call = (torch.tensor([[1.0, 5.0], [2.0, -4.0]]), row(2.0, -0.5), row(0.5, 3.0))
PLAIN: Call = (torch.tensor([[1.0, 3.0]]), row(1.0, 1.0), row(0.0, 0.0))


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Draw rows of two to four features, and a scale and a shift for each feature.

    In every row some entries are 1 or more apart: then the mean of the squares minus the square of the mean is a right
    variance in float32 as well.
    """
    features = draw(st.integers(2, 4))
    x = draw(matrices((1, 4), features, low=-4, high=4).filter(_is_spread))
    both = draw(matrices(2, features, low=-2, high=2))
    return x, both[0].clone(), both[1].clone()


def _is_spread(x: Tensor) -> bool:
    return bool((x.amax(dim=1) - x.amin(dim=1) >= 1).all())


def _plain(x: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> list[list[float]]:
    """Return the expected values, in plain Python."""
    rows = []
    for values in x.tolist():
        mean = sum(values) / len(values)
        root = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values) + eps)
        normal = [(value - mean) / root for value in values]
        rows.append([g * h + b for g, h, b in zip(gamma.tolist(), normal, beta.tolist(), strict=True)])
    return rows


def _size(call: Call) -> float:
    """Return the natural size of an entry."""
    x, gamma, beta = call
    return 1 + (2 + largest(x)) * largest(gamma) + largest(beta)


@given(call=calls())
@example(call=PLAIN)
@example(call=FULL)
@example(call=SQUARE)
def test_mean_zero(layer_norm: StudentFunction, call: Call) -> None:
    """With gamma = 1 and beta = 0, the mean of every row is 0.

    Each sample loses its own mean, whatever the other samples are.
    """
    x = call[0]
    means = layer_norm(x, torch.ones(x.shape[1]), torch.zeros(x.shape[1]), TINY).double().mean(dim=1)
    says = f"With gamma = 1 and beta = 0, the means of your rows are {means.tolist()}, expected 0."
    assert_close(means, torch.zeros(len(x)), scale=4 + largest(x), says=says)


@given(call=calls(), eps=some_eps)
@example(call=PLAIN, eps=TINY)
@example(call=(torch.tensor([[1.0, 3.0]]), row(1.0, 1.0), row(0.0, 0.0)), eps=3.0)
@example(call=FULL, eps=TINY)
@example(call=FULL, eps=1.0)
@example(call=SQUARE, eps=TINY)
def test_values(layer_norm: StudentFunction, call: Call, eps: float) -> None:
    """Subtract the row's mean, divide by the root of its variance plus eps, multiply by gamma, add beta.

    The variance is the mean of D squares, and eps is added under the root. The expected values come from plain Python.
    """
    assert_close(layer_norm(*call, eps), _plain(*call, eps), scale=_size(call))


@given(call=calls())
@example(call=FULL)
def test_alone(layer_norm: StudentFunction, call: Call) -> None:
    """A sample gets the same result alone as among others.

    That is what tells it from batch normalization, and why it does the same in training and in evaluation.
    """
    x, gamma, beta = call
    whole = layer_norm(x, gamma, beta, TINY)
    alone = layer_norm(x[:1].clone(), gamma, beta, TINY)
    says = "The first row gets another result when it is the only one."
    assert_close(alone, whole[:1].double(), scale=_size(call), says=says)


@given(call=calls(), factor=st.sampled_from([0.5, 2.0, 4.0]), shift=numbers(-4, 4))
@example(call=FULL, factor=1.0, shift=4.0)
@example(call=FULL, factor=4.0, shift=0.0)
@example(call=SQUARE, factor=2.0, shift=-3.0)
def test_invariant(layer_norm: StudentFunction, call: Call, factor: float, shift: float) -> None:
    """A row that is multiplied by a > 0 and shifted by c has the same result, but for eps.

    Brighter pictures and louder sounds look the same after it; so do signals that grew or faded on their way.
    """
    x, gamma, beta = call
    eps = 1e-4
    moved = layer_norm(factor * x + shift, gamma, beta, factor**2 * eps)
    says = f"The result changes when x is multiplied by {factor:g} and shifted by {shift:g} (and eps by the square)."
    assert_close(moved, layer_norm(x, gamma, beta, eps).double(), scale=4 * _size(call) + 4, says=says)


@given(call=calls(), eps=some_eps)
@example(call=FULL, eps=TINY)
@example(call=SQUARE, eps=0.125)
def test_as_torch_layer_norm(layer_norm: StudentFunction, call: Call, eps: float) -> None:
    """torch.nn.functional.layer_norm gives the same."""
    x, gamma, beta = (part.double() for part in call)
    expected = nn.functional.layer_norm(x, (x.shape[1],), gamma, beta, eps)
    assert_close(layer_norm(*call, eps), expected, scale=_size(call))


@given(values=st.lists(numbers(), min_size=1, max_size=3), features=st.sampled_from([1, 2, 4]))
@example(values=[2.0], features=4)
@example(values=[0.0, -3.0], features=2)
def test_constant_rows(layer_norm: StudentFunction, values: list[float], features: int) -> None:
    """A row whose entries are all equal becomes beta: its variance is 0, and eps keeps the division finite."""
    x = torch.tensor(values)[:, None].repeat(1, features)
    beta = torch.arange(1.0, features + 1)
    says = "A row of equal entries does not become beta."
    expected = beta.double().expand(len(values), -1)
    # What rounding leaves of x minus its mean is divided by the root of eps.
    size = 5 / math.sqrt(TINY)
    assert_close(layer_norm(x, torch.full((features,), 2.0), beta, TINY), expected, scale=size, says=says)


@predict(
    answer="The same as without the factor",
    because="The mean and the root of the variance of a row are a thousand times as large as well, and the factor"
    " cancels. So a signal that exploded on its way has its usual size again after the next LayerNorm.",
    otherwise={
        "A thousand times as large": "The row is divided by its own spread, which is a thousand times as large, too.",
        "A thousandth": "The entries grow by the same factor as what they are divided by.",
        "It cannot be said without knowing gamma": "gamma multiplies what has been normalized, and that is the same in"
        " both cases.",
    },
)
def thousand_times(layer_norm: Callable[..., Tensor]) -> dict[str, list[float]]:
    """All entries of x are multiplied by 1000. What does LayerNorm give for it?"""
    x, one, zero = row(1.0, -2.0, 4.0, 0.5)[None], torch.ones(4), torch.zeros(4)
    factors = [1.0, 10.0, 100.0, 1000.0]
    results = [layer_norm(factor * x, one, zero, 1e-5)[0, 2].item() for factor in factors]
    assert max(results) - min(results) < 1e-5
    return {"factor": factors, "an entry of the result": results}


# Right answers in other styles


@variant
def functional(x: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> Tensor:
    """PyTorch's own function."""
    return nn.functional.layer_norm(x, gamma.shape, gamma, beta, eps)


@variant
def module(x: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> Tensor:
    """A layer of torch.nn with the given parameters."""
    layer = nn.LayerNorm(x.shape[1], eps=eps)
    with torch.no_grad():
        layer.weight.copy_(gamma)
        layer.bias.copy_(beta)
        result: Tensor = layer(x)
    return result


@variant
def var_of_torch(x: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> Tensor:
    """PyTorch's variance with correction 0, and rsqrt; in float32 throughout."""
    variance, mean = torch.var_mean(x, dim=-1, correction=0, keepdim=True)
    return (x - mean) * torch.rsqrt(variance + eps) * gamma + beta


@variant
def columns(x: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> Tensor:
    """Features as rows, and the mean of the squares minus the square of the mean, in double precision."""
    h = x.T.double()
    mean = h.mean(0)
    variance = (h * h).mean(0) - mean * mean
    return (gamma[:, None] * ((h - mean) / torch.sqrt(variance.clamp(min=0) + eps)) + beta[:, None]).T.to(x.dtype)


@variant
def numpy(x: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> Tensor:
    """NumPy, whose variance divides by D by default."""
    h = x.numpy()
    normal = (h - h.mean(axis=1, keepdims=True)) / np.sqrt(h.var(axis=1, keepdims=True) + np.float32(eps))
    return torch.from_numpy(normal * gamma.numpy() + beta.numpy())


@variant
def loops(x: Tensor, gamma: Tensor, beta: Tensor, eps: float) -> Tensor:
    """One sample after the other, written into a new tensor."""
    result = torch.empty_like(x)
    for number, sample in enumerate(x):
        shifted = sample - sample.mean()
        result[number] = shifted / (shifted @ shifted / len(sample) + eps) ** 0.5
    result *= gamma
    result += beta
    return result
