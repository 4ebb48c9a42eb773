"""minimum_norm_fit must fit the data exactly, with the shortest weights that do."""

from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    StudentFunction,
    assert_at_most,
    assert_close,
    examples,
    matrices,
    numbers,
    predict,
    row,
    variant,
    vectors,
)

Data = tuple[Tensor, Tensor]
"""X and y."""

SINGLE = (torch.tensor([[1.0, 2.0, -2.0]]), row(4.5))
# The rows are far from orthogonal, and the shortest weights have no 0.
PAIR = (torch.tensor([[1.0, 2.0, -1.0, 0.5], [2.0, 1.0, 0.5, -1.0]]), row(3.0, -1.0))
TRIPLE = (
    torch.tensor([[2.0, 0.5, 1.0, -1.0, 0.5], [0.5, -2.0, 1.0, 0.5, 1.0], [1.0, 1.0, 2.0, 0.5, -0.5]]),
    row(1, -2, 3),
)
SQUARE = (torch.tensor([[2.0, 1.0], [-0.5, 1.5]]), row(3.0, -1.0))
LEAD = 4.0


@st.composite
def data(draw: st.DrawFn, *, square: bool = True) -> Data:
    """Draw inputs with independent rows, by far, and targets.

    Each row has a large entry in a column of its own, larger than the others of the row together, so no row is close to
    a combination of the others.
    """
    n = draw(st.integers(1, 3))
    d = draw(st.integers(n if square else n + 1, 6))
    X = draw(matrices(n, d, low=-1, high=1)) / 2
    columns = draw(st.permutations(range(d)))[:n]
    X[torch.arange(n), columns] += LEAD
    return X, draw(vectors(n, n))


def _norms(X: Tensor) -> tuple[float, float]:
    """Return the largest and the smallest singular value."""
    S = torch.linalg.svdvals(X.double())
    return float(S[0]), float(S[-1])


def _size(X: Tensor, y: Tensor) -> float:
    """Return the natural size of a weight's rounding: it grows with the square of the condition number of `X`.

    So much is lost where `X @ X.T` is inverted in float32. The 1 is for answers that begin at other weights than 0.
    """
    high, low = _norms(X)
    return (high / low) ** 2 * max(1.0, float(y.double().norm())) / low


def _listed(values: Tensor) -> str:
    return "[" + ", ".join(f"{value:.4g}" for value in values.tolist()) + "]"


def _outside(X: Tensor, direction: Tensor) -> Tensor:
    """Return the part of a direction along which no prediction changes, in float64."""
    X, direction = X.double(), direction.double()
    shares: Tensor = torch.linalg.solve(X @ X.T, X @ direction)
    return direction - X.T @ shares


@examples(8)
@given(x=vectors(1, 5), target=numbers(), at=st.integers(0, 4))
@example(x=SINGLE[0][0], target=4.5, at=0)
def test_one_sample(minimum_norm_fit: StudentFunction, x: Tensor, target: float, at: int) -> None:
    """With a single sample x and its target y, the weights are y x / (x . x).

    They point along the sample: any part across it would make them longer, and would not change the prediction.
    """
    x = x.clone()
    x[at % len(x)] = LEAD
    expected = target * x.double() / float((x.double() ** 2).sum())
    says = "With a single sample, your weights are not y x / (x . x)."
    assert_close(minimum_norm_fit(x[None, :], row(target)), expected, scale=1 + abs(target), says=says)


@examples(8)
@given(case=data())
@example(case=SQUARE)
@example(case=SINGLE)
@example(case=PAIR)
@example(case=TRIPLE)
def test_fits(minimum_norm_fit: StudentFunction, case: Data) -> None:
    """The predictions `X @ w` are the targets: the fit is exact.

    With at least as many weights as samples, and independent rows, that is always possible. The products are computed
    in float64.
    """
    X, y = case
    predictions = X.double() @ minimum_norm_fit(X, y).double()
    gap = float((predictions - y).abs().max())
    says = f"Your predictions are {_listed(predictions)}, the targets {_listed(y)}, and they differ by up to {gap:.2g}."
    assert_close(predictions, y.double(), scale=_norms(X)[0] * _size(X, y), says=says)


@examples(8)
@given(case=data(square=False), direction=vectors(6, 6))
@example(case=SINGLE, direction=row(1.0, 0.0, 0.0, 0.0, 0.0, 0.0))
@example(case=PAIR, direction=row(1.0, 0.0, 0.0, 0.0, 0.0, 0.0))
@example(case=TRIPLE, direction=row(0.0, 1.0, 0.0, -1.0, 1.0, 0.0))
def test_shortest(minimum_norm_fit: StudentFunction, case: Data, direction: Tensor) -> None:
    """A change of the weights that changes no prediction never makes them shorter.

    All exact fits differ from each other by such changes, so the result is the shortest of them.
    """
    X, y = case
    w = minimum_norm_fit(X, y).double()
    free = _outside(X, direction[: X.shape[1]])
    if float(free.norm()) < 1e-3:
        return
    other = w - float(w @ free) / float(free @ free) * free
    says = f"These weights make the same predictions as yours and are shorter: {_listed(other)}."
    assert_at_most(w.norm(), other.norm(), slack=1e-5 * _size(X, y), says=says)


@examples(8)
@given(case=data(square=False), direction=vectors(6, 6))
@example(case=PAIR, direction=row(1.0, 0.0, 0.0, 0.0, 0.0, 0.0))
@example(case=TRIPLE, direction=row(0.0, 1.0, 0.0, -1.0, 1.0, 0.0))
def test_combination(minimum_norm_fit: StudentFunction, case: Data, direction: Tensor) -> None:
    """The weights are orthogonal to every direction along which no prediction changes.

    So they are a combination of the samples, one number for each row of `X`. That is the reason why gradient descent
    that begins at 0 ends there: every gradient is a combination of the samples.
    """
    X, y = case
    free = _outside(X, direction[: X.shape[1]])
    along = float(minimum_norm_fit(X, y).double() @ free)
    says = "Your weights have a part along which no prediction changes: it makes them longer, and fits nothing."
    assert_close(along, 0.0, scale=float(1e-30 + free.norm()) * _size(X, y), says=says)


@examples(8)
@given(case=data())
@example(case=SINGLE)
@example(case=PAIR)
def test_features_twice(minimum_norm_fit: StudentFunction, case: Data) -> None:
    """With every feature twice, each of the two copies gets half of the weight.

    Two halves are shorter than one whole and a 0: their squares add up to one half. So the shortest fit shares the work
    among features that say the same.
    """
    X, y = case
    w = minimum_norm_fit(X, y).double()
    both = minimum_norm_fit(torch.cat([X, X], dim=1), y)
    says = f"With every feature once your weights are {_listed(w)}, and with every feature twice {_listed(both)}."
    assert_close(both, torch.cat([w, w]) / 2, scale=_size(X, y), says=says)


@examples(8)
@given(case=data(), lam=st.sampled_from([1 / 4, 1 / 64, 1 / 1024]))
@example(case=PAIR, lam=1 / 1024)
@example(case=TRIPLE, lam=1 / 64)
def test_limit_of_ridge(minimum_norm_fit: StudentFunction, case: Data, lam: float) -> None:
    """The weights of ridge regression come as close to the result as you like when lam goes to 0.

    They are never longer, and their distance is at most lam N / s times the length of the result, where s is the
    smallest eigenvalue of `X @ X.T`. Ridge is computed in float64 here.
    """
    X, y = case
    w, n = minimum_norm_fit(X, y).double(), len(X)
    gram = X.double() @ X.double().T
    ridge = X.double().T @ torch.linalg.solve(gram + n * lam * torch.eye(n, dtype=torch.float64), y.double())
    slack = 1e-5 * _size(X, y)
    says = f"The weights of ridge with lam = {lam:g} are longer than yours, so yours do not fit the data."
    assert_at_most(ridge.norm(), w.norm(), slack=slack, says=says)
    share = n * lam / _norms(X)[1] ** 2
    says = f"Ridge with lam = {lam:g} has the weights {_listed(ridge)}, which is too far from yours for the limit."
    assert_at_most((ridge - w).norm(), share * w.norm(), slack=slack, says=says)


@predict(
    answer="The shortest of them, the one closest to where it began",
    because="Every gradient is a combination of the three samples, so starting at 0 the weights stay a combination of"
    " them, and of all exact fits only the shortest is one. Nothing in the loss says so: the way decides.",
    otherwise={
        "One that depends on the learning rate": "A learning rate below the limit changes how fast it gets there, and"
        " not where.",
        "None: with more weights than samples it does not converge": "The loss is a valley with a flat floor. The walk"
        " down its wall converges as usual, and along the floor there is no gradient.",
        "The one with the fewest weights that are not 0": "Each gradient moves all weights at once, so none of them"
        " stays 0. A penalty on the absolute values would leave many weights 0.",
    },
)
def where_descent_ends(minimum_norm_fit: Callable[..., Tensor]) -> dict[str, list[float]]:
    """A linear model with ten weights is trained on three samples. Infinitely many weights fit them exactly.

    Gradient descent on the mean squared error begins at 0. At which of these exact fits does it end?
    """
    X = torch.randn(3, 10, generator=torch.Generator().manual_seed(0))
    y, w = row(1.0, -2.0, 0.5), torch.zeros(10)
    best, lr = minimum_norm_fit(X, y), 1 / (2 * _norms(X)[0] ** 2 / 3)
    distances = []
    for _ in range(400):
        distances.append(float((w - best).norm()))
        w = w - lr * 2 * X.T @ (X @ w - y) / 3
    assert float((w - best).norm()) < 1e-4 * float(best.norm())
    return {"step": [float(step) for step in range(400)], "distance from the shortest fit": distances}


# Right answers in other styles


@variant
def pseudoinverse(X: Tensor, y: Tensor) -> Tensor:
    """The pseudoinverse."""
    w: Tensor = torch.linalg.pinv(X) @ y
    return w


@variant
def least_squares(X: Tensor, y: Tensor) -> Tensor:
    """lstsq, whose default driver returns the shortest solution."""
    w: Tensor = torch.linalg.lstsq(X, y[:, None]).solution[:, 0]
    return w


@variant
def by_qr(X: Tensor, y: Tensor) -> Tensor:
    """A QR decomposition of the transpose: the rows get an orthonormal basis."""
    Q, R = torch.linalg.qr(X.T)
    w: Tensor = Q @ torch.linalg.solve_triangular(R.T, y[:, None], upper=False).squeeze(1)
    return w


@variant
def descent(X: Tensor, y: Tensor) -> Tensor:
    """Gradient descent from 0, with the best learning rate, in float64."""
    X, y = X.double(), y.double()
    high, low = _norms(X)
    w = torch.zeros(X.shape[1], dtype=torch.float64)
    for _ in range(400):
        w -= 2 / (high**2 + low**2) * X.T @ (X @ w - y)
    return w


@variant
def shorten(X: Tensor, y: Tensor) -> Tensor:
    """Any exact fit, minus its part in the null space."""
    w: Tensor = torch.linalg.pinv(X) @ y + 1
    _, _, Vh = torch.linalg.svd(X)
    free = Vh[len(X) :]
    w = w - free.T @ (free @ w)
    return w - X.T @ torch.inverse(X @ X.T) @ (X @ w - y)


@variant
def float32(X: Tensor, y: Tensor) -> Tensor:
    """float32 throughout, with the inverse of the products of the samples."""
    gram = torch.tensor([[float(a @ b) for b in X] for a in X])
    coefficients = torch.inverse(gram).mv(y)
    w: Tensor = torch.zeros(X.size(1))
    for a, x in zip(coefficients, X, strict=True):
        w += a * x
    return w


@variant
def numpy(X: Tensor, y: Tensor) -> Tensor:
    """NumPy's lstsq."""
    return torch.from_numpy(np.linalg.lstsq(X.numpy(), y.numpy(), rcond=None)[0])
