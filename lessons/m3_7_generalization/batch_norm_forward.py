"""batch_norm_forward must use the batch in training, the running values in evaluation, and store what torch stores."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor, nn

from grader.authoring import (
    StudentFunction,
    assert_close,
    assert_raises,
    largest,
    matrices,
    predict,
    row,
    variant,
)

Call = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]
"""x, gamma, beta, the running mean and the running variance."""
Results = tuple[Tensor, Tensor, Tensor]

TINY = 1e-5
some_eps = st.sampled_from([TINY, 0.125, 1.0])
some_momenta = st.sampled_from([0.125, 0.25, 0.75])
# Three rows and two columns: no two means, spreads, scales, shifts or running values agree.
FULL: Call = (
    torch.tensor([[1.0, 4.0], [3.0, 0.5], [-2.5, 2.25]]),
    row(0.5, -1.5),
    row(1.0, -0.25),
    row(2.0, -1.0),
    row(4.0, 0.25),
)
# As many rows as columns: statistics of the rows raise nothing here.
SQUARE: Call = (torch.tensor([[1.0, 5.0], [2.0, -4.0]]), row(2.0, -0.5), row(0.5, 3.0), row(-1.0, 3.0), row(2.0, 0.5))
# Two equal rows: the variance is 0, and eps keeps the division finite.
EQUAL: Call = (torch.tensor([[2.0], [2.0]]), row(1.0), row(0.5), row(0.0), row(1.0))
PLAIN: Call = (torch.tensor([[1.0], [3.0]]), row(1.0), row(0.0), row(0.0), row(1.0))


@st.composite
def calls(draw: st.DrawFn, rows: tuple[int, int] = (2, 4)) -> Call:
    """Draw a batch with one to three columns, in each of which some entries are 1 or more apart, and what it needs."""
    columns = draw(st.integers(1, 3))
    x = draw(matrices(rows, columns, low=-4, high=4))
    x[0] += 8 * (x.amax(dim=0) - x.amin(dim=0) < 1)
    gamma, beta, mean = draw(matrices(3, columns, low=-2, high=2))
    var = draw(matrices(1, columns, low=1, high=4))[0]
    return x, gamma.clone(), beta.clone(), mean.clone(), var


def _plain(
    call: Call, training: bool, momentum: float, eps: float
) -> tuple[list[list[float]], list[float], list[float]]:
    """Return the expected results in plain Python, column by column."""
    x, *rest = call
    columns, means, variances = [], [], []
    for values, g, b, mean, var in zip(x.T.tolist(), *(part.tolist() for part in rest), strict=True):
        used_mean, used_var, new_mean, new_var = mean, var, mean, var
        if training:
            used_mean = sum(values) / len(values)
            squares = sum((value - used_mean) ** 2 for value in values)
            used_var = squares / len(values)
            new_mean = (1 - momentum) * mean + momentum * used_mean
            new_var = (1 - momentum) * var + momentum * squares / (len(values) - 1)
        columns.append([g * (value - used_mean) / math.sqrt(used_var + eps) + b for value in values])
        means.append(new_mean)
        variances.append(new_var)
    return [list(values) for values in zip(*columns, strict=True)], means, variances


def _size(call: Call) -> float:
    """Return the natural size of an entry of y."""
    x, gamma, beta, mean, var = call
    spread = max(1.0, (largest(x) + largest(mean)) / math.sqrt(float(var.min())))
    return 1 + (4 + spread) * largest(gamma) + largest(beta)


def _var_size(call: Call) -> float:
    return 1 + largest(call[0]) ** 2 + largest(call[4])


@given(call=calls())
@example(call=PLAIN)
@example(call=FULL)
@example(call=SQUARE)
def test_columns_normalized(batch_norm_forward: StudentFunction, call: Call) -> None:
    """In training, with gamma = 1 and beta = 0, every column has the mean 0 and the mean square 1.

    The variance that does this is the mean of N squares. Whatever the running values are, they play no part.
    """
    x, _, _, mean, var = call
    one, zero = torch.ones(x.shape[1]), torch.zeros(x.shape[1])
    y = batch_norm_forward(x, one, zero, mean, var, training=True, momentum=0.25, eps=1e-9)[0].double()
    says = (
        f"In training, with gamma = 1 and beta = 0, the means of your columns are {y.mean(dim=0).tolist()}, expected 0."
    )
    assert_close(y.mean(dim=0), torch.zeros(x.shape[1]), scale=4 + largest(x), says=says)
    squares = (y**2).mean(dim=0)
    says = f"With gamma = 1 and beta = 0, the mean squares of your columns are {squares.tolist()}, expected 1."
    assert_close(squares, torch.ones(x.shape[1]), scale=8 + 2 * largest(x), says=says)


@given(call=calls(), eps=some_eps)
@example(call=PLAIN, eps=TINY)
@example(call=EQUAL, eps=1.0)
@example(call=PLAIN, eps=3.0)
@example(call=FULL, eps=TINY)
@example(call=FULL, eps=1.0)
@example(call=SQUARE, eps=TINY)
def test_training(batch_norm_forward: StudentFunction, call: Call, eps: float) -> None:
    """In training, each column loses its mean and is divided by the root of its variance plus eps, then gamma and beta.

    The expected values come from plain Python.
    """
    y = batch_norm_forward(*call, training=True, momentum=0.25, eps=eps)[0]
    assert_close(
        y,
        _plain(call, training=True, momentum=0.25, eps=eps)[0],
        scale=_size(call),
        says="In training, y has other values.",
    )


@given(call=calls(), momentum=some_momenta)
@example(call=PLAIN, momentum=0.25)
@example(call=FULL, momentum=0.25)
@example(call=SQUARE, momentum=0.75)
@example(call=(row(1.0, 3.0)[:, None], row(1.0), row(0.0), row(0.0), row(2.0)), momentum=0.5)
def test_running_values(batch_norm_forward: StudentFunction, call: Call, momentum: float) -> None:
    """In training, the running values keep the share 1 - momentum, and the batch adds the share momentum.

    The batch's variance is divided by N - 1 here. PyTorch's momentum weighs the new value, unlike that of an optimizer.
    """
    _, mean, var = batch_norm_forward(*call, training=True, momentum=momentum, eps=TINY)
    _, expected_mean, expected_var = _plain(call, training=True, momentum=momentum, eps=TINY)
    says = f"After a training batch with momentum {momentum:g}, the running mean has another value."
    assert_close(mean, expected_mean, scale=1 + largest(call[0]), says=says)
    says = f"After a training batch with momentum {momentum:g}, the running variance has another value."
    assert_close(var, expected_var, scale=_var_size(call), says=says)


@given(call=calls((1, 4)), momentum=some_momenta, eps=some_eps)
@example(call=(row(5.0)[:, None], row(1.0), row(0.0), row(1.0), row(4.0)), momentum=0.25, eps=TINY)
@example(call=FULL, momentum=0.25, eps=1.0)
@example(call=SQUARE, momentum=0.25, eps=TINY)
def test_evaluation(batch_norm_forward: StudentFunction, call: Call, momentum: float, eps: float) -> None:
    """In evaluation, the running mean is subtracted, the running variance divides, and both stay as they are."""
    y, mean, var = batch_norm_forward(*call, training=False, momentum=momentum, eps=eps)
    expected, expected_mean, expected_var = _plain(call, training=False, momentum=momentum, eps=eps)
    assert_close(y, expected, scale=_size(call), says="In evaluation, y has other values.")
    assert_close(mean, expected_mean, tolerance=0, says="In evaluation, the running mean has changed.")
    assert_close(var, expected_var, tolerance=0, says="In evaluation, the running variance has changed.")


@given(call=calls())
@example(call=FULL)
@example(call=SQUARE)
def test_alone(batch_norm_forward: StudentFunction, call: Call) -> None:
    """In evaluation, a sample gets the same result alone as among others.

    A prediction must not depend on which other samples happen to be in the batch. In training it does.
    """
    x, *others = call
    whole = batch_norm_forward(x, *others, training=False, momentum=0.25, eps=TINY)[0]
    alone = batch_norm_forward(x[:1].clone(), *others, training=False, momentum=0.25, eps=TINY)[0]
    says = "In evaluation, the first row gets another result when it is the only one."
    assert_close(alone, whole[:1].double(), scale=_size(call), says=says)


@given(call=calls(), training=st.booleans(), momentum=some_momenta, eps=some_eps)
@example(call=FULL, training=True, momentum=0.125, eps=TINY)
@example(call=FULL, training=False, momentum=0.125, eps=TINY)
def test_as_torch_batch_norm(
    batch_norm_forward: StudentFunction, call: Call, training: bool, momentum: float, eps: float
) -> None:
    """torch.nn.functional.batch_norm gives the same, and leaves the same running values behind."""
    x, gamma, beta, mean, var = (part.double().clone() for part in call)
    y = nn.functional.batch_norm(x, mean, var, gamma, beta, training=training, momentum=momentum, eps=eps)
    found = batch_norm_forward(*call, training, momentum, eps)
    scales = (_size(call), 1 + largest(x), _var_size(call))
    for part, expected, scale, name in zip(
        found, (y, mean, var), scales, ("y", "the running mean", "the running variance"), strict=True
    ):
        assert_close(part, expected, scale=scale, says=f"With training={training}, torch has another value of {name}.")


@given(columns=st.integers(1, 3))
@example(columns=1)
def test_batch_of_one(batch_norm_forward: StudentFunction, columns: int) -> None:
    """In training, a batch of one row raises a ValueError: its columns have no spread, and y would always be beta."""
    one, zero = torch.ones(columns), torch.zeros(columns)
    assert_raises(
        ValueError,
        batch_norm_forward,
        torch.ones(1, columns),
        one,
        zero,
        zero,
        one,
        training=True,
        momentum=0.25,
        eps=TINY,
    )


@predict(
    answer="After some tens of batches they nearly agree",
    because="In training the mean of the batch itself is subtracted. The running mean begins at 0 and takes a tenth of"
    " what is missing in each batch: after 10 batches 35 % of it are still missing, after 50 batches half a percent.",
    otherwise={
        "They agree from the first batch on": "The first batch takes the running mean a tenth of the way only, with"
        " momentum 0.1.",
        "They agree after exactly 10 batches": "Each batch adds a tenth of what is missing, and not a tenth of the"
        " whole: after 10 batches 0.9 to the power 10, or 35 %, are still missing.",
        "They never come near": "The running values approach those of the batches, so that evaluation comes to do what"
        " training does.",
    },
)
def how_long_to_agree(batch_norm_forward: Callable[..., Results]) -> dict[str, list[float]]:
    """The columns of all batches have the mean 5; the running mean begins at 0, and momentum is 0.1.

    When do training and evaluation give the same result for the same batch?
    """
    x, one, zero = row(4.0, 6.0)[:, None], torch.ones(1), torch.zeros(1)
    mean, var, gaps = zero, one, []
    for _ in range(60):
        trained, mean, var = batch_norm_forward(x, one, zero, mean, var, training=True, momentum=0.1, eps=1e-5)
        evaluated, _, _ = batch_norm_forward(x, one, zero, mean, torch.ones(1), training=False, momentum=0.1, eps=1e-5)
        gaps.append((evaluated - trained).abs().max().item())
    assert gaps[0] > 4
    assert 1 < gaps[9] < 2
    assert gaps[49] < 0.05
    return {"batch": [float(batch) for batch in range(1, 61)], "difference of the two results": gaps}


# Right answers in other styles


@variant
def functional(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    training: bool,
    momentum: float,
    eps: float,
) -> Results:
    """PyTorch's own function, which changes copies of the running values in place."""
    mean, var = running_mean.clone(), running_var.clone()
    y = nn.functional.batch_norm(x, mean, var, gamma, beta, training, momentum, eps)
    return y, mean, var


@variant
def module(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    training: bool,
    momentum: float,
    eps: float,
) -> Results:
    """A layer of torch.nn, with its buffers filled and its mode set."""
    layer = nn.BatchNorm1d(x.shape[1], eps=eps, momentum=momentum)
    values = {"weight": gamma, "bias": beta, "running_mean": running_mean, "running_var": running_var}
    layer.load_state_dict(values, strict=False)
    with torch.no_grad():
        y = layer.train(training)(x)
    return y, layer.running_mean, layer.running_var  # type: ignore[return-value]


@variant
def factor_and_lerp(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    training: bool,
    momentum: float,
    eps: float,
) -> Results:
    """float32 throughout: lerp, one variance and N / (N - 1), and an affine map that is computed first."""
    if not training:
        scale = gamma * torch.rsqrt(running_var + eps)
        return x * scale + (beta - running_mean * scale), running_mean, running_var
    n = x.size(0)
    if n == 1:
        raise ValueError("one row")
    var, mean = torch.var_mean(x, 0, unbiased=False)
    scale = gamma * torch.rsqrt(var + eps)
    stored = var * (n / (n - 1))
    return (
        (x - mean) * scale + beta,
        torch.lerp(running_mean, mean, momentum),
        torch.lerp(running_var, stored, momentum),
    )


@variant
def loops(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    training: bool,
    momentum: float,
    eps: float,
) -> Results:
    """One column after the other, in place on new tensors."""
    y, new_mean, new_var = torch.empty_like(x), running_mean.clone(), running_var.clone()
    n = x.shape[0]
    if training and n <= 1:
        raise ValueError(f"batch of {n}")
    for j in range(x.shape[1]):
        mean, var = running_mean[j].item(), running_var[j].item()
        if training:
            mean = sum(x[:, j].tolist()) / n
            squares = sum((v - mean) ** 2 for v in x[:, j].tolist())
            var = squares / n
            new_mean[j] += momentum * (mean - new_mean[j])
            new_var[j] += momentum * (squares / (n - 1) - new_var[j])
        y[:, j] = gamma[j] * ((x[:, j] - mean) / (var + eps) ** 0.5) + beta[j]
    return y, new_mean, new_var


@variant
def numpy(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    training: bool,
    momentum: float,
    eps: float,
) -> Results:
    """NumPy in float64, whose variance divides by N unless ddof says otherwise."""
    h, old_mean, old_var = (np.asarray(part, dtype=np.float64) for part in (x, running_mean, running_var))
    mean, var = old_mean, old_var
    if training:
        if len(h) < 2:
            raise ValueError("too few")
        mean, var = h.mean(axis=0), h.var(axis=0)
        old_mean = old_mean * (1 - momentum) + mean * momentum
        old_var = old_var * (1 - momentum) + h.var(axis=0, ddof=1) * momentum
    y = gamma.numpy() * (h - mean) / np.sqrt(var + eps) + beta.numpy()
    results: Any = tuple(torch.tensor(part, dtype=x.dtype) for part in (y, old_mean, old_var))
    return results  # type: ignore[no-any-return]
