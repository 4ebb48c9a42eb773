"""Known wrong answers of lesson 1.3. Each docstring is what the student reads whose code behaves the same way."""

import math
from itertools import accumulate, pairwise

import torch
from torch import Tensor

# split_batches


def _chunks(order: list[int], batch_size: int) -> list[list[int]]:
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]


def split_batches__short_batch_dropped(order: list[int], batch_size: int) -> list[list[int]]:
    """You drop the short batch at the end, so its points are not used in this epoch.

    Every point belongs to the epoch, also when N is no multiple of the batch size.
    """
    return [batch for batch in _chunks(order, batch_size) if len(batch) == batch_size]


def split_batches__empty_batch(order: list[int], batch_size: int) -> list[list[int]]:
    """You add an empty batch at the end when the batch size divides N.

    An empty batch has no mean error, so its update would turn the parameters into nan.
    """
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(len(order) // batch_size + 1)]


def split_batches__sorted(order: list[int], batch_size: int) -> list[list[int]]:
    """You sort the numbers, which undoes the shuffle: the batches are the same in every epoch.

    The order is given to you on purpose; keep it.
    """
    return _chunks(sorted(order), batch_size)


def split_batches__places(order: list[int], batch_size: int) -> list[list[int]]:
    """Your batches hold the places 0, 1, 2, ... and not the numbers that stand in `order` at these places.

    Points chosen in this way come in the order of the data, unshuffled.
    """
    return _chunks(list(range(len(order))), batch_size)


def split_batches__one_number_apart(order: list[int], batch_size: int) -> list[list[int]]:
    """Your batches overlap: each starts one number after the one before it, so most points are used several times.

    The next batch starts where the one before it has ended.
    """
    return [order[start : start + batch_size] for start in range(len(order))]


def split_batches__one_short(order: list[int], batch_size: int) -> list[list[int]]:
    """Each of your batches lacks its last number: the end of a slice is not part of the slice already."""
    return [order[start : start + batch_size - 1] for start in range(0, len(order), batch_size)]


def split_batches__first_only(order: list[int], batch_size: int) -> list[list[int]]:
    """You return as soon as the first batch is there. Collect all batches, and return behind the loop."""
    return _chunks(order, batch_size)[:1]


def split_batches__remainder_left(order: list[int], batch_size: int) -> list[list[int]]:
    """Your last batch has more than batch_size points: what is left over was added to the batch before it.

    The leftover points are a batch of their own, a short one.
    """
    batches = _chunks(order, batch_size)
    if len(batches) > 1 and len(batches[-1]) < batch_size:
        last = batches.pop()
        batches[-1] = batches[-1] + last
    return batches


def split_batches__last_filled_up(order: list[int], batch_size: int) -> list[list[int]]:
    """You fill the short batch up with points that have been used already.

    In an epoch each point is used once, so the last batch may be short.
    """
    batches = _chunks(order, batch_size)
    return [*batches[:-1], order[-batch_size:]] if batches else []


def split_batches__number_of_batches(order: list[int], batch_size: int) -> list[list[int]]:
    """You take `batch_size` for the number of batches. It is the number of points in a batch."""
    size = math.ceil(len(order) / batch_size)
    return _chunks(order, size) if size else []


def split_batches__dealt_out(order: list[int], batch_size: int) -> list[list[int]]:
    """You deal the numbers out like playing cards, so neighbours in `order` land in different batches.

    A batch is a run of numbers that stand next to each other.
    """
    number = math.ceil(len(order) / batch_size)
    return [order[start::number] for start in range(number)]


def split_batches__from_the_end(order: list[int], batch_size: int) -> list[list[int]]:
    """You take the numbers from the end of `order`, as `pop()` without an argument does. Begin at the front."""
    return _chunks(order[::-1], batch_size)


def split_batches__batch_for_nothing(order: list[int], batch_size: int) -> list[list[int]]:
    """For an empty order you return one empty batch. An empty order has no batches: the result is an empty list."""
    return _chunks(order, batch_size) or [[]]


def split_batches__equal_parts(order: list[int], batch_size: int) -> list[list[int]]:
    """The number of batches is right, and you spread the points evenly over them.

    Each batch is full before the next one begins: all have batch_size points, and only the last may have fewer.
    """
    number = math.ceil(len(order) / batch_size)
    size, more = divmod(len(order), max(1, number))
    ends = list(accumulate([size + 1] * more + [size] * (number - more), initial=0))
    return [order[start:end] for start, end in pairwise(ends)]


def split_batches__one_list(order: list[int], batch_size: int) -> list[list[int]]:
    """Your batches are one and the same list, which you clear when it is full: at the end they all hold the last rest.

    Begin a new list for every batch, or append a copy.
    """
    batches = _chunks(order, batch_size)
    rest = batches[-1] if batches and len(batches[-1]) < batch_size else []
    return [rest for _ in batches]


# per_sample_gradients


def _gradients(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    error = w * x + b - y
    return torch.stack([2 * error * x, 2 * error], dim=1)


def per_sample_gradients__averaged(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """You return the mean of the rows, the one gradient of all points together. Leave the rows apart: one for each."""
    return _gradients(x, y, w, b).mean(dim=0)


def per_sample_gradients__all_rows_the_mean(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """All your rows are the same: each holds the gradient of the mean over all points.

    Row i is about point i and nothing else.
    """
    return _gradients(x, y, w, b).mean(dim=0).repeat(len(x), 1)


def per_sample_gradients__divided_by_n(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """Your rows are N times too small: each is divided by N already.

    A row is the whole gradient of one squared error; the mean over the points is taken later.
    """
    return _gradients(x, y, w, b) / len(x)


def per_sample_gradients__half(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """Your rows are half as long as they should be: the derivative of a square brings down a factor 2."""
    return _gradients(x, y, w, b) / 2


def per_sample_gradients__sign_flipped(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """The sign is wrong: your rows point downhill, and a gradient points uphill.

    As a square, `y` minus the prediction and the prediction minus `y` are the same; as a factor they are not.
    """
    return -_gradients(x, y, w, b)


def per_sample_gradients__columns_swapped(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """Your columns are exchanged: the derivative by w comes first, then the one by b."""
    return _gradients(x, y, w, b).flip(1)


def per_sample_gradients__transposed(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """Rows and columns are exchanged: a row belongs to a point, and the columns are the two parameters.

    Look at which dimension `torch.stack` makes when you do not say it.
    """
    return _gradients(x, y, w, b).T


def per_sample_gradients__reshaped(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """Your numbers are right and stand in the wrong places: `reshape` and `view` do not turn columns into rows.

    They only cut the same sequence of numbers elsewhere, so slopes of different points get into one row.
    """
    return _gradients(x, y, w, b).T.reshape(-1, 2)


def per_sample_gradients__x_forgotten(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """Your column for w is the one for b: the prediction depends on w by way of x, so the chain rule brings in x."""
    column = _gradients(x, y, w, b)[:, 1]
    return torch.stack([column, column], dim=1)


def per_sample_gradients__by_x(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """In column 0 you differentiate by x. The data are given; what we may change, and differentiate by, is w."""
    column = _gradients(x, y, w, b)[:, 1]
    return torch.stack([column * w, column], dim=1)


def per_sample_gradients__x_averaged(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """In column 0 you multiply each error by the mean of all x. Row i needs the x of its own point."""
    column = _gradients(x, y, w, b)[:, 1]
    return torch.stack([column * x.mean(), column], dim=1)


def per_sample_gradients__accumulated(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """Your first row is right, and each later row holds the sum of all rows so far.

    `backward()` adds to `.grad`; it does not replace what is there. Clear it before the next point.
    """
    return _gradients(x, y, w, b).cumsum(dim=0)


def per_sample_gradients__bias_ignored(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """The bias is missing in the prediction from which you take the errors."""
    return _gradients(x, y, w, 0.0)


def per_sample_gradients__data_swapped(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """You exchanged x and y: the line predicts y from x, and the error is measured in y."""
    return _gradients(y, x, w, b)


def per_sample_gradients__one_object(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """All your rows are the gradient of the last point: you keep `.grad` itself, which the next point overwrites.

    Keep a copy: `.grad.clone()`.
    """
    return _gradients(x, y, w, b)[-1].repeat(len(x), 1)


def per_sample_gradients__rounded_to_3(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """You round to 3 decimals, which leaves nothing of small numbers. Return them as they are."""
    return _gradients(x, y, w, b).round(decimals=3)


def per_sample_gradients__rounded_to_4(x: Tensor, y: Tensor, w: float, b: float) -> Tensor:
    """You round to 4 decimals, which leaves nothing of small numbers. Return them as they are."""
    return _gradients(x, y, w, b).round(decimals=4)


# sgd_epoch


def _mean_gradient(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    grad_w, grad_b = _gradients(x, y, w, b).mean(dim=0).tolist()
    return grad_w, grad_b


def _mse(x: Tensor, y: Tensor, w: float, b: float) -> float:
    return ((w * x + b - y) ** 2).mean().item()


def _walk(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, batches: list[list[int]]
) -> list[tuple[float, float, list[int]]]:
    """Return for each batch the parameters that it meets, and after the last batch the end with an empty batch."""
    visited = []
    for batch in batches:
        visited.append((w, b, batch))
        grad_w, grad_b = _mean_gradient(x[batch], y[batch], w, b)
        w, b = w - lr * grad_w, b - lr * grad_b
    return [*visited, (w, b, [])]


def _epoch(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, batches: list[list[int]], points: int
) -> tuple[float, float, float]:
    *visited, (w_end, b_end, _) = _walk(x, y, w, b, lr, batches)
    total = sum(_mse(x[batch], y[batch], w, b) * len(batch) for w, b, batch in visited)
    return w_end, b_end, total / points


def sgd_epoch__batch_losses_averaged(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your epoch_loss is the mean of the losses of the batches, so the points of a short last batch count too much.

    Every point counts once: weight the loss of a batch by its size.
    """
    *visited, (w_end, b_end, _) = _walk(x, y, w, b, lr, _chunks(order, batch_size))
    losses = [_mse(x[batch], y[batch], w, b) for w, b, batch in visited]
    return w_end, b_end, sum(losses) / len(losses)


def sgd_epoch__batch_losses_added(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your epoch_loss is the sum of the losses of the batches. A sum grows with the number of batches; take the mean.

    And let every point count once in it, also those of a short last batch.
    """
    *visited, (w_end, b_end, _) = _walk(x, y, w, b, lr, _chunks(order, batch_size))
    return w_end, b_end, sum(_mse(x[batch], y[batch], w, b) for w, b, batch in visited)


def sgd_epoch__loss_summed(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your epoch_loss is N times too large: you add up the squared errors of all points and stop there."""
    return _epoch(x, y, w, b, lr, _chunks(order, batch_size), 1)


def sgd_epoch__loss_over_the_batches(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You add up the squared errors of all points and divide by the number of batches.

    As many numbers as were added up, that is what a mean divides by.
    """
    batches = _chunks(order, batch_size)
    return _epoch(x, y, w, b, lr, batches, len(batches))


def sgd_epoch__short_batch_overweighted(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You weight the loss of every batch by batch_size, and the last batch may have fewer points than that."""
    *visited, (w_end, b_end, _) = _walk(x, y, w, b, lr, _chunks(order, batch_size))
    total = sum(_mse(x[batch], y[batch], w, b) * batch_size for w, b, batch in visited)
    return w_end, b_end, total / len(order)


def sgd_epoch__loss_of_the_last_batch(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your epoch_loss is the loss of the last batch alone: each batch overwrites what the one before it has left.

    All points of the epoch count.
    """
    *visited, (w_end, b_end, _) = _walk(x, y, w, b, lr, _chunks(order, batch_size))
    w, b, batch = visited[-1]
    return w_end, b_end, _mse(x[batch], y[batch], w, b)


def sgd_epoch__loss_at_the_start(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your epoch_loss is the loss of all points at the start of the epoch.

    Each batch is measured with the parameters that it meets, and only the first batch meets those of the start.
    """
    w_end, b_end, _ = _walk(x, y, w, b, lr, _chunks(order, batch_size))[-1]
    return w_end, b_end, _mse(x, y, w, b)


def sgd_epoch__loss_at_the_end(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your epoch_loss is the loss of all points after the epoch. That is a fine number, and another one.

    Here the loss is measured on the way, on each batch, which costs no pass over the data of its own.
    """
    w_end, b_end, _ = _walk(x, y, w, b, lr, _chunks(order, batch_size))[-1]
    return w_end, b_end, _mse(x, y, w_end, b_end)


def sgd_epoch__loss_after_the_update(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You measure the loss of each batch after its own update, so it looks better than it is.

    The batch has just been used to make it smaller. Measure first, then move.
    """
    walk = _walk(x, y, w, b, lr, _chunks(order, batch_size))
    total = sum(_mse(x[batch], y[batch], w, b) * len(batch) for (_, _, batch), (w, b, _) in pairwise(walk))
    return walk[-1][0], walk[-1][1], total / len(order)


def sgd_epoch__short_batch_dropped(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """The short batch at the end makes no update and is missing in the loss. Every point belongs to the epoch."""
    batches = [batch for batch in _chunks(order, batch_size) if len(batch) == batch_size]
    return _epoch(x, y, w, b, lr, batches, len(order))


def sgd_epoch__short_batch_dropped_from_the_mean(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """The short batch at the end makes no update, and its points do not count. Every point belongs to the epoch."""
    batches = [batch for batch in _chunks(order, batch_size) if len(batch) == batch_size]
    return _epoch(x, y, w, b, lr, batches, len(batches) * batch_size)


def sgd_epoch__order_ignored(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You take the points in the order of the data and leave `order` aside, so nothing is shuffled.

    If you cut slices out of `x` and `y`, ask what `order` has to say about them.
    """
    return _epoch(x, y, w, b, lr, _chunks(list(range(len(order))), batch_size), len(order))


def sgd_epoch__ordered_twice(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You apply `order` twice: the points are laid out by it already when you choose by its numbers once more."""
    return _epoch(x[order], y[order], w, b, lr, _chunks(order, batch_size), len(order))


def sgd_epoch__pairs_torn_apart(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You put x into the order of the epoch and leave y as it was, so the points are torn apart.

    The x and the y of a point go together, in whatever order the points come.
    """
    return _epoch(x[order], y, w, b, lr, _chunks(list(range(len(order))), batch_size), len(order))


def sgd_epoch__gradients_at_the_start(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """All your gradients are taken at the parameters with which the epoch began.

    Each update starts where the one before it has led, and there the slope is another one.
    """
    batches = _chunks(order, batch_size)
    gradients = [_mean_gradient(x[batch], y[batch], w, b) for batch in batches]
    total = sum(_mse(x[batch], y[batch], w, b) * len(batch) for batch in batches)
    w_end = w - lr * sum(grad_w for grad_w, _ in gradients)
    b_end = b - lr * sum(grad_b for _, grad_b in gradients)
    return w_end, b_end, total / len(order)


def sgd_epoch__one_update(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You make a single update for the whole epoch, with the mean gradient of all points.

    That is batch gradient descent; here each batch is followed by an update of its own.
    """
    return _epoch(x, y, w, b, lr, [order], len(order))


def sgd_epoch__first_batch_only(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Only the first batch is used: you return from inside the loop. Return behind it, after the last batch."""
    batch = order[:batch_size]
    return _epoch(x, y, w, b, lr, [batch], len(batch))


def sgd_epoch__gradients_pile_up(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your first update is right, and each later one uses the sum of all gradients so far.

    `backward()` adds to `.grad`; it does not replace what is there. Clear it after every update.
    """
    sum_w = sum_b = total = 0.0
    for batch in _chunks(order, batch_size):
        total += _mse(x[batch], y[batch], w, b) * len(batch)
        grad_w, grad_b = _mean_gradient(x[batch], y[batch], w, b)
        sum_w, sum_b = sum_w + grad_w, sum_b + grad_b
        w, b = w - lr * sum_w, b - lr * sum_b
    return w, b, total / len(order)


def sgd_epoch__lr_divided_by_batches(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your updates are too short: you divide lr by the number of batches. Each update has the full learning rate."""
    batches = _chunks(order, batch_size)
    return _epoch(x, y, w, b, lr / len(batches), batches, len(order))


def _scaled_epoch(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, batches: list[list[int]], factors: list[float]
) -> tuple[float, float, float]:
    total = 0.0
    for batch, factor in zip(batches, factors, strict=True):
        total += _mse(x[batch], y[batch], w, b) * len(batch)
        grad_w, grad_b = _mean_gradient(x[batch], y[batch], w, b)
        w, b = w - lr * factor * grad_w, b - lr * factor * grad_b
    return w, b, total / sum(map(len, batches))


def sgd_epoch__divided_by_n(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You divide the gradient of a batch by N. It is a mean over the points of the batch, so divide by their number."""
    batches = _chunks(order, batch_size)
    return _scaled_epoch(x, y, w, b, lr, batches, [len(batch) / len(order) for batch in batches])


def sgd_epoch__divided_by_batch_size(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You divide every sum of gradients by batch_size, and the last batch may have fewer points than that.

    A mean divides by the number of points that are in the batch.
    """
    batches = _chunks(order, batch_size)
    return _scaled_epoch(x, y, w, b, lr, batches, [len(batch) / batch_size for batch in batches])


def sgd_epoch__summed(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You add the gradients of a batch up and stop there, so an update is as many times too long as there are points.

    The loss of a batch is a mean, so its gradient is a mean as well.
    """
    batches = _chunks(order, batch_size)
    return _scaled_epoch(x, y, w, b, lr, batches, [float(len(batch)) for batch in batches])


def sgd_epoch__half(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your updates are half as long as they should be: the derivative of a square brings down a factor 2."""
    return _epoch(x, y, w, b, lr / 2, _chunks(order, batch_size), len(order))


def sgd_epoch__uphill(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You walk uphill: a gradient points to where the loss grows fastest, so an update goes the other way."""
    return _epoch(x, y, w, b, -lr, _chunks(order, batch_size), len(order))


def sgd_epoch__b_after_w(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You compute the gradient for b after w has already moved. Both gradients of a batch belong to the same point."""
    total = 0.0
    for batch in _chunks(order, batch_size):
        total += _mse(x[batch], y[batch], w, b) * len(batch)
        w -= lr * _mean_gradient(x[batch], y[batch], w, b)[0]
        b -= lr * _mean_gradient(x[batch], y[batch], w, b)[1]
    return w, b, total / len(order)


def sgd_epoch__data_swapped(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You exchanged x and y: the line predicts y from x, and the error is measured in y."""
    return _epoch(y, x, w, b, lr, _chunks(order, batch_size), len(order))


def sgd_epoch__loss_first(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your three numbers are right and come in another order: w, then b, then the loss."""
    w, b, loss = _epoch(x, y, w, b, lr, _chunks(order, batch_size), len(order))
    return loss, w, b


def sgd_epoch__one_point_at_a_time(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You make an update for every point: that is the case of batch_size 1. One update is made for every batch."""
    return _epoch(x, y, w, b, lr, _chunks(order, 1), len(order))


def _optimized_epoch(
    x: Tensor, y: Tensor, batches: list[list[int]], theta: Tensor, optimizer: torch.optim.Optimizer
) -> tuple[float, float, float]:
    total = 0.0
    for batch in batches:
        optimizer.zero_grad()
        loss = ((theta[0] * x[batch] + theta[1] - y[batch]) ** 2).mean()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    w, b = theta.tolist()
    return w, b, total / len(x)


def sgd_epoch__adam(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your updates are those of Adam, which divides each slope by its size so far.

    Here an update is lr times the slope, and `torch.optim.SGD` makes such an update.
    """
    theta = torch.tensor([w, b], requires_grad=True)
    return _optimized_epoch(x, y, _chunks(order, batch_size), theta, torch.optim.Adam([theta], lr=lr))


def sgd_epoch__momentum(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your first update is right, and each later one goes on with 0.9 of the update before it: that is momentum.

    Here an update depends on its own batch, and on nothing that was before.
    """
    theta = torch.tensor([w, b], requires_grad=True)
    return _optimized_epoch(x, y, _chunks(order, batch_size), theta, torch.optim.SGD([theta], lr=lr, momentum=0.9))


def sgd_epoch__half_loss(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Your loss is half of the squared error, so your updates are half as long as they should be, and so is epoch_loss.

    Some books put 1/2 in front of the square to have a tidier gradient; this course does not.
    """
    w, b, loss = _epoch(x, y, w, b, lr / 2, _chunks(order, batch_size), len(order))
    return w, b, loss / 2


def sgd_epoch__half_loss_at_the_end(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Two things at once: your loss is half of the squared error, and you measure it after the epoch.

    Without the 1/2, the updates are twice as long and the loss is twice as large. And here each batch is measured with
    the parameters that it meets, before its own update.
    """
    w, b, _ = _epoch(x, y, w, b, lr / 2, _chunks(order, batch_size), len(order))
    return w, b, _mse(x, y, w, b) / 2


def _half_loss_by_batch_size(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    batches = _chunks(order, batch_size)
    w, b, loss = _scaled_epoch(x, y, w, b, lr / 2, batches, [len(batch) / batch_size for batch in batches])
    return w, b, loss / 2


def sgd_epoch__half_loss_by_batch_size(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Two things at once: your loss is half of the squared error, and you divide every sum of gradients by batch_size.

    The square stands alone here, without 1/2. And the last batch may have fewer points than batch_size: a mean divides
    by the number of points that are in the batch.
    """
    return _half_loss_by_batch_size(x, y, w, b, lr, order, batch_size)


def sgd_epoch__half_loss_by_batch_size_at_the_end(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Three things at once, as in a well-known book: half of the squared error, batch_size, and the loss of the end.

    The square stands alone here, without 1/2. The last batch may have fewer points than batch_size, and its gradient is
    the mean over those. And each batch is measured with the parameters that it meets, before its own update.
    """
    w, b, _ = _half_loss_by_batch_size(x, y, w, b, lr, order, batch_size)
    return w, b, _mse(x, y, w, b) / 2


def sgd_epoch__by_batch_size_at_the_end(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """Two things at once: you divide every sum of gradients by batch_size, and you measure the loss after the epoch.

    The last batch may have fewer points than batch_size, and its gradient is the mean over those. And each batch is
    measured with the parameters that it meets, before its own update.
    """
    w, b, _ = sgd_epoch__divided_by_batch_size(x, y, w, b, lr, order, batch_size)
    return w, b, _mse(x, y, w, b)


def _rounded(numbers: tuple[float, float, float], digits: int) -> tuple[float, float, float]:
    w, b, loss = numbers
    return round(w, digits), round(b, digits), round(loss, digits)


def sgd_epoch__rounded_to_3(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You round to 3 decimals, which leaves nothing of small numbers. Return them as they are."""
    return _rounded(_epoch(x, y, w, b, lr, _chunks(order, batch_size), len(order)), 3)


def sgd_epoch__rounded_to_4(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, float]:
    """You round to 4 decimals, which leaves nothing of small numbers. Return them as they are."""
    return _rounded(_epoch(x, y, w, b, lr, _chunks(order, batch_size), len(order)), 4)


# minibatch_gradient_variance


def _spread(grads: Tensor) -> float:
    return ((grads - grads.mean(dim=0)) ** 2).sum(dim=1).mean().item()


def _variance(grads: Tensor, batch_size: int) -> float:
    return _spread(grads) / batch_size * (len(grads) - batch_size) / (len(grads) - 1)


def minibatch_gradient_variance__with_replacement(grads: Tensor, batch_size: int) -> float:
    """Yours is the variance of batches that may hold a point several times, so it is not 0 for all N points.

    Here the points of a batch are different ones: what has been drawn once is not drawn again.
    """
    return _spread(grads) / batch_size


def minibatch_gradient_variance__unbiased_with_replacement(grads: Tensor, batch_size: int) -> float:
    """You divide the spread by N - 1 and leave out that no point is drawn twice, so the noise does not vanish at B = N.

    A larger batch leaves fewer points to chance than before.
    """
    n = len(grads)
    return _spread(grads) * n / (n - 1) / batch_size


def minibatch_gradient_variance__factor_over_n(grads: Tensor, batch_size: int) -> float:
    """Your values are too small by the factor (N - 1)/N: the part that is left to chance is taken of N - 1, not of N.

    Test it with batches of one point: there the variance is the plain mean of the squared distances.
    """
    n = len(grads)
    return _spread(grads) / batch_size * (n - batch_size) / n


def minibatch_gradient_variance__spread_over_n_minus_1(grads: Tensor, batch_size: int) -> float:
    """Your values are too large by the factor N/(N - 1): the spread of all N rows is a mean, so divide it by N.

    N - 1 belongs to an estimate from a part of the data, and `torch.var` takes it unless it is told otherwise.
    """
    n = len(grads)
    return _variance(grads, batch_size) * n / (n - 1)


def minibatch_gradient_variance__standard_deviation(grads: Tensor, batch_size: int) -> float:
    """You took the root at the end: that is the standard deviation. The variance is the mean square itself."""
    return math.sqrt(_variance(grads, batch_size))


def minibatch_gradient_variance__batch_size_squared(grads: Tensor, batch_size: int) -> float:
    """You divide by the square of the batch size. A mean of B independent values has 1/B of their variance.

    Its sum has B times the variance, and only then comes the division by B, squared: one factor B cancels.
    """
    return _variance(grads, batch_size) / batch_size


def minibatch_gradient_variance__batch_size_ignored(grads: Tensor, batch_size: int) -> float:
    """Your value is the variance for batches of one point, whatever the batch size is. Larger batches are calmer."""
    return _spread(grads)


def minibatch_gradient_variance__averaged_over_the_columns(grads: Tensor, batch_size: int) -> float:
    """Your values are exactly half: you average over both columns.

    A squared distance is the sum of the squares of its two components; the mean is taken over the points only.
    """
    return _variance(grads, batch_size) / 2


def minibatch_gradient_variance__not_centred(grads: Tensor, batch_size: int) -> float:
    """You average the squared lengths of the gradients. Asked is their distance from the full gradient: subtract it."""
    n = len(grads)
    return (grads**2).sum(dim=1).mean().item() / batch_size * (n - batch_size) / (n - 1)


def minibatch_gradient_variance__one_mean_for_both_columns(grads: Tensor, batch_size: int) -> float:
    """You subtract one number, the mean of both columns together, from slopes along w and slopes along b alike.

    The full gradient is a pair: each column has a mean of its own.
    """
    n = len(grads)
    return ((grads - grads.mean()) ** 2).sum(dim=1).mean().item() / batch_size * (n - batch_size) / (n - 1)


def minibatch_gradient_variance__first_batch(grads: Tensor, batch_size: int) -> float:
    """You look at one batch, the first rows. The mean over all batches of this size is asked."""
    return ((grads[:batch_size].mean(dim=0) - grads.mean(dim=0)) ** 2).sum().item()


def minibatch_gradient_variance__rounded_to_3(grads: Tensor, batch_size: int) -> float:
    """You round to 3 decimals, which leaves nothing of a small variance. Return it as it is."""
    return round(_variance(grads, batch_size), 3)


def minibatch_gradient_variance__rounded_to_4(grads: Tensor, batch_size: int) -> float:
    """You round to 4 decimals, which leaves nothing of a small variance. Return it as it is."""
    return round(_variance(grads, batch_size), 4)
