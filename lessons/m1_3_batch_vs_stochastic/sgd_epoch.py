"""`sgd_epoch` updates after every batch, from where the last update led, and takes each error before its update."""

import math
import statistics
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    LOSS32,
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

from .shared import POINTS, SMALL, UNITS, Pair, error_size, loss_of, pairs, slopes

Result = tuple[float, float, float]


class Epoch(NamedTuple):
    """The arguments of `sgd_epoch`."""

    x: Tensor
    y: Tensor
    w: float
    b: float
    lr: float
    order: list[int]
    batch_size: int

    def batches(self) -> list[list[Pair]]:
        """Return the points (x, y) of each batch."""
        chosen = pairs(self.x[self.order], self.y[self.order])
        return [chosen[start : start + self.batch_size] for start in range(0, len(chosen), self.batch_size)]

    def in_plain_python(self) -> Result:
        """Return what the epoch returns, computed from values of the losses of the batches only."""
        w, b, total = self.w, self.b, 0.0
        for batch in self.batches():
            total += loss_of(batch, w, b) * len(batch)
            grad_w, grad_b = slopes(batch, w, b)
            w, b = w - self.lr * grad_w, b - self.lr * grad_b
        return w, b, total / len(self.x)

    def with_points(self, chosen: list[int]) -> "Epoch":
        """Return an epoch of some of the points, laid out as chosen and used from first to last."""
        return self._replace(x=self.x[chosen], y=self.y[chosen], order=list(range(len(chosen))))

    def sizes(self) -> Tensor:
        """Return the natural sizes of w, b and the loss, shape (3,)."""
        parameter = abs(self.w) + abs(self.b) + largest(self.y)
        return row(parameter, parameter, error_size(self.x, self.y, self.w, self.b) ** 2)


# No batch has a curvature above 2 * (5**2 + 1), so with these learning rates no update overshoots for good.
RATES = (1 / 64, 1 / 32)
# In this unit no slope exceeds a threshold and no loss a guard: code that stops early or skips small steps fails.
TINY = 2.0**-30
# The line w = 0.5, b = -1 almost fits these points: its slopes are small, and every update is still made.
ALMOST = (row(1.0, 2.0, 4.0, -0.5, 3.0), row(-0.5, 2**-12, 1.0, -1.25 + 2**-12, 0.5 + 2**-12))
RAGGED = Epoch(*POINTS, w=0.5, b=-1.0, lr=1 / 32, order=[3, 0, 4, 2, 1], batch_size=2)


@st.composite
def _epochs(draw: st.DrawFn, min_size: int = 1, rates: Sequence[float] = RATES) -> Epoch:
    x, y = draw(data_sets(min_size, 8))
    order = draw(st.permutations(range(len(x))))
    batch_size = draw(st.integers(1, max(1, len(x) - min_size + 1)))
    return Epoch(x, y, draw(numbers()), draw(numbers()), draw(st.sampled_from(rates)), order, batch_size)


@given(epoch=_epochs(), excess=st.integers(0, 2))
@example(epoch=RAGGED, excess=0)
def test_one_batch_of_all(sgd_epoch: StudentFunction, epoch: Epoch, excess: int) -> None:
    """With all points in one batch an epoch is one step of gradient descent, and its loss is the loss at the start.

    The mean over this batch is the mean over the data. A batch size larger than N changes nothing.
    """
    epoch = epoch._replace(batch_size=len(epoch.x) + excess)
    points = pairs(epoch.x, epoch.y)
    grad_w, grad_b = slopes(points, epoch.w, epoch.b)
    w, b, loss = sgd_epoch(*epoch)
    says = "The one update of this epoch does not lead to the start minus lr times the full gradient. (w, b):"
    expected = [epoch.w - epoch.lr * grad_w, epoch.b - epoch.lr * grad_b]
    assert_close([w, b], expected, scale=epoch.sizes()[:2], says=says)
    says = "The loss of this epoch is not the mean squared error at the start."
    assert_close(loss, loss_of(points, epoch.w, epoch.b), scale=epoch.sizes()[2], says=says)


@given(epoch=_epochs(rates=(0.0,)))
@example(epoch=RAGGED._replace(lr=0.0))
def test_standing_still(sgd_epoch: StudentFunction, epoch: Epoch) -> None:
    """With lr = 0 the parameters stay, and the loss of the epoch is the loss of all points, whatever the batch size.

    Every point counts once in it. A short last batch has fewer points, so it must count less than the others.
    """
    w, b, loss = sgd_epoch(*epoch)
    says = "With lr = 0 the parameters have moved. (w, b):"
    assert_close([w, b], [epoch.w, epoch.b], scale=epoch.sizes()[:2], says=says)
    expected = loss_of(pairs(epoch.x, epoch.y), epoch.w, epoch.b)
    lengths = ", ".join(str(len(batch)) for batch in epoch.batches())
    says = f"With lr = 0 and batches of the sizes {lengths}, the loss of the epoch is not the loss of all points."
    assert_close(loss, expected, scale=epoch.sizes()[2], says=says)


@given(epoch=_epochs())
@example(epoch=RAGGED)
@example(epoch=RAGGED._replace(x=ALMOST[0], y=ALMOST[1]))
def test_every_update(sgd_epoch: StudentFunction, epoch: Epoch) -> None:
    """Each batch makes one update, from where the update before it led, with the mean gradient of its own points.

    The expected parameters come from plain Python: the slopes of a batch are taken from losses of its points only.
    """
    says = "The updates of all batches do not lead to the expected parameters. (w, b):"
    assert_close(sgd_epoch(*epoch)[:2], epoch.in_plain_python()[:2], scale=epoch.sizes()[:2], says=says)


@given(epoch=_epochs())
@example(epoch=RAGGED)
def test_loss_on_the_way(sgd_epoch: StudentFunction, epoch: Epoch) -> None:
    """The loss of the epoch is the mean of N squared errors, each with the parameters that its batch met.

    Plain Python adds them up, one batch after another, each time before the update.
    """
    says = "The loss of the epoch is not the mean over all points of the squared errors before each update."
    assert_close(sgd_epoch(*epoch)[2], epoch.in_plain_python()[2], scale=epoch.sizes()[2], says=says)


@given(epoch=_epochs(min_size=2))
@example(epoch=RAGGED)
def test_order(sgd_epoch: StudentFunction, epoch: Epoch) -> None:
    """The epoch stays the same when the points are laid out in the order of `order` and used from first to last.

    Where a point stands in the data does not matter. When its turn comes does.
    """
    returned = sgd_epoch(*epoch)
    says = "With the points laid out in the order of `order`, the epoch changes. (w, b, epoch_loss):"
    assert_close(returned, sgd_epoch(*epoch.with_points(epoch.order)), scale=epoch.sizes(), says=says)


@given(epoch=_epochs(min_size=2), share=st.floats(0, 1))
@example(epoch=RAGGED, share=1.0)
def test_two_parts(sgd_epoch: StudentFunction, epoch: Epoch, share: float) -> None:
    """An epoch is its batches one after another: stopping after some of them and going on with the rest is the same.

    The second part starts where the first ended. The loss of the whole is the mean over the points of both parts.
    """
    full_batches = (len(epoch.x) - 1) // epoch.batch_size
    size = epoch.batch_size * max(1, round(share * full_batches))
    first, second = epoch.order[:size], epoch.order[size:]
    w, b, loss = sgd_epoch(*epoch)
    begun = sgd_epoch(*epoch.with_points(first))
    ended = sgd_epoch(*epoch.with_points(second)._replace(w=begun[0], b=begun[1]))
    says = f"The points {first} and then the points {second} do not lead where the whole epoch leads. (w, b):"
    assert_close([w, b], ended[:2], scale=epoch.sizes()[:2], says=says)
    mean = (len(first) * begun[2] + len(second) * ended[2]) / len(epoch.x)
    says = f"The loss of the epoch is not the mean of its parts, {len(first)} and {len(second)} points."
    assert_close(loss, mean, scale=epoch.sizes()[2], says=says)


@given(epoch=_epochs(), line=st.tuples(numbers(), numbers()))
@example(epoch=RAGGED, line=(1.0, 2.0))
@example(epoch=RAGGED, line=(RAGGED.w, RAGGED.b))
def test_towards_the_common_line(sgd_epoch: StudentFunction, epoch: Epoch, line: Pair) -> None:
    """If one line runs through all points, no epoch leads away from it, and an epoch that starts there stays there.

    Then all batches have their lowest point in the same place, so whichever batch comes next, its update points there.
    Only with noise in the data do the batches disagree.
    """
    w, b = line
    epoch = epoch._replace(y=w * epoch.x + b)
    returned = sgd_epoch(*epoch)
    before = math.hypot(epoch.w - w, epoch.b - b)
    after = math.hypot(returned[0] - w, returned[1] - b)
    says = f"All points lie on the line w = {w}, b = {b}, and (w, b) is further from it. Distance after and before:"
    assert_at_most(after, before, slack=LOSS32 * epoch.sizes()[0], says=says)


@given(epoch=_epochs(), unit=st.sampled_from(UNITS))
@example(epoch=RAGGED, unit=SMALL)
@example(epoch=RAGGED, unit=TINY)
def test_epoch_in_another_unit(sgd_epoch: StudentFunction, epoch: Epoch, unit: float) -> None:
    """With y, w and b in another unit, s times as large, so are the new w and b, and the loss is s**2 times as large.

    An epoch uses no numbers but those of the call: it makes every update, however small, and rounds or limits nothing.
    """
    converted = sgd_epoch(*epoch._replace(y=unit * epoch.y, w=unit * epoch.w, b=unit * epoch.b))
    factors = row(unit, unit, unit**2)
    expected = as_tensor(sgd_epoch(*epoch)) * factors
    says = f"With y, w and b multiplied by {unit}, it is not the same epoch in another unit. (w, b, epoch_loss):"
    assert_close(converted, expected, scale=factors * epoch.sizes(), says=says)


# Predictions, about 64 points around the line y = 2 x + 1, with noise
X = torch.linspace(-3, 3, 64, dtype=torch.float64)
Y = 2 * X + 1 + torch.randn(64, generator=torch.Generator().manual_seed(42), dtype=torch.float64)
NOISY = pairs(X, Y)


@predict(
    answer="It leaves the bottom, and stays in its neighbourhood.",
    because="At the bottom the mean of all gradients is 0, and the gradient of a single point is not: each point pulls "
    "the line towards itself, until the next one pulls it elsewhere.",
    otherwise={
        "It stays there, because the gradient is 0.": "The full gradient is 0 there, as a mean in which the points "
        "cancel. An update uses one point only, and nothing cancels.",
        "It runs further and further away.": "The further away the line is, the more the points agree where to go. "
        "So it is called back, and the noise and this pull balance.",
    },
)
def started_at_the_bottom(sgd_epoch: Callable[..., Result]) -> dict[str, list[Pair]]:
    """Training starts with the best line of all, in batches of one point.

    The points lie around a line, with noise, and the learning rate is 0.02. What does training do to the best line?
    """
    w, b = statistics.linear_regression(X.tolist(), Y.tolist())
    lowest = loss_of(NOISY, w, b)
    generator = torch.Generator().manual_seed(1)
    path, heights = [(w, b)], []
    # An epoch of one point is one update, so that every point of the walk can be drawn.
    for _ in range(4):
        for i in torch.randperm(64, generator=generator).tolist():
            w, b, _ = sgd_epoch(X[i : i + 1], Y[i : i + 1], w, b, 0.02, [0], 1)
            path.append((w, b))
            heights.append(loss_of(NOISY, w, b) - lowest)
    assert max(heights[:64]) > 0.05, "the walk leaves the bottom within an epoch"
    assert max(heights[64:]) > 0.05, "and it does not settle there later"
    assert max(heights) < 1.5, "the walk stays in the neighbourhood"
    return {"w, b": path}


@predict(
    answer="The one with 64 batches of one point.",
    because="It has made 64 updates where the other has made one, and far from the bottom even a single point knows "
    "roughly where to go.",
    otherwise={
        "The one with a single batch of all points.": "Its direction is the best, and it moves only once. One good "
        "step is shorter than 64 rough ones that mostly agree.",
        "Both have the same loss, for both have used every point once.": "They have done the same arithmetic. But a "
        "later update starts where an earlier one has led, so 64 updates add up.",
    },
)
def one_epoch_each(sgd_epoch: Callable[..., Result]) -> dict[str, Tensor]:
    """Two lines start alike, far from the 64 points, and train for one epoch with the learning rate 0.02.

    One of them uses a single batch of all points, the other 64 batches of one point. Which has the smaller loss at the
    end of the epoch?
    """
    order = torch.randperm(64, generator=torch.Generator().manual_seed(1)).tolist()
    losses, sizes = [], (64, 32, 16, 8, 4, 2, 1)
    for batch_size in sizes:
        w, b, _ = sgd_epoch(X, Y, 3.5, 3.0, 0.02, order, batch_size)
        losses.append(loss_of(NOISY, w, b))
    assert losses[-1] < losses[0] / 4, "one epoch of 64 updates gets much further"
    return {"batch size": torch.tensor(sizes), "loss after one epoch": torch.tensor(losses)}


# Right answers in other styles


@variant
def autograd(x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int) -> Result:
    """The loop of lesson 1.1 with backward() and float32 parameters, the loss weighted by the size of the batch."""
    weight, bias = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)
    total = 0.0
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        loss = ((weight * x[batch] + bias - y[batch]) ** 2).mean()
        total += loss.item() * len(batch)
        loss.backward()
        assert weight.grad is not None
        assert bias.grad is not None
        with torch.no_grad():
            weight -= lr * weight.grad
            bias -= lr * bias.grad
        weight.grad.zero_()
        bias.grad.zero_()
    return weight.item(), bias.item(), total / len(order)


@variant
def optimizer(x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int) -> Result:
    """torch.optim.SGD and a loss of torch.nn, on batches that torch.split makes."""
    theta = torch.tensor([w, b], dtype=x.dtype, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=lr)
    losses = torch.zeros(len(x), dtype=x.dtype)
    for batch in torch.split(torch.tensor(order), batch_size):
        squared_errors = torch.nn.functional.mse_loss(theta[0] * x[batch] + theta[1], y[batch], reduction="none")
        losses[batch] = squared_errors.detach()
        optimizer.zero_grad()
        squared_errors.mean().backward()
        optimizer.step()
    return theta[0].item(), theta[1].item(), losses.mean().item()


@variant
def plain_python(x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int) -> Result:
    """Plain Python, one point after another, with an update whenever a batch is full."""
    xs, ys = x.tolist(), y.tolist()
    total = grad_w = grad_b = 0.0
    size = 0
    for place, i in enumerate(order):
        error = w * xs[i] + b - ys[i]
        total += error * error
        grad_w += 2 * error * xs[i]
        grad_b += 2 * error
        size += 1
        if size == batch_size or place == len(order) - 1:
            w, b = w - lr * grad_w / size, b - lr * grad_b / size
            grad_w = grad_b = 0.0
            size = 0
    return w, b, total / len(order)


@variant
def laid_out_first(x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int) -> Result:
    """The points are laid out in the order of the epoch first, and then cut; three tensors are returned."""
    weight, bias = torch.tensor(w, dtype=x.dtype), torch.tensor(b, dtype=x.dtype)
    losses, sizes = [], []
    for x_batch, y_batch in zip(torch.split(x[order], batch_size), torch.split(y[order], batch_size), strict=True):
        error = weight * x_batch + bias - y_batch
        losses.append(error.square().mean())
        sizes.append(len(error))
        weight, bias = weight - lr * 2 * (error * x_batch).mean(), bias - lr * 2 * error.mean()
    loss = torch.stack(losses) @ torch.tensor(sizes, dtype=x.dtype) / len(x)
    return weight, bias, loss  # type: ignore[return-value]  # a tensor that holds one number is as good as a float


@variant
def data_loader(x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int) -> Result:
    """The batches come from torch.utils.data.DataLoader."""
    data = torch.utils.data.TensorDataset(x, y)
    total = 0.0
    for x_batch, y_batch in torch.utils.data.DataLoader(data, batch_size=batch_size, sampler=order):
        error = w * x_batch + b - y_batch
        total += (error @ error).item()
        w, b = w - lr * 2 * (error * x_batch).mean().item(), b - lr * 2 * error.mean().item()
    return w, b, total / len(x)
