"""Steps and losses agree with plain Python, and an epoch that diverges is undone and ends the training."""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy
import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    PARAM32,
    CheckFailed,
    StudentFunction,
    as_tensor,
    assert_at_most,
    assert_close,
    data_sets,
    largest,
    numbers,
    predict,
    row,
    variant,
)

Orders = list[list[int]]
Result = dict[str, Any]
Start = tuple[float, float]
Task = tuple[Tensor, Tensor, Orders]
"""The points of a data set and the orders of some epochs over them."""
TrainLine = Callable[[Tensor, Tensor, float, float, float, Orders, int], Result]

# Neither x nor y has mean 0, the noise is large, and no two mistakes agree on these points.
POINTS = (row(1.0, 2.0, 4.0, -1.0, 0.5), row(3.0, -1.0, 2.5, 0.0, 1.0))
TASK = (*POINTS, [[3, 0, 4, 1, 2], [2, 4, 1, 0, 3], [1, 3, 2, 4, 0]])
START = (0.5, -1.0)
SMALL = 2.0**-12
"""Multiplied by it, no number keeps a digit that is rounded to three or four decimals; a power of two adds no error."""

starts = st.tuples(numbers(), numbers())
paces = st.sampled_from((0.25, 0.5, 0.75))
batch_sizes = st.integers(1, 9)
units = st.sampled_from([SMALL, 0.125, 16.0])
not_finite = st.sampled_from([math.nan, math.inf, -math.inf])


@st.composite
def tasks(draw: st.DrawFn, min_epochs: int = 0, max_epochs: int = 3) -> Task:
    """Draw a small data set, and an order of its samples for each of some epochs."""
    x, y = draw(data_sets(max_size=8))
    return x, y, draw(st.lists(st.permutations(range(len(x))), min_size=min_epochs, max_size=max_epochs))


def _safe_rate(x: Tensor, pace: float) -> float:
    """Return a power of two times the pace: below the limit of every batch if the pace is below 1.

    The curvature of one sample is 2 * (x**2 + 1) in its steepest direction, and no batch has a larger one.
    """
    return pace * 2.0 ** math.floor(-math.log2(float((x**2).max()) + 1))


@dataclass(frozen=True)
class _Training:
    """What plain Python finds, one sample after the other."""

    w: float
    b: float
    history: list[float]
    status: str
    size: float  # the largest parameter on the way
    closest: float  # how close a loss came to the limit, as their ratio: 1 is at the limit


def _loss(x: Tensor, y: Tensor, w: float, b: float) -> float:
    errors: list[float] = [w * point + b - target for point, target in zip(x.tolist(), y.tolist(), strict=True)]
    return sum(error * error for error in errors) / len(errors)


def _train(x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: Orders, batch_size: int) -> _Training:
    xs, ys = x.tolist(), y.tolist()
    history: list[float] = []
    size, closest, status = abs(w) + abs(b), math.inf, "ok"
    for order in orders:
        new_w, new_b, total = w, b, 0.0
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            errors = [new_w * xs[i] + new_b - ys[i] for i in batch]
            total += sum(error * error for error in errors)
            slope_w = sum(2 * error * xs[i] for error, i in zip(errors, batch, strict=True)) / len(batch)
            new_w, new_b = new_w - lr * slope_w, new_b - lr * sum(2 * error for error in errors) / len(batch)
        loss = total / len(order)
        limit = 1e6 * ((history[0] if history else loss) + 1)
        closest = min(closest, abs(math.log(max(loss, 1e-30) / limit)))
        if loss > limit:
            status = "diverged"
            break
        w, b = new_w, new_b
        size = max(size, abs(w) + abs(b))
        history.append(loss)
    return _Training(w, b, history, status, size, math.exp(-closest))


def _assert_status(result: Result, expected: str) -> None:
    if result["status"] != expected:
        raise CheckFailed(f"The status is {result['status']!r}, expected {expected!r}.", result["status"], expected)


def _assert_line(result: Result, expected: Start, scale: float, says: str) -> None:
    assert_close([result["w"], result["b"]], expected, tolerance=PARAM32, scale=scale, says=says)


def _assert_losses(history: Any, expected: Any, x: Tensor, scale: float, says: str) -> None:
    """Compare losses; ``scale`` is the natural size of a parameter, and that of a loss is the square of an error."""
    assert_close(history, expected, tolerance=PARAM32, scale=(scale * (1 + largest(x))) ** 2, says=says)


def _assert_trained(result: Result, x: Tensor, y: Tensor, *rest: Any) -> None:
    """Compare status, history and parameters with what plain Python finds; computing in float32 is allowed."""
    expected = _train(x, y, *rest)
    _assert_status(result, expected.status)
    says = f"The history has {len(result['history'])} losses, but {len(expected.history)} epochs count."
    assert_close(len(result["history"]), len(expected.history), tolerance=0, says=says)
    scale = 1 + largest(y) + expected.size
    says = "The history does not hold the losses of the epochs, averaged over their samples."
    _assert_losses(result["history"], expected.history, x, scale, says)
    says = "The parameters are not those after the last epoch that counts."
    _assert_line(result, (expected.w, expected.b), scale, says)


def _assert_first_epoch_undone(result: Result, start: Start) -> None:
    _assert_status(result, "diverged")
    assert_close(len(result["history"]), 0, tolerance=0, says="A loss that is not finite is in the history.")
    says = "The parameters are not those that the refused epoch began with."
    _assert_line(result, start, 1 + abs(start[0]) + abs(start[1]), says)


@given(task=tasks(), start=starts, pace=paces, batch_size=batch_sizes)
@example(task=TASK, start=START, pace=0.75, batch_size=2)
@example(task=(*POINTS, []), start=START, pace=0.75, batch_size=2)
def test_every_epoch(train_line: StudentFunction, task: Task, start: Start, pace: float, batch_size: int) -> None:
    """Each batch takes one step from where the previous batch arrived, and each epoch records one loss.

    The expected numbers come from plain Python, one sample after the other. Without orders nothing happens.
    """
    x, y, orders = task
    arguments = (x, y, *start, _safe_rate(x, pace), orders, batch_size)
    _assert_trained(train_line(*arguments), *arguments)


@given(task=tasks(min_epochs=1), start=starts, batch_size=batch_sizes)
@example(task=TASK, start=START, batch_size=2)
def test_standing_still(train_line: StudentFunction, task: Task, start: Start, batch_size: int) -> None:
    """With lr = 0 nothing moves, and every epoch has the loss of all samples, whatever the batch size.

    An average over the samples of all batches is the average over all samples, even when the last batch is short.
    """
    x, y, orders = task
    result = train_line(x, y, *start, 0.0, orders, batch_size)
    scale = 1 + abs(start[0]) + abs(start[1]) + largest(y)
    _assert_line(result, start, scale, "With lr = 0 the parameters are not those at the start.")
    says = "With lr = 0 the losses of the epochs are not the mean squared error of all samples."
    _assert_losses(result["history"], [_loss(x, y, *start)] * len(orders), x, scale, says)


@given(task=tasks(min_epochs=1), start=starts, pace=paces, more=st.integers(0, 2))
@example(task=TASK, start=START, pace=0.75, more=0)
def test_one_batch(train_line: StudentFunction, task: Task, start: Start, pace: float, more: int) -> None:
    """With one batch of all samples, training is the descent on the loss landscape: the order plays no part.

    Then the loss of an epoch is the height of the point at which the epoch begins, so history[e] is the loss of the
    parameters after e epochs.
    """
    x, y, orders = task
    lr, batch_size = _safe_rate(x, pace), len(x) + more
    scale = 1 + largest(y) + sum(map(abs, start))
    whole = train_line(x, y, *start, lr, orders, batch_size)
    reordered = train_line(x, y, *start, lr, [order[::-1] for order in orders], batch_size)
    says = "With all samples in one batch, another order leads to other parameters."
    _assert_line(reordered, (whole["w"], whole["b"]), scale, says)
    parts = [train_line(x, y, *start, lr, orders[:epochs], batch_size) for epochs in range(len(orders))]
    says = "With all samples in one batch, history[e] is not the loss of the parameters after e epochs."
    _assert_losses(whole["history"], [_loss(x, y, part["w"], part["b"]) for part in parts], x, scale, says)


@given(task=tasks(min_epochs=2), start=starts, pace=paces, batch_size=batch_sizes)
@example(task=TASK, start=START, pace=0.75, batch_size=2)
def test_continued(train_line: StudentFunction, task: Task, start: Start, pace: float, batch_size: int) -> None:
    """Stopping after the first epoch and continuing from there with the other orders gives the same training.

    Between two epochs nothing is remembered but w and b, and each epoch uses its own order.
    """
    x, y, orders = task
    lr = _safe_rate(x, pace)
    whole = train_line(x, y, *start, lr, orders, batch_size)
    first = train_line(x, y, *start, lr, orders[:1], batch_size)
    rest = train_line(x, y, first["w"], first["b"], lr, orders[1:], batch_size)
    scale = 1 + largest(y) + sum(map(abs, start)) + abs(first["w"]) + abs(first["b"])
    says = "Continuing after the first epoch leads to other parameters than training in one go."
    _assert_line(rest, (whole["w"], whole["b"]), scale, says)
    says = "The histories of the two parts, one after the other, are not the history of training in one go."
    _assert_losses([*first["history"], *rest["history"]], whole["history"], x, scale, says)


@given(task=tasks(min_epochs=1), start=starts, pace=paces, batch_size=batch_sizes, unit=units)
@example(task=TASK, start=START, pace=0.75, batch_size=2, unit=SMALL)
def test_in_another_unit(
    train_line: StudentFunction, task: Task, start: Start, pace: float, batch_size: int, unit: float
) -> None:
    """If y, w and b are s times as large, so are the trained w and b, and the losses are s**2 times as large.

    Below the limit of the learning rate a training knows no numbers but its arguments: nothing is rounded, cut off or
    added for safety, and the training does not end because the losses have become small.
    """
    (x, y, orders), (w, b) = task, start
    rest = (_safe_rate(x, pace), orders, batch_size)
    before, after = train_line(x, y, w, b, *rest), train_line(x, unit * y, unit * w, unit * b, *rest)
    scale = unit * (largest(y) + _train(x, y, w, b, *rest).size)
    says = f"With y, w and b multiplied by {unit:g}, the trained line is not {unit:g} times as large."
    _assert_line(after, (unit * float(before["w"]), unit * float(before["b"])), scale, says)
    says = f"With y, w and b multiplied by {unit:g}, the losses are not {unit**2:g} times as large."
    _assert_losses(after["history"], as_tensor(before["history"]) * unit**2, x, scale, says)


@given(task=tasks(min_epochs=2), start=starts, pace=paces)
@example(task=TASK, start=START, pace=0.75)
def test_downhill(train_line: StudentFunction, task: Task, start: Start, pace: float) -> None:
    """With one batch of all samples and a learning rate below the limit, the loss never rises.

    A step against the full gradient goes downhill for all samples together. A step for a small batch does not have to.
    """
    x, y, orders = task
    history = train_line(x, y, *start, _safe_rate(x, pace), orders, len(x))["history"]
    size = (1 + largest(y) + sum(map(abs, start)) * (1 + largest(x))) ** 2
    assert_at_most(history[1:], history[:-1], slack=PARAM32 * size, says="The loss rises from one epoch to the next.")


@given(task=tasks(min_epochs=2, max_epochs=4), start=starts)
@example(task=TASK, start=START)
def test_a_rise_is_no_divergence(train_line: StudentFunction, task: Task, start: Start) -> None:
    """A rising loss is not yet a divergence: every epoch counts until one exceeds a million times the first + 1.

    Here the learning rate is above the limit of most data, and the epochs are so few that the loss stays far below.
    """
    x, y, orders = task
    arguments = (x, y, *start, _safe_rate(x, 2.0), orders, len(x))
    result = train_line(*arguments)
    _assert_status(result, "ok")
    _assert_trained(result, *arguments)


@given(data=data_sets(max_size=6), start=starts, order=st.permutations(range(6)))
@example(data=POINTS, start=START, order=[3, 0, 5, 4, 1, 2])
# A loss is 570,000 times the first: a limit of a hundred thousand stops here, and one without the 1 does not.
@example(data=(row(1.0, 2.0, 4.0), row(3.0, -1.0, 2.5)), start=(1.0, 2.0), order=[0, 1, 2, 3, 4, 5])
@example(data=(row(1.0, 2.0, 4.0), row(1.125, 2.0, 4.0)), start=(1.0, 0.0), order=[2, 0, 1, 3, 4, 5])
# The first loss is 1/128, and the refused one 1.4 million: above the limit, and below one with 2 in place of the 1.
@example(data=(row(-2.0, 3.0), row(-2.0, 3.125)), start=(1.0, 0.0), order=[1, 0, 2, 3, 4, 5])
def test_divergence(train_line: StudentFunction, data: tuple[Tensor, Tensor], start: Start, order: list[int]) -> None:
    """Far above the limit the training stops: the refused epoch is undone, and its loss is not recorded.

    At eight times the limit and more the distance from the bottom grows at least sevenfold in every step, and the loss
    49-fold, so a few epochs are enough.
    """
    x, y = data
    lr = 16 * 2.0 ** math.floor(-math.log2(float((x**2).mean()) + 1))
    arguments = (x, y, *start, lr, [[i for i in order if i < len(x)]] * 6, len(x))
    expected = _train(*arguments)
    # Right code may decide either way close to the limit, or where only rounding leads away from the bottom.
    assume(expected.status == "diverged" and len(expected.history) <= 5 and expected.closest < 0.9)
    _assert_trained(train_line(*arguments), *arguments)


def test_nothing_after_divergence(train_line: StudentFunction) -> None:
    """After the refused epoch no other one runs, even if its order would be luckier.

    The first epoch leaves an error of 496 at x = 63 and none at x = 1. An epoch that visits x = 63 first steps so far
    that the other error becomes 15872; one that visits x = 1 first stays below the limit.
    """
    arguments = (row(63.0, 1.0), row(-0.25, -8.0), 0.0, 0.0, 0.25, [[0, 1], [0, 1], [1, 0]], 1)
    _assert_trained(train_line(*arguments), *arguments)


@given(task=tasks(min_epochs=1), start=starts, bad=not_finite, place=st.integers(0, 7), batch_size=batch_sizes)
@example(task=TASK, start=START, bad=math.nan, place=2, batch_size=2)
def test_loss_not_finite(
    train_line: StudentFunction, task: Task, start: Start, bad: float, place: int, batch_size: int
) -> None:
    """A loss that is infinite or NaN stops the training: nothing is recorded, and w and b are as before that epoch.

    A single measurement in y that is NaN or infinite is enough to make the loss of the first epoch so.
    """
    x, y, orders = task
    y = y.clone()
    y[place % len(y)] = bad
    _assert_first_epoch_undone(train_line(x, y, *start, _safe_rate(x, 0.5), orders, batch_size), start)


@given(start=starts, power=st.integers(100, 120), batch_size=st.integers(1, 2))
@example(start=START, power=100, batch_size=1)
def test_beyond_all_numbers(train_line: StudentFunction, start: Start, power: int, batch_size: int) -> None:
    """A learning rate of 1e30 or more stops the training too: when the squares overflow, the loss is not finite.

    Each batch multiplies the error by at least 1e30, so before the epoch is over its square is beyond 1e308. Nothing
    is recorded, and w and b are as before the epoch.
    """
    x, y = row(*[1.0, 2.0, 4.0, -1.0, 0.5, 3.0, -2.0, 1.5] * 3), row(*[3.0, -1.0, 2.5, 0.0, 1.0, 7.0, -3.0, 6.0] * 3)
    _assert_first_epoch_undone(train_line(x, y, *start, 2.0**power, [list(range(len(x)))] * 2, batch_size), start)


# Predictions


def _points() -> tuple[Tensor, Tensor]:
    """Return 30 points around the line 2 x + 1."""
    x = torch.linspace(-3, 3, 30, dtype=torch.float64)
    noise = 0.5 * torch.randn(30, generator=torch.Generator().manual_seed(42), dtype=torch.float64)
    return x, 2 * x + 1 + noise


def _orders(seed: int, epochs: int) -> Orders:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randperm(30, generator=generator).tolist() for _ in range(epochs)]


@predict(
    answer="No. From some epoch on it moves up and down above the lowest loss.",
    because=(
        "Each point pulls the line its own way, and at the bottom these pulls do not become smaller: with a fixed lr"
        " every step keeps throwing the line off."
    ),
    otherwise={
        "Yes. It falls in every epoch, as with all points at once.": (
            "A step against the full gradient goes downhill for all points together. The gradient of one point looks"
            " at that point only, and what is good for it can be bad for the others."
        ),
        "No. It grows until the training diverges.": (
            "Divergence needs steps that overshoot by more than they correct. This learning rate is below the limit of"
            " every single point, so the walk stays near the bottom; it just does not rest there."
        ),
    },
)
def one_point_at_a_time(train_line: TrainLine) -> dict[str, Tensor]:
    """You train a line on 30 noisy points for 40 epochs, with batches of one point and the same lr throughout.

    Does the loss settle at the lowest loss that a line can have?
    """
    x, y = _points()
    result = train_line(x, y, 0.0, 0.0, 0.05, _orders(0, 40), 1)
    history = torch.tensor(result["history"], dtype=torch.float64)
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)
    lowest = (inputs @ torch.linalg.lstsq(inputs, y).solution - y).square().mean()
    late = history[10:]
    assert result["status"] == "ok"
    assert lowest < late.min()
    assert late.max() < 4 * lowest
    assert late.diff().min() < 0 < late.diff().max()
    return {"epoch": torch.arange(1, len(history) + 1), "loss": history}


@predict(
    answer="At exactly the same line.",
    because="There is one batch and it holds every point, and a mean does not depend on the order of its numbers.",
    otherwise={
        "At lines that differ a little, by chance.": (
            "Chance decides which points share a batch. With one batch for all, there is nothing left to decide."
        ),
        "At lines that differ, because later points count more.": (
            "Later batches start from newer parameters, and that is why an order can matter. Here no batch is later"
            " than another: an epoch has only one."
        ),
    },
)
def two_orders(train_line: TrainLine) -> dict[str, list[Start]]:
    """Two trainings shuffle 30 points in different ways, and both put all 30 of them into one batch.

    Where do they arrive after 15 epochs?
    """
    x, y = _points()
    path = []
    for epochs in range(16):
        one, other = (train_line(x, y, 3.5, 2.5, 0.1, _orders(seed, epochs), 30) for seed in (1, 2))
        assert abs(one["w"] - other["w"]) + abs(one["b"] - other["b"]) < 1e-4
        path.append((float(one["w"]), float(one["b"])))
    return {"w, b": path}


@predict(
    answer="It grows from epoch to epoch, and the training is stopped.",
    because=(
        "At three times the limit each step multiplies the distance from the bottom by -5 in the steepest direction,"
        " so the loss becomes 25 times as large."
    ),
    otherwise={
        "It falls, three times as fast as at the limit.": (
            "A longer step is faster only as long as it does not jump past the bottom. Above the limit it lands higher"
            " on the other side than it stood before."
        ),
        "It jumps between two values for ever.": (
            "That happens exactly at the limit, where the factor is -1. Here the factor is -5."
        ),
    },
)
def three_times_the_limit(train_line: TrainLine) -> dict[str, Tensor]:
    """For this bowl the largest stable learning rate is 0.312. You train with all points in one batch and lr = 0.936.

    What does the loss do?
    """
    x, y = _points()
    result = train_line(x, y, 0.0, 0.0, 0.936, _orders(3, 40), 30)
    history = torch.tensor(result["history"], dtype=torch.float64)
    assert result["status"] == "diverged"
    assert history.diff().min() > 0
    assert 20 < history[-1] / history[-2] < 30
    return {"epoch": torch.arange(1, len(history) + 1), "loss": history}


# Right answers in other styles


@variant
def autograd(x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: Orders, batch_size: int) -> Result:
    """Gradients by `backward()`, with parameters in place and float32 inside."""
    theta_w = torch.tensor(w, requires_grad=True)
    theta_b = torch.tensor(b, requires_grad=True)
    history: list[float] = []
    for order in orders:
        before = theta_w.item(), theta_b.item()
        total = 0.0
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            loss = torch.mean((theta_w * x[batch] + theta_b - y[batch]) ** 2)
            loss.backward()
            total += loss.item() * len(batch)
            assert theta_w.grad is not None
            assert theta_b.grad is not None
            with torch.no_grad():
                theta_w -= lr * theta_w.grad
                theta_b -= lr * theta_b.grad
            theta_w.grad.zero_()
            theta_b.grad.zero_()
        mean = total / len(order)
        if not math.isfinite(mean) or (history and mean > 1e6 * (history[0] + 1)):
            return {"w": before[0], "b": before[1], "history": history, "status": "diverged"}
        history.append(mean)
    return {"w": theta_w.item(), "b": theta_b.item(), "history": history, "status": "ok"}


@variant
def optimizer(x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: Orders, batch_size: int) -> Result:
    """`torch.optim.SGD` makes the steps, and `split` cuts the batches; the history is returned as a tensor."""
    theta = torch.tensor([w, b], dtype=x.dtype, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=lr)
    accepted, status = theta.detach().clone(), "ok"
    history: list[Tensor] = []
    for order in orders:
        squares = []
        for batch in torch.split(torch.tensor(order), batch_size):
            optimizer.zero_grad()
            error = theta[0] * x[batch] + theta[1] - y[batch]
            error.square().mean().backward()
            optimizer.step()
            squares.append(error.detach().square())
        loss = torch.cat(squares).mean()
        if not loss.isfinite() or (history and loss > 1e6 * (history[0] + 1)):
            status = "diverged"
            break
        accepted = theta.detach().clone()
        history.append(loss)
    losses = torch.stack(history) if history else torch.zeros(0, dtype=x.dtype)
    return {"w": accepted[0], "b": accepted[1], "history": losses, "status": status}


@variant
def plain_python(x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: Orders, batch_size: int) -> Result:
    """No tensor at all: sums over the samples, and the epoch is undone by assigning the old pair again."""
    samples = list(zip(x.tolist(), y.tolist(), strict=True))
    history: list[float] = []
    for order in orders:
        old_w, old_b = w, b
        loss, rest = 0.0, list(order)
        while rest:
            batch, rest = rest[:batch_size], rest[batch_size:]
            grad_w = grad_b = 0.0
            for i in batch:
                error = w * samples[i][0] + b - samples[i][1]
                loss += error * error / len(order)
                grad_w += 2 / len(batch) * error * samples[i][0]
                grad_b += 2 / len(batch) * error
            w -= lr * grad_w
            b -= lr * grad_b
        limit = 1e6 * (history[0] + 1) if history else math.inf
        if not loss < math.inf or loss > limit:
            return {"w": old_w, "b": old_b, "history": history, "status": "diverged"}
        history.append(loss)
    return {"w": w, "b": b, "history": history, "status": "ok"}


@variant
def numpy_style(x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: Orders, batch_size: int) -> Result:
    """NumPy inside, one matrix of inputs with a column of ones, and running weighted means."""
    inputs, targets = numpy.stack([x.numpy(), numpy.ones(len(x))], axis=1), y.numpy()
    theta = numpy.array([w, b])
    history: list[float] = []
    status = "ok"
    for order in orders:
        trial, loss, seen = theta.copy(), 0.0, 0
        for start in range(0, len(order), batch_size):
            batch = numpy.array(order[start : start + batch_size])
            error = inputs[batch] @ trial - targets[batch]
            seen += len(batch)
            loss += (float(numpy.mean(error**2)) - loss) * len(batch) / seen
            trial -= lr * 2 / len(batch) * inputs[batch].T @ error
        history.append(loss)
        if not numpy.isfinite(loss) or loss > 1e6 * (history[0] + 1):
            history.pop()
            status = "diverged"
            break
        theta = trial
    return {"w": float(theta[0]), "b": float(theta[1]), "history": history, "status": status}


@variant
def generator_of_batches(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: Orders, batch_size: int
) -> Result:
    """Float32 inside, batches by an iterator, gradients by `torch.func.grad`, and the history as a tuple."""
    x, y = x.float(), y.float()

    def mean_square(theta: Tensor, batch: list[int]) -> Tensor:
        return ((theta[0] * x[batch] + theta[1] - y[batch]) ** 2).mean()

    theta, status = torch.tensor([w, b]), "ok"
    history: tuple[float, ...] = ()
    for order in orders:
        indices, trial, total = iter(order), theta, torch.tensor(0.0)
        while batch := list(itertools.islice(indices, batch_size)):
            total = total + len(batch) * mean_square(trial, batch)
            trial = trial - lr * torch.func.grad(mean_square)(trial, batch)
        loss = (total / len(order)).item()
        first = (*history, loss)[0]
        if not math.isfinite(loss) or loss > 1e6 * (first + 1):
            status = "diverged"
            break
        theta, history = trial, (*history, loss)
    return {"w": theta[0].item(), "b": theta[1].item(), "history": history, "status": status}
