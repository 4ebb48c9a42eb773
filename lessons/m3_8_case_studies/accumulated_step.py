"""accumulated_step must take the step of the whole batch, whatever the size of the micro batches."""

import math
from collections.abc import Callable
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor
from torch.overrides import TorchFunctionMode

from grader.authoring import (
    PARAM32,
    CheckFailed,
    StudentFunction,
    assert_at_most,
    assert_close,
    driver,
    largest,
    matrices,
    numbers,
    predict,
    row,
    variant,
    vectors,
)

Problem = tuple[Tensor, Tensor, Tensor]
"""X, y and w."""
LINE: Problem = (torch.tensor([[1.0], [2.0], [3.0]]), row(2.0, 4.0, 3.0), row(0.0))
# Five samples, so that micro batches of 2 and of 3 leave a rest; gradients of the samples point in many directions.
FULL: Problem = (
    torch.tensor([[1.0, -2.0], [0.5, 3.0], [-1.5, 1.0], [2.0, 0.25], [4.0, -1.0]]),
    row(1.0, -2.0, 0.5, 3.0, -4.0),
    row(0.5, -1.0),
)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw one to six samples with one to three features, and weights."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    return draw(matrices(rows, columns)), draw(vectors(rows, rows)), draw(vectors(columns, columns))


def _gradient(problem: Problem) -> list[float]:
    """Return the gradient of the mean squared error, in plain Python."""
    X, y, w = (part.double().tolist() for part in problem)
    errors = [sum(v * u for v, u in zip(sample, w, strict=True)) - target for sample, target in zip(X, y, strict=True)]
    return [2 * sum(e * sample[j] for e, sample in zip(errors, X, strict=True)) / len(X) for j in range(len(w))]


def _norm(values: list[float]) -> float:
    return math.sqrt(sum(value * value for value in values))


def _size(problem: Problem, lr: float) -> float:
    """Return the natural size of the new weights: that of the old ones, and of the terms of the gradient."""
    X, y, w = problem
    inputs = largest(X)
    return 1 + largest(w) + 2 * lr * inputs * (len(w) * inputs * largest(w) + largest(y))


some_rates, some_sizes = st.sampled_from([0.125, 0.25, 0.5]), st.integers(1, 7)


@given(problem=problems(), lr=some_rates, size=some_sizes)
@example(problem=LINE, lr=0.25, size=3)
@example(problem=LINE, lr=0.25, size=1)
@example(problem=LINE, lr=0.25, size=2)
@example(problem=FULL, lr=0.25, size=2)
@example(problem=FULL, lr=0.125, size=3)
@example(problem=FULL, lr=0.125, size=7)
def test_not_clipped(accumulated_step: StudentFunction, problem: Problem, lr: float, size: int) -> None:
    """Without clipping, the step is that of the mean over all samples, whatever the micro batches are.

    A rest at the end counts by its number of samples, and micro batches may be larger than the batch.
    """
    X, y, w = problem
    gradient = _gradient(problem)
    expected = [value - lr * slope for value, slope in zip(w.tolist(), gradient, strict=True)]
    found = accumulated_step(X, y, w, lr, size, 4 * _norm(gradient) + 1)
    says = f"{len(X)} samples, {size} at a time: this is not the step of the mean over all of them."
    assert_close(found, row(*expected), tolerance=PARAM32, scale=_size(problem, lr), says=says)


@given(problem=problems(), lr=some_rates, size=some_sizes, part=st.sampled_from([0.125, 0.5, 0.75]))
@example(problem=LINE, lr=0.25, size=3, part=0.5)
@example(problem=LINE, lr=0.25, size=2, part=0.5)
@example(problem=FULL, lr=0.25, size=2, part=0.5)
@example(problem=FULL, lr=0.5, size=1, part=0.125)
def test_clipped_once(accumulated_step: StudentFunction, problem: Problem, lr: float, size: int, part: float) -> None:
    """The gradient of all samples is clipped, once: the step is as long as lr * max_norm and points down the slope.

    What matters is how long the sum is. Micro batches whose gradients cancel need no clipping, however long each is.
    """
    X, y, w = problem
    gradient = _gradient(problem)
    length = _norm(gradient)
    if length < 2**-10:  # nothing to clip
        return
    expected = [value - lr * part * slope for value, slope in zip(w.tolist(), gradient, strict=True)]
    found = accumulated_step(X, y, w, lr, size, part * length)
    says = f"max_norm is {part:g} of the length of the gradient, so the step is {part:g} of the usual one."
    assert_close(found, row(*expected), tolerance=PARAM32, scale=_size(problem, lr), says=says)


@given(problem=problems(), size=some_sizes, max_norm=st.sampled_from([0.25, 1.0, 8.0]))
@example(problem=LINE, size=2, max_norm=1.0)
@example(problem=FULL, size=2, max_norm=1.0)
@example(problem=FULL, size=2, max_norm=8.0)
def test_size_does_not_matter(accumulated_step: StudentFunction, problem: Problem, size: int, max_norm: float) -> None:
    """Micro batches of any size give the step of the whole batch at once: they save memory and change nothing."""
    X, y, w = problem
    whole = accumulated_step(X, y, w, 0.25, len(X), max_norm)
    found = accumulated_step(X, y, w, 0.25, size, max_norm)
    says = f"The step with {size} rows at a time differs from that with all {len(X)} at once."
    assert_close(found, whole.double(), tolerance=PARAM32, scale=_size(problem, 0.25), says=says)


@given(problem=problems(), lr=some_rates, size=some_sizes, max_norm=st.sampled_from([0.25, 1.0, 8.0]))
@example(problem=LINE, lr=0.25, size=1, max_norm=0.25)
@example(problem=FULL, lr=0.5, size=2, max_norm=1.0)
def test_longest_step(
    accumulated_step: StudentFunction, problem: Problem, lr: float, size: int, max_norm: float
) -> None:
    """The step is never longer than lr * max_norm."""
    X, y, w = problem
    found = accumulated_step(X, y, w, lr, size, max_norm)
    length = (found.double() - w.double()).norm().item()
    says = f"The step is {length:.4g} long, and lr * max_norm is {lr * max_norm:.4g}."
    assert_at_most(length, lr * max_norm, slack=PARAM32 * _size(problem, lr), says=says)


@given(rows=st.integers(1, 5), columns=st.integers(1, 3), size=some_sizes, slope=numbers(1, 4))
@example(rows=3, columns=1, size=2, slope=2.0)
@example(rows=5, columns=2, size=2, slope=1.5)
def test_no_gradient(accumulated_step: StudentFunction, rows: int, columns: int, size: int, slope: float) -> None:
    """Where the model is already right, the weights keep their values: nothing is divided by a length of 0."""
    X = (torch.arange(float(rows * columns)) - 2).reshape(rows, columns)
    w = torch.full((columns,), slope)
    found = accumulated_step(X, X @ w, w, 0.25, size, 1.0)
    assert_close(found, w.double(), scale=slope, says="All errors are 0, and the weights have changed.")


@driver
def rows_at_once(function: Callable[..., Tensor], X: Tensor, y: Tensor, w: Tensor, size: int) -> int:
    """Return the most rows of X that were in a product, or `size` if that is more."""
    most = [0]
    products = {"matmul", "__matmul__", "__rmatmul__", "mm", "mv", "linear", "einsum", "mul", "__mul__", "__rmul__"}
    columns = X.shape[1]

    class Counting(TorchFunctionMode):
        def __torch_function__(self, called: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if getattr(called, "__name__", "") in products:
                for part in args:
                    if isinstance(part, torch.Tensor) and part.ndim == 2 and columns in part.shape:
                        other = part.shape[1] if part.shape[0] == columns else part.shape[0]
                        most[0] = max(most[0], other)
            return called(*args, **(kwargs or {}))

    with Counting():
        function(X, y, w, 0.25, size, 1000.0)
    return max(most[0], size)


@given(size=st.sampled_from([1, 2, 3, 4]))
@example(size=1)
@example(size=3)
def test_rows_at_once(accumulated_step: StudentFunction, size: int) -> None:
    """No product uses more than `micro_batch` rows of X: that is what saves the memory."""
    X = torch.arange(50.0).reshape(10, 5) / 8 - 3
    most = accumulated_step.drive("rows_at_once", X, X[:, 0] - 1, torch.ones(5), size)
    if most > size:
        raise CheckFailed(f"A product used {most} rows of X at once; micro_batch is {size}.", most, size)


@predict(
    answer="Once, the sum of all of them",
    because="The step follows the gradient of the whole batch, so that is what may be too long. Clipped one by one, a"
    " single wild micro batch would lose its weight, and the result would depend on how the batch was cut.",
    otherwise={
        "Each of them, before it is added": "Then the step depends on the size of the micro batches, and its direction"
        " turns: long gradients lose more than short ones.",
        "Each of them, and then the sum": "The second clipping limits the length, but the direction was already turned"
        " by the first.",
        "Not at all: the division by 8 makes it short enough": "The mean of long gradients is as long as they are, if"
        " they agree.",
    },
)
def when_to_clip(accumulated_step: Callable[..., Tensor]) -> dict[str, list[float]]:
    """A batch of 64 samples does not fit into memory, so it goes through the model in 8 micro batches of 8.

    The gradient is to be clipped. Which one?
    """
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(64, 2, generator=generator)
    y = X @ torch.tensor([3.0, -1.0]) + torch.randn(64, generator=generator)
    sizes = [1, 2, 4, 8, 16, 32, 64]
    lengths = [accumulated_step(X, y, torch.zeros(2), 0.5, size, 2.0).norm().item() for size in sizes]
    assert all(abs(length - 1.0) < 1e-4 for length in lengths)
    return {"micro batch": [float(size) for size in sizes], "length of the step": lengths}


# Right answers in other styles


@variant
def backward(X: Tensor, y: Tensor, w: Tensor, lr: float, micro_batch: int, max_norm: float) -> Tensor:
    """Autograd, whose gradients add up, PyTorch's clipping, and PyTorch's SGD."""
    parameter = torch.nn.Parameter(w.clone())
    optimizer = torch.optim.SGD([parameter], lr=lr)
    optimizer.zero_grad()
    for rows, targets in zip(X.split(micro_batch), y.split(micro_batch), strict=True):
        loss = torch.nn.functional.mse_loss(rows @ parameter, targets) * len(rows) / len(X)
        loss.backward()
    torch.nn.utils.clip_grad_norm_([parameter], max_norm)
    optimizer.step()
    return parameter.detach()


@variant
def sum_then_divide(X: Tensor, y: Tensor, w: Tensor, lr: float, micro_batch: int, max_norm: float) -> Tensor:
    """Sums of squares, divided by N at the end, with a while loop."""
    w = w.clone().requires_grad_()
    first, total = 0, torch.zeros_like(w)
    while first < X.shape[0]:
        last = min(first + micro_batch, X.shape[0])
        (slope,) = torch.autograd.grad(((X[first:last] @ w - y[first:last]) ** 2).sum(), w)
        total, first = total + slope, last
    total = total / X.shape[0]
    if total.norm() > max_norm:
        total = total / total.norm() * max_norm
    return (w - lr * total).detach()


@variant
def numpy(X: Tensor, y: Tensor, w: Tensor, lr: float, micro_batch: int, max_norm: float) -> Tensor:
    """NumPy in double precision, with a weighted mean of the means."""
    inputs, targets, weights = X.double().numpy(), y.double().numpy(), w.double().numpy()
    means, counts = [], []
    for k in range(math.ceil(len(targets) / micro_batch)):
        part = slice(k * micro_batch, (k + 1) * micro_batch)
        errors = inputs[part] @ weights - targets[part]
        means.append(2 * inputs[part].T @ errors / len(errors))
        counts.append(len(errors))
    slope = sum(count * mean for count, mean in zip(counts, means, strict=True)) / sum(counts)
    length = float((slope**2).sum() ** 0.5)
    return torch.tensor(weights - lr * slope * min(1.0, max_norm / (length + 1e-12)), dtype=torch.float32)


@variant
def row_by_row(X: Tensor, y: Tensor, w: Tensor, lr: float, micro_batch: int, max_norm: float) -> Tensor:
    """One sample at a time, which is never too many; the new weights are changed in place."""
    slopes = [2 * (sample.dot(w) - target) * sample for sample, target in zip(X, y, strict=True)]
    mean = torch.stack(slopes).mean(dim=0)
    new = w.clone()
    new -= lr * mean * torch.clamp(max_norm / (mean.norm() + 1e-6), max=1)
    return new


@variant
def loader(X: Tensor, y: Tensor, w: Tensor, lr: float, micro_batch: int, max_norm: float) -> Tensor:
    """A DataLoader and nn.Linear."""
    layer = torch.nn.Linear(len(w), 1, bias=False)
    layer.weight.data = w.clone()[None]
    data = torch.utils.data.TensorDataset(X, y)
    for rows, targets in torch.utils.data.DataLoader(data, batch_size=micro_batch):
        ((layer(rows)[:, 0] - targets).square().sum() / len(data)).backward()
    torch.nn.utils.clip_grad_norm_(layer.parameters(), max_norm)
    torch.optim.SGD(layer.parameters(), lr).step()
    return layer.weight.detach()[0]
