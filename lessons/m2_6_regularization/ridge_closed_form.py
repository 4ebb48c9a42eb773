"""ridge_closed_form must return the bottom of the penalised loss: where its gradient is 0."""

from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    PARAM32,
    StudentFunction,
    assert_at_most,
    assert_close,
    examples,
    matrices,
    predict,
    row,
    variant,
    vectors,
)

Data = tuple[Tensor, Tensor]
"""X and y."""

# N and D differ, no column has mean 0, and the sums of squares of the columns all differ.
TALL = (torch.tensor([[1.0, 0.5], [-0.5, 2.0], [1.5, 1.0], [0.25, -1.0]]), row(1.0, -0.5, 2.0, 1.5))
WIDE = (torch.tensor([[1.0, -0.5, 2.0], [0.5, 1.5, -0.25]]), row(1.0, 2.0))
# A bowl so steep that short steps are needed, and so flat that they take long.
NARROW = (torch.tensor([[8.0, 0.5], [-6.0, 1.0], [7.0, -0.5]]), row(1.0, -2.0, 3.0))
SINGLE = (torch.tensor([[2.0]]), row(4.0))
# Orthogonal columns: rows of signs.
SIGNS = torch.tensor([[1.0, 1.0, 1.0], [1.0, -1.0, 1.0], [1.0, 1.0, -1.0], [1.0, -1.0, -1.0]])
some_lams = st.sampled_from([1 / 8, 1 / 4, 1 / 2, 2.0, 4.0])


@st.composite
def data(draw: st.DrawFn) -> Data:
    """Draw inputs, with more features than samples as often as not, and targets."""
    X = draw(matrices((1, 5), (1, 4), low=-2, high=2))
    return X, draw(vectors(len(X), len(X)))


def _gradient(X: Tensor, y: Tensor, lam: float, w: Tensor) -> Tensor:
    """Return the gradient of the penalised loss at w, in float64."""
    X, y, w = X.double(), y.double(), w.double()
    return 2 * X.T @ (X @ w - y) / len(X) + 2 * lam * w


def _size(X: Tensor, y: Tensor, lam: float) -> float:
    """Return the natural size of the gradient's rounding.

    It grows with the ratio of the largest curvature and the smallest one, which is lam: an inverse in float32 loses
    as many digits as this ratio has. With PARAM32 an optimizer that runs to the bottom in float32 passes as well.
    """
    X, y = X.double(), y.double()
    return float((1 + X.norm() ** 2 / len(X) / lam) * X.norm().clamp(min=1) * y.norm().clamp(min=1) / len(X))


def _weight_size(X: Tensor, y: Tensor, lam: float) -> float:
    """Return the natural size of a weight's rounding."""
    return _size(X, y, lam) / lam


@examples(6)
@given(case=data(), lam=some_lams)
@example(case=SINGLE, lam=1.0)
@example(case=TALL, lam=1.0)
@example(case=TALL, lam=0.25)
@example(case=WIDE, lam=0.5)
@example(case=NARROW, lam=0.125)
def test_flat_there(ridge_closed_form: StudentFunction, case: Data, lam: float) -> None:
    """At the result the gradient of the mean squared error plus the penalty is 0.

    The penalised loss is a bowl, so it has one place without a slope, and that is its bottom. The gradient is computed
    in float64 at the weights that were returned.
    """
    gradient = _gradient(*case, lam, ridge_closed_form(*case, lam))
    says = f"The gradient of the penalised loss at your weights is {_listed(gradient)}, and at the bottom it is 0."
    assert_close(gradient, torch.zeros_like(gradient), tolerance=PARAM32, scale=_size(*case, lam), says=says)


def _listed(values: Tensor) -> str:
    return "[" + ", ".join(f"{value:.4g}" for value in values.tolist()) + "]"


@examples(6)
@given(weights=vectors(3, 3), scales=st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=3, max_size=3), lam=some_lams)
@example(weights=row(1.0, 1.0, 1.0), scales=[1.0, 1.0, 1.0], lam=1.0)
@example(weights=row(2.0, -1.0, 3.0), scales=[0.5, 1.0, 2.0], lam=0.25)
def test_shrinks(ridge_closed_form: StudentFunction, weights: Tensor, scales: list[float], lam: float) -> None:
    """Where the columns are orthogonal, each weight is the one without penalty times s / (s + lam).

    Here s is the mean square of the column. So a feature that hardly varies is shrunk the most: the data say little
    about its weight.
    """
    X = SIGNS * torch.tensor(scales)
    factors = torch.tensor([s**2 / (s**2 + lam) for s in scales], dtype=torch.float64)
    w = ridge_closed_form(X, X @ weights, lam)
    says = (
        f"The weights without a penalty are {_listed(weights)}, and the factors s / (s + lam) are {_listed(factors)}."
    )
    assert_close(w, factors * weights, tolerance=PARAM32, scale=_weight_size(X, X @ weights, lam) + 1, says=says)


@examples(6)
@given(case=data(), lam=some_lams)
@example(case=TALL, lam=0.5)
@example(case=WIDE, lam=0.5)
def test_more_penalty(ridge_closed_form: StudentFunction, case: Data, lam: float) -> None:
    """With twice the lam the weights are shorter, and the mean squared error is larger.

    That is the trade: a worse fit to these data, in exchange for smaller weights.
    """
    X, y = case
    lighter, heavier = ridge_closed_form(X, y, lam).double(), ridge_closed_form(X, y, 2 * lam).double()
    slack = PARAM32 * _weight_size(X, y, lam)
    says = f"With lam = {2 * lam:g} your weights are longer than with lam = {lam:g}."
    assert_at_most(heavier.norm(), lighter.norm(), slack=slack, says=says)
    errors = [float(((X.double() @ w - y) ** 2).mean()) for w in (lighter, heavier)]
    slack *= float(X.double().norm() * (y.double().norm() + X.double().norm() * lighter.norm())) / len(X)
    says = f"With lam = {2 * lam:g} your mean squared error is smaller than with lam = {lam:g}."
    assert_at_most(errors[0], errors[1], slack=slack, says=says)


@examples(6)
@given(case=data(), lam=some_lams)
@example(case=SINGLE, lam=1.0)
@example(case=TALL, lam=0.5)
def test_data_twice(ridge_closed_form: StudentFunction, case: Data, lam: float) -> None:
    """The same samples twice give the same weights.

    The error is a mean, so only the distribution of the data counts, not their number; with a sum, every sample more
    would weaken the penalty.
    """
    X, y = case
    once, twice = ridge_closed_form(X, y, lam), ridge_closed_form(torch.cat([X, X]), torch.cat([y, y]), lam)
    says = f"With every sample twice your weights are {_listed(twice)}, and with every sample once {_listed(once)}."
    assert_close(twice, once.double(), tolerance=PARAM32, scale=_weight_size(X, y, lam), says=says)


@predict(
    answer="Along the second: the data say less about it",
    because="Each direction keeps the share s / (s + lambda), where s is the mean square of the inputs along it. With"
    " lambda = 0.25 that is 0.94 for s = 4 and 0.5 for s = 0.25.",
    otherwise={
        "Along the first: its feature is the larger one": "The penalty is on the weights, and not on the features. A"
        " large feature needs only a small weight, and many data speak for it.",
        "Along both by the same share": "That would be so if both features varied equally much.",
        "Along neither: the model is right": "The penalty does not know that. It pulls every weight towards 0, and only"
        " the data pull back.",
    },
)
def where_the_penalty_pulls(ridge_closed_form: Callable[..., Tensor]) -> dict[str, list[float]]:
    """A model has two uncorrelated features. The mean square of the first is 4, that of the second is 0.25.

    Both true weights are 1. You minimise the mean squared error plus lambda times the sum of the squared weights. Along
    which feature does the penalty take away the larger share of the weight?
    """
    X = SIGNS[:, :2] * row(2.0, 0.5)
    lams = [2.0**k for k in range(-8, 5)]
    paths = torch.stack([ridge_closed_form(X, X.sum(dim=1), lam) for lam in lams])
    assert bool((paths[:, 0] > paths[:, 1]).all())
    assert abs(float(paths[6, 1]) - 0.5) < 1e-3
    return {"lambda": lams, "second weight": paths[:, 1].tolist()}


# Right answers in other styles


@variant
def inverse(X: Tensor, y: Tensor, lam: float) -> Tensor:
    """The matrix inverse, with the whole equation multiplied by N."""
    N, D = X.shape
    return torch.inverse(torch.mm(X.t(), X) + N * lam * torch.eye(D)) @ X.t() @ y


@variant
def extra_samples(X: Tensor, y: Tensor, lam: float) -> Tensor:
    """Least squares with D more samples, which say that each weight is 0."""
    N, D = X.shape
    rows = torch.cat([X, (N * lam) ** 0.5 * torch.eye(D)])
    w: Tensor = torch.linalg.lstsq(rows, torch.cat([y, torch.zeros(D)])).solution
    return w


@variant
def by_the_samples(X: Tensor, y: Tensor, lam: float) -> Tensor:
    """The N x N form: the weights as a combination of the samples."""
    gram = X @ X.T / len(X)
    gram.diagonal().add_(lam)
    shares: Tensor = torch.linalg.solve(gram, y)
    return X.T @ shares / len(X)


@variant
def shrink_factors(X: Tensor, y: Tensor, lam: float) -> Tensor:
    """The singular value decomposition, with a factor for every direction."""
    U, S, Vh = torch.linalg.svd(X / len(X) ** 0.5, full_matrices=False)
    w: Tensor = Vh.T @ (S / (S**2 + lam) * (U.T @ y)) / len(X) ** 0.5
    return w


@variant
def newton(X: Tensor, y: Tensor, lam: float) -> Tensor:
    """One Newton step from 0, with the Hessian from torch.func."""

    def objective(w: Tensor) -> Tensor:
        return ((X @ w - y) ** 2).mean() + lam * (w**2).sum()

    start = torch.zeros(X.shape[1])
    hessian = torch.func.hessian(objective)(start)
    return (
        start - torch.cholesky_solve(torch.func.grad(objective)(start)[:, None], torch.linalg.cholesky(hessian))[:, 0]
    )


@variant
def float32(X: Tensor, y: Tensor, lam: float) -> Tensor:
    """float32 throughout, entry by entry, and the answer in a parameter."""
    N, D = X.shape
    A, r = torch.zeros(D, D), torch.zeros(D)
    for j in range(D):
        r[j] = torch.dot(X[:, j], y) / N
        for k in range(D):
            A[j, k] = torch.dot(X[:, j], X[:, k]) / N + (lam if j == k else 0.0)
    return torch.nn.Parameter(torch.linalg.inv(A).matmul(r))


@variant
def numpy(X: Tensor, y: Tensor, lam: float) -> Tensor:
    """NumPy in float64."""
    a, t = X.numpy().astype(np.float64), y.numpy().astype(np.float64)
    w = np.linalg.solve(a.T @ a / len(a) + lam * np.eye(a.shape[1]), a.T @ t / len(a))
    return torch.from_numpy(w)
