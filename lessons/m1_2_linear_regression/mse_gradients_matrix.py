"""mse_gradients_matrix returns the slopes of the mean squared error along every weight and along the bias."""

from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import LOSS32, StudentFunction, assert_at_most, assert_close, largest, numbers, variant, vectors

from .shared import SMALL, UNITS

Problem = tuple[Tensor, Tensor, Tensor]
"""X of shape (N, D), y of shape (N,) and w of shape (D,)."""

# As many samples as features, so that PyTorch does not notice swapped axes; and more samples than features.
SQUARE: Problem = (
    torch.tensor([[1, 2, -1], [0, 3, 1], [4, -2, 0.5]]),
    torch.tensor([3.0, -1.0, 2.5]),
    torch.tensor([0.5, -1.0, 2.0]),
)
TALL: Problem = (
    torch.tensor([[1, 2], [0, 3], [4, -2], [-1, 0.5]]),
    torch.tensor([3.0, -1.0, 2.5, 1.0]),
    torch.tensor([0.5, -1.0]),
)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw the samples, the targets and the weights of a regression; often there are as many samples as features."""
    features = draw(st.integers(1, 4))
    samples = draw(st.one_of(st.just(features), st.integers(1, 6)))
    X = draw(vectors(samples * features, samples * features)).reshape(samples, features)
    return X, draw(vectors(samples, samples)), draw(vectors(features, features))


def _loss(X: Tensor, y: Tensor, w: list[float], b: float) -> float:
    """Return the mean squared error in plain Python, one sample after the other."""
    total = 0.0
    for sample, target in zip(X.tolist(), y.tolist(), strict=True):
        total += (sum((value * weight for value, weight in zip(sample, w, strict=True)), b) - target) ** 2
    return total / len(y)


def _losses(X: Tensor, y: Tensor, w: Tensor, b: float, move: float) -> list[float]:
    """Return the losses after each parameter alone has been moved; the bias is the last."""
    moved = [[weight + move * (j == k) for k, weight in enumerate(w.tolist())] for j in range(len(w))]
    return [*(_loss(X, y, weights, b) for weights in moved), _loss(X, y, w.tolist(), b + move)]


def _slopes(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[list[float], float]:
    """Return the slopes from values of the loss alone, as `line_slopes` does."""
    sides = zip(_losses(X, y, w, b, 1), _losses(X, y, w, b, -1), strict=True)
    *grad_w, grad_b = [(above - below) / 2 for above, below in sides]
    return grad_w, grad_b


def _error_size(X: Tensor, y: Tensor, w: Tensor, b: float) -> float:
    return float(largest(y) + (X.abs() @ w.abs()).max() + abs(b))


def _slope_size(X: Tensor, y: Tensor, w: Tensor, b: float) -> float:
    return _error_size(X, y, w, b) * (1 + largest(X))


def _assert_same_slopes(
    returned: tuple[Tensor, float], expected: tuple[Tensor | list[float], float], scale: float, says: str = ""
) -> None:
    for_weights, for_bias = "The slopes along the weights are wrong.", "The slope along b is wrong."
    assert_close(returned[0], expected[0], scale=scale, says=says or for_weights)
    assert_close(returned[1], expected[1], scale=scale, says=says or for_bias)


@given(problem=problems(), b=numbers())
@example(problem=TALL, b=-1.0)
@example(problem=SQUARE, b=-1.0)
def test_slope_along_every_weight(mse_gradients_matrix: StudentFunction, problem: Problem, b: float) -> None:
    """Entry j of the first result is the slope of the loss along weight j; the second result is the slope along b.

    The expected slopes are computed in plain Python, from values of the loss alone, one weight at a time.
    """
    slopes = mse_gradients_matrix(*problem, b)
    _assert_same_slopes(slopes, _slopes(*problem, b), _slope_size(*problem, b))


@given(problem=problems(), b=numbers())
@example(problem=TALL, b=-1.0)
@example(problem=SQUARE, b=-1.0)
def test_samples_repeated(mse_gradients_matrix: StudentFunction, problem: Problem, b: float) -> None:
    """The slopes are means over the samples: taking every row twice, in another order, does not change them.

    Twice as many products are added up, and their sum is divided by twice as many samples.
    """
    X, y, w = problem
    slopes = mse_gradients_matrix(X, y, w, b)
    twice = mse_gradients_matrix(torch.cat([X, X.flip(0)]), torch.cat([y, y.flip(0)]), w, b)
    says = "With every sample taken twice, the slopes change."
    _assert_same_slopes(twice, slopes, _slope_size(X, y, w, b), says)


@given(problem=problems(), b=numbers())
@example(problem=TALL, b=-1.0)
@example(problem=SQUARE, b=-1.0)
def test_features_reversed(mse_gradients_matrix: StudentFunction, problem: Problem, b: float) -> None:
    """Every weight belongs to a column: reversing the columns of X and the entries of w reverses the slopes along w.

    The order of the features is a matter of taste. The predictions are the same, and so is the slope along b.
    """
    X, y, w = problem
    grad_w, grad_b = mse_gradients_matrix(X, y, w, b)
    backwards = mse_gradients_matrix(X.flip(1), y, w.flip(0), b)
    says = "Reversing the columns of X and the entries of w does not just reverse the slopes along w."
    _assert_same_slopes(backwards, (grad_w.flip(0), grad_b), _slope_size(X, y, w, b), says)


@given(problem=problems(), b=numbers())
@example(problem=TALL, b=-1.0)
@example(problem=SQUARE, b=-1.0)
def test_bias_as_a_weight(mse_gradients_matrix: StudentFunction, problem: Problem, b: float) -> None:
    """The bias is the weight of a feature that is 1 in every sample: moved there, it has the same slope.

    X @ w + b is the same as X with one more column of ones, times w with one more entry b.
    """
    X, y, w = problem
    grad_w, grad_b = mse_gradients_matrix(X, y, w, b)
    X_and_ones, w_and_b = torch.cat([X, torch.ones(len(X), 1)], dim=1), torch.cat([w, torch.tensor([b])])
    with_ones, _ = mse_gradients_matrix(X_and_ones, y, w_and_b, 0.0)
    says = "With b as the weight of a column of ones, and 0 as the bias, the slopes along w and along b change."
    assert_close(with_ones, [*grad_w.tolist(), grad_b], scale=_slope_size(X, y, w, b), says=says)


@given(problem=problems(), b=numbers())
@example(problem=TALL, b=-1.0)
@example(problem=SQUARE, b=-1.0)
def test_flat_where_the_plane_fits(mse_gradients_matrix: StudentFunction, problem: Problem, b: float) -> None:
    """Where the predictions equal the targets, every slope is 0.

    Every error is 0, and so is every product with an error.
    """
    X, _, w = problem
    y = X @ w + b
    slopes = mse_gradients_matrix(X, y, w, b)
    says = "All predictions are right, and the slopes are not 0."
    _assert_same_slopes(slopes, (torch.zeros_like(w), 0.0), _slope_size(X, y, w, b), says)


@given(problem=problems(), b=numbers(), length=st.sampled_from((0.125, 0.5, 2.0)))
@example(problem=TALL, b=-1.0, length=0.125)
@example(problem=SQUARE, b=-1.0, length=0.125)
def test_plane_above_the_tangent(
    mse_gradients_matrix: StudentFunction, problem: Problem, b: float, length: float
) -> None:
    """Whichever parameter is moved, and whichever way, the loss never dips below what its slope promises.

    With many weights, too, the loss is a bowl, and a bowl lies above the plane that touches it.
    """
    X, y, w = problem
    grad_w, grad_b = mse_gradients_matrix(X, y, w, b)
    here = _loss(X, y, w.tolist(), b)
    slack = LOSS32 * (_error_size(X, y, w, b) + length * (1 + largest(X))) ** 2
    for move in (length, -length):
        promised = [here + move * slope for slope in [*grad_w.tolist(), grad_b]]
        says = f"With one parameter moved by {move}, the loss is lower than its slope allows (the bias is the last)."
        assert_at_most(promised, _losses(X, y, w, b, move), slack=slack, says=says)


@given(problem=problems(), b=numbers(), unit=st.sampled_from(UNITS))
@example(problem=TALL, b=-1.0, unit=SMALL)
@example(problem=SQUARE, b=-1.0, unit=SMALL)
def test_plane_in_another_unit(mse_gradients_matrix: StudentFunction, problem: Problem, b: float, unit: float) -> None:
    """In another unit, with y, w and b all s times as large, all slopes are s times as large.

    Small slopes are as exact as large ones: nothing is rounded, cut off or added for safety.
    """
    X, y, w = problem
    grad_w, grad_b = mse_gradients_matrix(X, y, w, b)
    converted = mse_gradients_matrix(X, unit * y, unit * w, unit * b)
    says = f"With y, w and b multiplied by {unit}, the slopes are not {unit} times as large."
    _assert_same_slopes(converted, (unit * grad_w.double(), unit * grad_b), unit * _slope_size(X, y, w, b), says)


# Right answers in other styles


@variant
def loops(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Two loops, over the samples and over the features."""
    grad_w, grad_b = [0.0] * len(w), 0.0
    for sample, target in zip(X.tolist(), y.tolist(), strict=True):
        error = sum(value * weight for value, weight in zip(sample, w.tolist(), strict=True)) + b - target
        for j, value in enumerate(sample):
            grad_w[j] += 2 * error * value / len(y)
        grad_b += 2 * error / len(y)
    return torch.tensor(grad_w), grad_b


@variant
def mean_over_samples(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Every input times its error, and the mean over the samples."""
    error = X @ w + b - y
    return (2 * error[:, None] * X).mean(dim=0), float(2 * error.mean())


@variant
def errors_first(X: Tensor, y: Tensor, w: Tensor, b: float) -> Any:
    """The errors stand on the left of X, and the slope along b is a tensor without dimensions."""
    error = X.matmul(w).add(b).sub(y)
    return error @ X * (2 / X.shape[0]), error.mean() * 2


@variant
def autograd(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """PyTorch differentiates."""
    weights, bias = w.clone().requires_grad_(), torch.tensor(b, dtype=X.dtype, requires_grad=True)
    grad_w, grad_b = torch.autograd.grad(((X @ weights + bias - y) ** 2).mean(), (weights, bias))
    return grad_w, grad_b.item()


@variant
def column_of_ones(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """The bias is the last weight."""
    wide = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
    theta = torch.cat([w, torch.tensor([b], dtype=w.dtype)])
    gradient = 2 * wide.T @ (wide @ theta - y) / len(y)
    return gradient[:-1], gradient[-1].item()


@variant
def columns_and_squeeze(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Everything is a column until the end."""
    error = X @ w.reshape(-1, 1) + b - y.reshape(-1, 1)
    return (2 / len(y) * X.T @ error).flatten(), 2 * error.mean().item()


@variant
def float32(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Everything is float32 inside, and the slopes stay float32."""
    error = torch.einsum("nd,d->n", X.float(), w.float()) + b - y.float()
    return 2 * torch.einsum("nd,n->d", X.float(), error) / len(y), 2 * error.mean().item()
