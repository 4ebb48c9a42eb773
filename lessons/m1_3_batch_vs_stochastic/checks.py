"""What must hold in lesson 1.3: batches, the gradient of every point, an epoch of updates, and the noise of a batch."""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    LOSS32,
    CheckFailed,
    StudentFunction,
    as_tensor,
    assert_at_most,
    assert_close,
    data_sets,
    largest,
    numbers,
    row,
    vectors,
)

# Neither x nor y has the mean 0, and no two mistakes agree on these points.
POINTS = (row(1.0, 2.0, 4.0, -0.5, 3.0), row(3.0, -1.0, 2.5, 2.0, 0.5))
# Multiplied by it, no number keeps a digit that is rounded to three or four decimals. A power of two adds no error.
SMALL = 2.0**-8
# Here no slope is above a threshold and no loss above a guard: what stops early or skips small steps shows itself.
TINY = 2.0**-30
UNITS = (SMALL, 0.125, 16.0)


def _loss(points: Sequence[tuple[float, float]], w: float, b: float) -> float:
    """Return the mean squared error over some points (x, y) in plain Python, one point after the other."""
    return sum((w * x + b - y) ** 2 for x, y in points) / len(points)


def _slopes(points: Sequence[tuple[float, float]], w: float, b: float) -> tuple[float, float]:
    """Return the gradient of the loss over some points, from values of the loss only.

    The loss is a parabola in w and a parabola in b, so its slope is the difference of its values one unit to the
    right and one unit to the left, divided by 2, exactly.
    """
    along_w = (_loss(points, w + 1, b) - _loss(points, w - 1, b)) / 2
    along_b = (_loss(points, w, b + 1) - _loss(points, w, b - 1)) / 2
    return along_w, along_b


def _pairs(x: Tensor, y: Tensor) -> list[tuple[float, float]]:
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _error_size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the natural size of one error: losses are compared with its square, for a loss itself may be 0."""
    return largest(y) + abs(w) * largest(x) + abs(b)


# split_batches


def _orders(min_size: int = 0, max_size: int = 12) -> st.SearchStrategy[list[int]]:
    """Draw orders: numbers without repetition, from a wider range than their places so that the two differ."""
    return st.lists(st.integers(0, 20), min_size=min_size, max_size=max_size, unique=True)


@given(order=_orders(), batch_size=st.integers(1, 6))
@example(order=[3, 0, 6, 4, 1], batch_size=2)
@example(order=[3, 0, 6, 4], batch_size=2)
@example(order=[3, 0, 6, 4, 1, 8, 7], batch_size=3)
def test_number_by_number(split_batches: StudentFunction, order: list[int], batch_size: int) -> None:
    """The batches are filled one after the other: a new one begins when the one before it is full.

    The wanted batches come from plain Python, which hands out one number at a time.
    """
    wanted: list[list[int]] = []
    for number in order:
        if not wanted or len(wanted[-1]) == batch_size:
            wanted.append([])
        wanted[-1].append(number)
    batches = split_batches(order, batch_size)
    if batches != wanted:
        raise CheckFailed("These are not the batches in the order of `order`.", batches, wanted)


@given(order=_orders(), batch_size=st.integers(1, 6))
@example(order=[3, 0, 6, 4, 1], batch_size=2)
@example(order=[3, 0, 6, 4], batch_size=2)
@example(order=[3, 0, 6, 4, 1, 8, 7], batch_size=3)
def test_joined(split_batches: StudentFunction, order: list[int], batch_size: int) -> None:
    """An epoch meets every point once: joined one after the other, the batches are `order` again.

    Nothing is lost, nothing comes twice, and nothing changes its place.
    """
    joined = [number for batch in split_batches(order, batch_size) for number in batch]
    if joined != order:
        raise CheckFailed("Joined one after the other, the batches are not `order`.", joined, order)


@given(order=_orders(), batch_size=st.integers(1, 6))
@example(order=[3, 0, 6, 4, 1], batch_size=2)
@example(order=[3, 0, 6, 4], batch_size=2)
@example(order=[], batch_size=2)
def test_sizes(split_batches: StudentFunction, order: list[int], batch_size: int) -> None:
    """All batches but the last have batch_size points, and the last has at least 1 and at most batch_size.

    So there are as many updates in an epoch as batches are needed for all points: N / batch_size, rounded up.
    """
    sizes = [len(batch) for batch in split_batches(order, batch_size)]
    assert_close(
        len(sizes),
        math.ceil(len(order) / batch_size),
        tolerance=0,
        says=f"The number of batches for {len(order)} points, {batch_size} at a time, is {len(sizes)}.",
    )
    says = f"A batch before the last does not have {batch_size} points. The sizes are:"
    assert_close(sizes[:-1], [batch_size] * (len(sizes) - 1 if sizes else 0), tolerance=0, says=says)
    assert_at_most(
        sizes[-1:], [batch_size] * len(sizes[-1:]), says=f"The last batch has more than {batch_size} points."
    )
    assert_at_most([1] * len(sizes[-1:]), sizes[-1:], says="The last batch is empty.")


@given(order=_orders(min_size=1), excess=st.integers(0, 3))
@example(order=[3, 0, 6], excess=0)
@example(order=[3, 0, 6], excess=2)
def test_both_ends(split_batches: StudentFunction, order: list[int], excess: int) -> None:
    """A batch size of N or more gives one batch of all points, and a batch size of 1 gives N batches of one point.

    These two ends have names of their own: batch gradient descent and stochastic gradient descent.
    """
    whole = split_batches(order, len(order) + excess)
    if whole != [order]:
        raise CheckFailed("Where all points fit into one batch, there is not just this one batch.", whole, [order])
    singles = split_batches(order, 1)
    if singles != [[number] for number in order]:
        says = "With a batch size of 1 there is not one batch for every point."
        raise CheckFailed(says, singles, [[number] for number in order])


# per_sample_gradients


def _row_size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the natural size of an entry of the gradients: an error times an input, or an error alone."""
    return 2 * _error_size(x, y, w, b) * (1 + largest(x))


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_every_row(per_sample_gradients: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float) -> None:
    """Row i is the gradient of the squared error of point i alone: the slope along w, then the slope along b.

    The wanted slopes come from plain Python, one point at a time and from its squared errors only: on a parabola the
    slope is the difference of the values one unit to the right and one unit to the left, divided by 2, exactly.
    """
    x, y = data
    wanted = [_slopes([point], w, b) for point in _pairs(x, y)]
    rows = per_sample_gradients(x, y, w, b)
    says = "A row is not the pair of slopes of its point, w first."
    assert_close(rows, wanted, scale=_row_size(x, y, w, b), says=says)


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_mean_of_the_rows(
    per_sample_gradients: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float
) -> None:
    """The mean of all rows is the full gradient, the slopes of the mean squared error of all points.

    The derivative of a mean is the mean of the derivatives. That is why a batch can stand for the whole.
    """
    x, y = data
    rows = per_sample_gradients(x, y, w, b)
    says = "The mean of your rows is not the gradient of the mean squared error."
    wanted = _slopes(_pairs(x, y), w, b)
    assert_close(rows.mean(dim=0), wanted, scale=_row_size(x, y, w, b), says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), picks=st.lists(st.integers(0, 11), min_size=1, max_size=6))
@example(data=POINTS, w=0.5, b=-1.0, picks=[3, 1])
def test_own_point_only(
    per_sample_gradients: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float, picks: list[int]
) -> None:
    """A row knows its own point only: for some of the points, in any order, the rows are the same rows.

    So the gradient of a batch is the mean over the rows of its points, whatever else there is in the data.
    """
    x, y = data
    chosen = [pick % len(x) for pick in picks]
    rows = per_sample_gradients(x, y, w, b)
    some = per_sample_gradients(x[chosen], y[chosen], w, b)
    says = f"For the points {chosen} alone, in this order, the rows are not the rows {chosen} of all points."
    assert_close(some, rows[chosen], scale=_row_size(x, y, w, b), says=says)


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_columns(per_sample_gradients: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float) -> None:
    """Column 0 is column 1 times x: the weight acts by way of x, the bias acts directly.

    That is the chain rule, for the prediction w * x + b has the derivative x by w and the derivative 1 by b.
    """
    x, y = data
    rows = per_sample_gradients(x, y, w, b)
    says = "Column 0, the slopes along w, is not column 1, the slopes along b, times x."
    assert_close(rows[:, 0], rows[:, 1] * x, scale=_row_size(x, y, w, b) * (1 + x.abs()), says=says)


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_good_for_its_point(
    per_sample_gradients: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float
) -> None:
    """A small step against row i never takes the line further away from point i.

    The squared error of a point falls against its own gradient, whatever that does to the other points. The step here
    has the learning rate 1 / (4 * (x**2 + 1)), which is one half of what brings the line to the point.
    """
    x, y = data
    rows = per_sample_gradients(x, y, w, b)
    x, rows = as_tensor(x), as_tensor(rows)
    lr = 1 / (4 * (x**2 + 1))
    before = (w * x + b - y).abs()
    after = ((w - lr * rows[:, 0]) * x + (b - lr * rows[:, 1]) - y).abs()
    slack = LOSS32 * _error_size(x, y, w, b)
    says = "After a small step against its own row, the error of a point is larger than before. After and before:"
    assert_at_most(after, before, slack=slack, says=says)


@given(data=data_sets(), w=numbers(), b=numbers(), unit=st.sampled_from(UNITS))
@example(data=POINTS, w=0.5, b=-1.0, unit=SMALL)
def test_rows_in_another_unit(
    per_sample_gradients: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float, unit: float
) -> None:
    """With y, w and b in another unit, s times as large, every row is s times as large.

    Small gradients are as exact as large ones: nothing is rounded, cut off or added for safety.
    """
    x, y = data
    wanted = unit * as_tensor(per_sample_gradients(x, y, w, b))
    converted = per_sample_gradients(x, unit * y, unit * w, unit * b)
    says = f"With y, w and b multiplied by {unit}, the rows are not {unit} times as large."
    assert_close(converted, wanted, scale=unit * _row_size(x, y, w, b), says=says)


# sgd_epoch


class Epoch(NamedTuple):
    """The arguments of `sgd_epoch`."""

    x: Tensor
    y: Tensor
    w: float
    b: float
    lr: float
    order: list[int]
    batch_size: int

    def batches(self) -> list[list[tuple[float, float]]]:
        """Return the points (x, y) of each batch."""
        points = _pairs(self.x, self.y)
        chosen = [points[number] for number in self.order]
        return [chosen[start : start + self.batch_size] for start in range(0, len(chosen), self.batch_size)]

    def sizes(self) -> Tensor:
        """Return the natural sizes of w, b and the loss, shape (3,)."""
        parameter = abs(self.w) + abs(self.b) + largest(self.y)
        return row(parameter, parameter, _error_size(self.x, self.y, self.w, self.b) ** 2)


# No batch has a curvature above 2 * (5**2 + 1), so with these learning rates no update overshoots for good.
RATES = (1 / 64, 1 / 32)
# The line w = 0.5, b = -1 all but fits them: its slopes are small, and every update is made all the same.
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

    The mean over this batch is the mean over the data. If the batch size is larger than N, that changes nothing.
    """
    epoch = epoch._replace(batch_size=len(epoch.x) + excess)
    points = _pairs(epoch.x, epoch.y)
    grad_w, grad_b = _slopes(points, epoch.w, epoch.b)
    w, b, loss = sgd_epoch(*epoch)
    says = "The one update of this epoch does not end at the start minus lr times the full gradient. (w, b):"
    wanted = [epoch.w - epoch.lr * grad_w, epoch.b - epoch.lr * grad_b]
    assert_close([w, b], wanted, scale=epoch.sizes()[:2], says=says)
    says = "The loss of this epoch is not the mean squared error at the start."
    assert_close(loss, _loss(points, epoch.w, epoch.b), scale=epoch.sizes()[2], says=says)


@given(epoch=_epochs(rates=(0.0,)))
@example(epoch=RAGGED._replace(lr=0.0))
def test_standing_still(sgd_epoch: StudentFunction, epoch: Epoch) -> None:
    """With lr = 0 the parameters stay, and the loss of the epoch is the loss of all points, whatever the batch size.

    Every point counts once in it. A short last batch has fewer points, so it must count less than the others.
    """
    w, b, loss = sgd_epoch(*epoch)
    says = "With lr = 0 the parameters have moved. (w, b):"
    assert_close([w, b], [epoch.w, epoch.b], scale=epoch.sizes()[:2], says=says)
    wanted = _loss(_pairs(epoch.x, epoch.y), epoch.w, epoch.b)
    sizes = ", ".join(str(len(batch)) for batch in epoch.batches())
    says = f"With lr = 0 and batches of the sizes {sizes}, the loss of the epoch is not the loss of all points."
    assert_close(loss, wanted, scale=epoch.sizes()[2], says=says)


@given(epoch=_epochs())
@example(epoch=RAGGED)
@example(epoch=RAGGED._replace(x=ALMOST[0], y=ALMOST[1]))
def test_every_update(sgd_epoch: StudentFunction, epoch: Epoch) -> None:
    """Each batch makes one update, from where the update before it has led, with the mean gradient of its own points.

    The wanted parameters come from plain Python: the slopes of a batch are taken from losses of its points only.
    """
    w, b = epoch.w, epoch.b
    for batch in epoch.batches():
        grad_w, grad_b = _slopes(batch, w, b)
        w, b = w - epoch.lr * grad_w, b - epoch.lr * grad_b
    returned = sgd_epoch(*epoch)
    says = "After the updates of all batches the parameters are not at the wanted place. (w, b):"
    assert_close(returned[:2], [w, b], scale=epoch.sizes()[:2], says=says)


@given(epoch=_epochs())
@example(epoch=RAGGED)
def test_loss_on_the_way(sgd_epoch: StudentFunction, epoch: Epoch) -> None:
    """The loss of the epoch is the mean of N squared errors, each with the parameters that its batch has met.

    Plain Python adds them up, one batch after the other, each time before the update.
    """
    w, b = epoch.w, epoch.b
    total = 0.0
    for batch in epoch.batches():
        total += sum((w * x + b - y) ** 2 for x, y in batch)
        grad_w, grad_b = _slopes(batch, w, b)
        w, b = w - epoch.lr * grad_w, b - epoch.lr * grad_b
    loss = sgd_epoch(*epoch)[2]
    says = "The loss of the epoch is not the mean over all points of the squared errors before each update."
    assert_close(loss, total / len(epoch.x), scale=epoch.sizes()[2], says=says)


@given(epoch=_epochs(min_size=2))
@example(epoch=RAGGED)
def test_order(sgd_epoch: StudentFunction, epoch: Epoch) -> None:
    """It is the same epoch when the points are laid out in the order of `order` and then used from first to last.

    Where a point stands in the data does not matter. When its turn comes does.
    """
    returned = sgd_epoch(*epoch)
    laid_out = epoch._replace(x=epoch.x[epoch.order], y=epoch.y[epoch.order], order=list(range(len(epoch.x))))
    says = "With the points laid out in the order of `order`, the epoch is another one. (w, b, epoch_loss):"
    assert_close(returned, sgd_epoch(*laid_out), scale=epoch.sizes(), says=says)


@given(epoch=_epochs(min_size=2), share=st.floats(0, 1))
@example(epoch=RAGGED, share=1.0)
def test_two_parts(sgd_epoch: StudentFunction, epoch: Epoch, share: float) -> None:
    """An epoch is its batches one after the other: to stop after some of them and to go on with the rest is the same.

    The second part starts where the first has ended. The loss of the whole is the mean over the points of both parts.
    """
    full_batches = (len(epoch.x) - 1) // epoch.batch_size
    size = epoch.batch_size * max(1, round(share * full_batches))
    first, second = epoch.order[:size], epoch.order[size:]
    w, b, loss = sgd_epoch(*epoch)
    x, y = epoch.x[first], epoch.y[first]
    begun = sgd_epoch(x, y, epoch.w, epoch.b, epoch.lr, list(range(len(first))), epoch.batch_size)
    x, y = epoch.x[second], epoch.y[second]
    ended = sgd_epoch(x, y, begun[0], begun[1], epoch.lr, list(range(len(second))), epoch.batch_size)
    says = f"The points {first} and then the points {second} do not lead where the whole epoch leads. (w, b):"
    assert_close([w, b], ended[:2], scale=epoch.sizes()[:2], says=says)
    mean = (len(first) * begun[2] + len(second) * ended[2]) / len(epoch.x)
    says = f"The loss of the epoch is not the mean of its parts, {len(first)} and {len(second)} points."
    assert_close(loss, mean, scale=epoch.sizes()[2], says=says)


@given(epoch=_epochs(), line=st.tuples(numbers(), numbers()))
@example(epoch=RAGGED, line=(1.0, 2.0))
@example(epoch=RAGGED, line=(RAGGED.w, RAGGED.b))
def test_towards_the_common_line(sgd_epoch: StudentFunction, epoch: Epoch, line: tuple[float, float]) -> None:
    """If one line runs through all points, no epoch leads away from it, and a start on this line stays there.

    Then all batches have their lowest point in the same place, so whichever batch comes next, its update points there.
    Only with noise in the data do the batches disagree.
    """
    w, b = line
    epoch = epoch._replace(y=w * epoch.x + b)
    returned = sgd_epoch(*epoch)
    before = math.hypot(epoch.w - w, epoch.b - b)
    after = math.hypot(returned[0] - w, returned[1] - b)
    slack = LOSS32 * epoch.sizes()[0]
    says = f"All points lie on the line w = {w}, b = {b}, and (w, b) is further from it. Distance after and before:"
    assert_at_most(after, before, slack=slack, says=says)


@given(epoch=_epochs(), unit=st.sampled_from(UNITS))
@example(epoch=RAGGED, unit=SMALL)
@example(epoch=RAGGED, unit=TINY)
def test_epoch_in_another_unit(sgd_epoch: StudentFunction, epoch: Epoch, unit: float) -> None:
    """With y, w and b in another unit, s times as large, the new w and b are, and the loss s**2 times.

    An epoch knows no number but those of the call: it makes every update, however small, and rounds or limits nothing.
    """
    converted = sgd_epoch(*epoch._replace(y=unit * epoch.y, w=unit * epoch.w, b=unit * epoch.b))
    factors = row(unit, unit, unit**2)
    wanted = as_tensor(sgd_epoch(*epoch)) * factors
    says = f"With y, w and b multiplied by {unit}, it is not the same epoch in another unit. (w, b, epoch_loss):"
    assert_close(converted, wanted, scale=factors * epoch.sizes(), says=says)


# minibatch_gradient_variance


@st.composite
def _gradients(draw: st.DrawFn) -> Tensor:
    """Draw the gradients of 2 to 6 points, shape (N, 2)."""
    size = draw(st.integers(2, 6))
    return torch.stack([draw(vectors(size, size)), draw(vectors(size, size))], dim=1)


GRADS = torch.stack([row(1.0, 2.0, 4.0, -0.5, 3.0), row(3.0, -1.0, 2.5, 2.0, 0.5)], dim=1)


def _square_size(grads: Tensor) -> float:
    """Return the natural size of a squared distance of gradients."""
    return largest(grads) ** 2


@given(grads=_gradients())
@example(grads=GRADS)
def test_all_batches(minibatch_gradient_variance: StudentFunction, grads: Tensor) -> None:
    """The variance is the mean, over all batches of this size that there are, of the squared distance.

    With so few points Python can go through every single batch.
    """
    rows = as_tensor(grads)
    mean = rows.mean(dim=0)
    for batch_size in range(1, len(grads) + 1):
        distances = [
            float(((rows[list(batch)].mean(dim=0) - mean) ** 2).sum())
            for batch in combinations(range(len(grads)), batch_size)
        ]
        variance = minibatch_gradient_variance(grads, batch_size)
        says = (
            f"Of {len(grads)} points, {batch_size} to a batch, the mean squared distance over all batches is another."
        )
        wanted = sum(distances) / len(distances)
        assert_close(variance, wanted, scale=_square_size(grads), says=says)


@given(grads=_gradients())
@example(grads=GRADS)
def test_no_noise_at_all(minibatch_gradient_variance: StudentFunction, grads: Tensor) -> None:
    """A batch of all N points has no noise: its gradient is the full gradient, and the variance is 0.

    There is one such batch only, so nothing is left to chance.
    """
    says = f"The batch of all {len(grads)} points has the full gradient, and the variance is not 0."
    variance = minibatch_gradient_variance(grads, len(grads))
    assert_close(variance, 0.0, scale=_square_size(grads), says=says)


@given(grads=_gradients())
@example(grads=GRADS)
def test_larger_batches_are_calmer(minibatch_gradient_variance: StudentFunction, grads: Tensor) -> None:
    """A batch of B points has at most 1/B of the variance of a single point, and never a variance below 0.

    In a mean, differences to one side and to the other cancel, and a batch takes no point twice.
    """
    single = minibatch_gradient_variance(grads, 1)
    for batch_size in range(2, len(grads) + 1):
        variance = minibatch_gradient_variance(grads, batch_size)
        slack = LOSS32 * _square_size(grads)
        says = f"With batches of {batch_size} the variance is above 1/{batch_size} of the one with batches of 1:"
        assert_at_most(variance, single / batch_size, slack=slack, says=says)
        assert_at_most(0.0, variance, slack=slack, says="A mean of squared distances is below 0.")


@given(grads=_gradients())
@example(grads=GRADS)
def test_batch_and_rest(minibatch_gradient_variance: StudentFunction, grads: Tensor) -> None:
    """A batch and the points that it leaves out balance: B**2 times the variance is the same for B and for N - B.

    B times the distance of a batch from the full gradient, plus N - B times the distance of the rest, is the zero
    vector, for all distances of the points together are zero.
    """
    n = len(grads)
    for batch_size in range(1, n // 2 + 1):
        rest = n - batch_size
        batch_side = batch_size**2 * minibatch_gradient_variance(grads, batch_size)
        rest_side = rest**2 * minibatch_gradient_variance(grads, rest)
        says = (
            f"Of {n} points, {batch_size}**2 times the variance of {batch_size} is not {rest}**2 times that of {rest}:"
        )
        assert_close(batch_side, rest_side, scale=n**2 * _square_size(grads), says=says)


@given(
    grads=_gradients(),
    batch_size=st.integers(1, 6),
    shift=st.tuples(numbers(), numbers()),
    factor=st.sampled_from((SMALL, 2.0, 3.0, 4.0)),
)
@example(grads=GRADS, batch_size=2, shift=(1.0, -2.0), factor=3.0)
@example(grads=GRADS, batch_size=2, shift=(1.0, -2.0), factor=SMALL)
def test_moved_and_stretched(
    minibatch_gradient_variance: StudentFunction,
    grads: Tensor,
    batch_size: int,
    shift: tuple[float, float],
    factor: float,
) -> None:
    """Only the spread counts: one vector added to all gradients changes nothing, and a factor s comes out as s**2.

    Distances do not change when everything moves alike, and squared distances grow with the square of the scale.
    """
    batch_size = min(batch_size, len(grads))
    variance = minibatch_gradient_variance(grads, batch_size)
    moved = grads + row(*shift)
    says = f"With the vector {shift} added to every gradient, the variance is another one."
    size = _square_size(grads) + _square_size(moved)
    assert_close(minibatch_gradient_variance(moved, batch_size), variance, scale=size, says=says)
    stretched = minibatch_gradient_variance(factor * grads, batch_size)
    says = f"{factor} times the gradients do not have {factor}**2 times the variance."
    assert_close(stretched, factor**2 * variance, scale=factor**2 * _square_size(grads), says=says)
