"""Known wrong answers of lesson 1.6. Each docstring is what the student reads whose code behaves the same way."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

# quiz
#
# One mistake for each wrong option. The checks read these docstrings too, so that every wrong answer is explained,
# however many there are. A docstring says what the option confuses and where to read, never which option is right.

_RIGHT = {"q1": "b", "q2": "b", "q3": "a", "q4": "b", "q5": "b", "q6": "c"}


def quiz__q1_a() -> dict[str, str]:
    """You take two lines of the loop for one: moving the parameters is a line of its own, and it needs `lr`.

    `backward()` is not told any learning rate. Print `w` before and after it, then reread lesson 1.1.
    """
    return {**_RIGHT, "q1": "a"}


def quiz__q1_c() -> dict[str, str]:
    """You take `backward()` for `zero_grad()`: clearing is a line of its own, and forgetting it has consequences.

    Call `backward()` twice on the same loss and look at what the loop would have to clear, then reread lesson 1.1.
    """
    return {**_RIGHT, "q1": "c"}


def quiz__q1_d() -> dict[str, str]:
    """You let the training change the data: `x` and `y` are given, and only the parameters are looked for.

    The tensors of the data are made without `requires_grad`, so autograd leaves them alone. Reread lesson 1.1.
    """
    return {**_RIGHT, "q1": "d"}


def quiz__q2_a() -> dict[str, str]:
    """You lost a factor 2: the mean of x squared is not yet the curvature along w.

    Differentiate the squared error twice and see what the square brings down. Reread lesson 1.2 on the Hessian.
    """
    return {**_RIGHT, "q2": "a"}


def quiz__q2_c() -> dict[str, str]:
    """You named the learning rate that arrives at once in the steepest direction, and a walk survives longer steps.

    At your learning rate the factor per step is 0 there; at the limit it is something else. Reread lesson 1.2.
    """
    return {**_RIGHT, "q2": "c"}


def quiz__q2_d() -> dict[str, str]:
    """You rely on the shape of the bowl, but a step that is too long ends higher on the other side of it.

    Convexity says that there is one valley, not that every walk ends in it. Reread lesson 1.2 on the learning rate.
    """
    return {**_RIGHT, "q2": "d"}


def quiz__q3_b() -> dict[str, str]:
    """You exchanged rows and columns: that is the order of `indexing="xy"`, and of a matrix that a plot wants.

    In this course the first axis belongs to the argument that comes first. Reread lesson 1.4, Exercise 1.
    """
    return {**_RIGHT, "q3": "b"}


def quiz__q3_c() -> dict[str, str]:
    """You have the right number of losses, but in one long row: the two axes of the map are gone.

    A tensor of this shape could not be drawn, because no entry says which pair it belongs to. Reread lesson 1.4.
    """
    return {**_RIGHT, "q3": "c"}


def quiz__q3_d() -> dict[str, str]:
    """You stopped before the last line: that is the shape of all single errors, one for each point of the data.

    The function returns losses, and a loss belongs to a whole line. Reread lesson 1.4 on broadcasting.
    """
    return {**_RIGHT, "q3": "d"}


def quiz__q4_a() -> dict[str, str]:
    """You count the full batches only, and throw away the samples that are left over.

    Every sample belongs to the epoch, and whoever is left over at the end is a batch too. Reread lesson 1.3.
    """
    return {**_RIGHT, "q4": "a"}


def quiz__q4_c() -> dict[str, str]:
    """You give the size of a batch, and the question is how many batches there are.

    Write the ten indices in a row and cut them. Reread lesson 1.3 on updates per epoch.
    """
    return {**_RIGHT, "q4": "c"}


def quiz__q4_d() -> dict[str, str]:
    """You count one update for every sample, and that is so only where a batch has one sample.

    A batch moves the parameters once, by the mean of the gradients of its samples. Reread lesson 1.3.
    """
    return {**_RIGHT, "q4": "d"}


def quiz__q5_a() -> dict[str, str]:
    """You look at one of the two errors, the one that a smaller h makes smaller, and forget the other.

    What does float32 make of `1 + 1e-8`? Reread lesson 1.5 on rounding.
    """
    return {**_RIGHT, "q5": "a"}


def quiz__q5_c() -> dict[str, str]:
    """You are right about arithmetic on paper; float32 is another arithmetic, with seven digits.

    There the two values of the loss are rounded before they are subtracted. Reread lesson 1.5 on rounding.
    """
    return {**_RIGHT, "q5": "c"}


def quiz__q5_d() -> dict[str, str]:
    """You give the error of the formula, which is known to be small; the error of the digits does not care for it.

    Compare the size of h with the distance between two neighbouring float32 numbers near 1. Reread lesson 1.5.
    """
    return {**_RIGHT, "q5": "d"}


def quiz__q6_a() -> dict[str, str]:
    """You hope for more steps, but the bias has come back to where it was: it will do so for ever.

    What multiplies the distance from the best bias in each step, if two steps restore it? Reread lesson 1.2.
    """
    return {**_RIGHT, "q6": "a"}


def quiz__q6_b() -> dict[str, str]:
    """You blame chance, and there is none in this loop: all samples are used in every step.

    Noise does not jump between two values to and fro, either. Reread lesson 1.2 on the error from step to step.
    """
    return {**_RIGHT, "q6": "b"}


def quiz__q6_d() -> dict[str, str]:
    """You suspect the gradient, but a wrong one would not put the two values at equal distances from the best bias.

    And the same code has found the right slope. Reread lesson 1.2 on the error from step to step.
    """
    return {**_RIGHT, "q6": "d"}


def quiz__list_of_letters() -> list[str]:
    """You return the letters without saying to which questions they belong.

    A dict holds both: its keys are the questions, its values the letters.
    """
    return list(_RIGHT.values())


def quiz__numbers() -> dict[str, int]:
    """You number the options. Each answer is a letter, in quotation marks."""
    return {question: "abcd".index(letter) + 1 for question, letter in _RIGHT.items()}


def quiz__nothing_returned() -> None:
    """You make the dict, and do not hand it over: a function without `return` returns None."""


# train_line

_Batches = list[tuple[float, int]]
"""Of an epoch: the mean squared error of each batch before its own step, and how many samples it had."""
_Epoch = Callable[[Tensor, Tensor, float, float, float, list[int], int], tuple[float, float, _Batches]]


def _loss(x: Tensor, y: Tensor, w: float, b: float) -> float:
    return (w * x + b - y).square().mean().item()


def _gradient(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    error = w * x + b - y
    return 2 * (error * x).mean().item(), 2 * error.mean().item()


def _cut(order: list[int], batch_size: int) -> list[list[int]]:
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]


def _epoch(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
) -> tuple[float, float, _Batches]:
    batches: _Batches = []
    for batch in _cut(order, batch_size):
        batches.append((_loss(x[batch], y[batch], w, b), len(batch)))
        grad_w, grad_b = _gradient(x[batch], y[batch], w, b)
        w, b = w - lr * grad_w, b - lr * grad_b
    return w, b, batches


def _weighted(batches: _Batches) -> float:
    return sum(loss * size for loss, size in batches) / sum(size for _, size in batches)


def _is_refused(loss: float, history: list[float]) -> bool:
    return not math.isfinite(loss) or loss > 1e6 * ((history[0] if history else loss) + 1)


def _train(
    x: Tensor,
    y: Tensor,
    w: float,
    b: float,
    lr: float,
    orders: list[list[int]],
    batch_size: int,
    *,
    epoch: _Epoch = _epoch,
    average: Callable[[_Batches], float] = _weighted,
    is_refused: Callable[[float, list[float]], bool] = _is_refused,
) -> dict[str, Any]:
    history: list[float] = []
    for order in orders:
        new_w, new_b, batches = epoch(x, y, w, b, lr, order, batch_size)
        loss = average(batches)
        if is_refused(loss, history):
            return {"w": w, "b": b, "history": history, "status": "diverged"}
        w, b = new_w, new_b
        history.append(loss)
    return {"w": w, "b": b, "history": history, "status": "ok"}


def train_line__never_stopped(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Your training goes on whatever the loss does, so too large a learning rate fills the history with rubbish.

    Look at the loss of each epoch before you record it.
    """
    return _train(x, y, w, b, lr, orders, batch_size, is_refused=lambda _loss, _history: False)


def train_line__only_infinity_stops(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You stop only where the loss is no finite number any more: a loss of 1e30 is finite, and lost all the same.

    There is a limit as well, and it is measured by the first loss.
    """
    return _train(x, y, w, b, lr, orders, batch_size, is_refused=lambda loss, _history: not math.isfinite(loss))


def train_line__nan_passes(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Your guard lets NaN pass: NaN is larger than no number, so `loss > limit` is False for it.

    Ask first whether the loss is finite; `math.isfinite` does.
    """
    return _train(
        x,
        y,
        w,
        b,
        lr,
        orders,
        batch_size,
        is_refused=lambda loss, history: loss == math.inf or loss > 1e6 * ((history[0] if history else loss) + 1),
    )


def train_line__limit_without_one(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Your limit is a million times the first loss, and the 1 is missing in it.

    With it, a training that begins close to the bottom is not given up for a loss that is still small.
    """

    def is_refused(loss: float, history: list[float]) -> bool:
        return not math.isfinite(loss) or loss > 1e6 * (history[0] if history else loss)

    return _train(x, y, w, b, lr, orders, batch_size, is_refused=is_refused)


def train_line__any_rise_stops(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You give up as soon as one epoch has a higher loss than the one before.

    With small batches the loss rises and falls by chance; divergence is another thing, and the limit is far above.
    """

    def is_refused(loss: float, history: list[float]) -> bool:
        return not math.isfinite(loss) or (bool(history) and loss > history[-1])

    return _train(x, y, w, b, lr, orders, batch_size, is_refused=is_refused)


def train_line__ends_higher_is_diverged(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You say "diverged" whenever the last loss is above the first: that is noise, or the beginning of trouble.

    A training counts as diverged where the guard has stopped it, and only there.
    """
    result = _train(x, y, w, b, lr, orders, batch_size)
    history = result["history"]
    return {**result, "status": "diverged"} if history and history[-1] > history[0] else result


def train_line__refused_parameters_returned(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You notice the divergence and still return the parameters that it left behind.

    The epoch is to be undone: keep the parameters with which it began until its loss has been accepted.
    """
    history: list[float] = []
    for order in orders:
        w, b, batches = _epoch(x, y, w, b, lr, order, batch_size)
        loss = _weighted(batches)
        if _is_refused(loss, history):
            return {"w": w, "b": b, "history": history, "status": "diverged"}
        history.append(loss)
    return {"w": w, "b": b, "history": history, "status": "ok"}


def train_line__goes_on(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You undo the refused epoch and go on with the next one. The first refusal is the end of the training.

    Leave the loop over the epochs there.
    """
    history: list[float] = []
    status = "ok"
    for order in orders:
        new_w, new_b, batches = _epoch(x, y, w, b, lr, order, batch_size)
        loss = _weighted(batches)
        if _is_refused(loss, history):
            status = "diverged"
            continue
        w, b = new_w, new_b
        history.append(loss)
    return {"w": w, "b": b, "history": history, "status": status}


def train_line__start_returned(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """After a divergence you return the parameters of the very beginning, and undo the accepted epochs as well.

    Only the refused epoch is to be undone.
    """
    result = _train(x, y, w, b, lr, orders, batch_size)
    return {**result, "w": w, "b": b} if result["status"] == "diverged" else result


def train_line__refused_loss_recorded(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You record the loss first and look at it afterwards, so the refused one is in the history as well."""
    history: list[float] = []
    for order in orders:
        new_w, new_b, batches = _epoch(x, y, w, b, lr, order, batch_size)
        loss = _weighted(batches)
        is_refused = _is_refused(loss, history)
        history.append(loss)
        if is_refused:
            return {"w": w, "b": b, "history": history, "status": "diverged"}
        w, b = new_w, new_b
    return {"w": w, "b": b, "history": history, "status": "ok"}


def train_line__first_loss_missing(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You read `history[0]` before the first loss is in it, and an empty list has no first entry.

    In the first epoch there is no earlier loss to compare with: its own loss is the first.
    """
    return _train(
        x,
        y,
        w,
        b,
        lr,
        orders,
        batch_size,
        is_refused=lambda loss, history: not math.isfinite(loss) or loss > 1e6 * (history[0] + 1),
    )


def train_line__batches_averaged(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You average the losses of the batches as if all batches had the same size, so a short last one counts too much.

    The loss of an epoch is an average over samples: a batch counts as often as it has samples.
    """
    return _train(
        x,
        y,
        w,
        b,
        lr,
        orders,
        batch_size,
        average=lambda batches: sum(loss for loss, _ in batches) / len(batches),
    )


def train_line__batches_summed(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You add the losses of the batches up and do not divide, so the history depends on how many batches there are."""
    return _train(x, y, w, b, lr, orders, batch_size, average=lambda batches: sum(loss for loss, _ in batches))


def train_line__samples_summed(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You add the squared errors of the epoch up and do not divide by the number of samples."""
    return _train(
        x, y, w, b, lr, orders, batch_size, average=lambda batches: sum(loss * size for loss, size in batches)
    )


def train_line__last_batch_recorded(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Your history holds the loss of the last batch of each epoch: the variable has forgotten the batches before."""
    return _train(x, y, w, b, lr, orders, batch_size, average=lambda batches: batches[-1][0])


def train_line__every_batch_recorded(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Your history has an entry for every batch. One entry for each epoch is asked, the average over its samples."""
    history: list[float] = []
    for order in orders:
        new_w, new_b, batches = _epoch(x, y, w, b, lr, order, batch_size)
        if _is_refused(_weighted(batches), history):
            return {"w": w, "b": b, "history": history, "status": "diverged"}
        w, b = new_w, new_b
        history += [loss for loss, _ in batches]
    return {"w": w, "b": b, "history": history, "status": "ok"}


def train_line__loss_at_the_end(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You measure the loss of all samples when the epoch is over, so your history is ahead of the one that is asked.

    Each sample counts with the error that it had just before the step of its own batch.
    """

    def epoch(
        x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
    ) -> tuple[float, float, _Batches]:
        w, b, _ = _epoch(x, y, w, b, lr, order, batch_size)
        return w, b, [(_loss(x, y, w, b), len(order))]

    return _train(x, y, w, b, lr, orders, batch_size, epoch=epoch)


def train_line__loss_at_the_start(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You measure the loss of all samples before the epoch begins, and that is right only for one large batch.

    A later batch meets parameters that have moved already: each sample counts with the error before its own step.
    """

    def epoch(
        x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
    ) -> tuple[float, float, _Batches]:
        before = _loss(x, y, w, b)
        w, b, _ = _epoch(x, y, w, b, lr, order, batch_size)
        return w, b, [(before, len(order))]

    return _train(x, y, w, b, lr, orders, batch_size, epoch=epoch)


def train_line__losses_after_the_steps(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You measure the loss of each batch after its step, when the parameters have already been moved towards it.

    The loss that counts is the one whose gradient you took.
    """

    def epoch(
        x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
    ) -> tuple[float, float, _Batches]:
        batches: _Batches = []
        for batch in _cut(order, batch_size):
            w, b, _ = _epoch(x, y, w, b, lr, batch, len(batch))
            batches.append((_loss(x[batch], y[batch], w, b), len(batch)))
        return w, b, batches

    return _train(x, y, w, b, lr, orders, batch_size, epoch=epoch)


def train_line__short_batch_dropped(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You leave out the last batch where it is short, so some samples never take part.

    A slice may run past the end of a list, and then it is just shorter.
    """

    def epoch(
        x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
    ) -> tuple[float, float, _Batches]:
        # Where the only batch is short even this student has to compute something.
        full = order[: len(order) // batch_size * batch_size]
        return _epoch(x, y, w, b, lr, full or order, batch_size)

    return _train(x, y, w, b, lr, orders, batch_size, epoch=epoch)


def train_line__first_batch_only(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Your epoch is over after its first batch. An epoch sees every sample once.

    Is there a `return` or a `break` inside the loop over the batches?
    """

    def epoch(
        x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
    ) -> tuple[float, float, _Batches]:
        return _epoch(x, y, w, b, lr, order[:batch_size], batch_size)

    return _train(x, y, w, b, lr, orders, batch_size, epoch=epoch)


def train_line__batch_size_ignored(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You make one step per epoch with all samples at once, whatever the batch size is."""
    return _train(x, y, w, b, lr, orders, len(x))


def train_line__gradients_at_the_start(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """All batches of your epoch use the parameters with which the epoch began: the steps do not see each other.

    Each batch starts where the batch before has arrived.
    """

    def epoch(
        x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
    ) -> tuple[float, float, _Batches]:
        old_w, old_b = w, b
        batches: _Batches = []
        for batch in _cut(order, batch_size):
            batches.append((_loss(x[batch], y[batch], old_w, old_b), len(batch)))
            grad_w, grad_b = _gradient(x[batch], y[batch], old_w, old_b)
            w, b = w - lr * grad_w, b - lr * grad_b
        return w, b, batches

    return _train(x, y, w, b, lr, orders, batch_size, epoch=epoch)


def train_line__same_order(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You use the first order in every epoch. Each epoch has an order of its own."""
    return _train(x, y, w, b, lr, [orders[0]] * len(orders) if orders else [], batch_size)


def train_line__order_ignored(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You walk through the samples from the first to the last and do not look at the orders.

    `x[batch]` with a list of indices takes exactly those samples, in that order.
    """
    return _train(x, y, w, b, lr, [list(range(len(x)))] * len(orders), batch_size)


def train_line__pairs_torn_apart(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You bring x into the order of the epoch and leave y as it is, so inputs meet the targets of other samples."""

    def epoch(
        x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
    ) -> tuple[float, float, _Batches]:
        return _epoch(x[order], y, w, b, lr, list(range(len(order))), batch_size)

    return _train(x, y, w, b, lr, orders, batch_size, epoch=epoch)


def train_line__half(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Your steps are half as long as they should be: the derivative of a square brings down a factor 2."""
    return _train(x, y, w, b, lr / 2, orders, batch_size)


def train_line__summed(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Your gradient is a sum over the batch, so a batch of eight moves eight times as far as a batch of one.

    The loss of a batch is a mean, and so is its gradient.
    """

    def epoch(
        x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
    ) -> tuple[float, float, _Batches]:
        batches: _Batches = []
        for batch in _cut(order, batch_size):
            w, b, losses = _epoch(x, y, w, b, lr * len(batch), batch, len(batch))
            batches += losses
        return w, b, batches

    return _train(x, y, w, b, lr, orders, batch_size, epoch=epoch)


def train_line__uphill(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You walk uphill: the gradient points to where the loss grows fastest, so a step goes the other way."""
    return _train(x, y, w, b, -lr, orders, batch_size)


def train_line__b_after_w(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You compute the gradient for b after w has already moved. Both gradients belong to the same point."""

    def epoch(
        x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
    ) -> tuple[float, float, _Batches]:
        batches: _Batches = []
        for batch in _cut(order, batch_size):
            batches.append((_loss(x[batch], y[batch], w, b), len(batch)))
            w -= lr * _gradient(x[batch], y[batch], w, b)[0]
            b -= lr * _gradient(x[batch], y[batch], w, b)[1]
        return w, b, batches

    return _train(x, y, w, b, lr, orders, batch_size, epoch=epoch)


def train_line__gradients_accumulated(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Your first step is right and the next are not: every gradient still contains the ones before.

    `backward()` adds to `.grad`, so it has to be cleared in every step.
    """
    kept = torch.zeros(2, dtype=torch.float64)

    def epoch(
        x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
    ) -> tuple[float, float, _Batches]:
        batches: _Batches = []
        for batch in _cut(order, batch_size):
            batches.append((_loss(x[batch], y[batch], w, b), len(batch)))
            kept.add_(torch.tensor(_gradient(x[batch], y[batch], w, b), dtype=torch.float64))
            grad_w, grad_b = kept.tolist()
            w, b = w - lr * grad_w, b - lr * grad_b
        return w, b, batches

    return _train(x, y, w, b, lr, orders, batch_size, epoch=epoch)


def train_line__power_overflows(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """A number beyond 1e154 has a square beyond all floats: `error**2` of a plain float raises OverflowError for it.

    It happens just where the training runs away. `error * error` becomes infinite instead, as it does in a tensor.
    """
    xs, ys = x.tolist(), y.tolist()

    def epoch(
        x: Tensor, y: Tensor, w: float, b: float, lr: float, order: list[int], batch_size: int
    ) -> tuple[float, float, _Batches]:
        batches: _Batches = []
        for batch in _cut(order, batch_size):
            errors = [w * xs[i] + b - ys[i] for i in batch]
            batches.append((sum(error**2 for error in errors) / len(batch), len(batch)))
            slope_w = sum(error * xs[i] for error, i in zip(errors, batch, strict=True))
            w, b = w - 2 * lr / len(batch) * slope_w, b - 2 * lr / len(batch) * sum(errors)
        return w, b, batches

    return _train(x, y, w, b, lr, orders, batch_size, epoch=epoch)


def _rounded(result: dict[str, Any], digits: int) -> dict[str, Any]:
    losses = [round(loss, digits) for loss in result["history"]]
    return {**result, "w": round(result["w"], digits), "b": round(result["b"], digits), "history": losses}


def train_line__rounded_to_3(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You round to 3 decimals, which leaves nothing of small numbers. Return them as they are."""
    return _rounded(_train(x, y, w, b, lr, orders, batch_size), 3)


def train_line__rounded_to_4(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You round to 4 decimals, which leaves nothing of small numbers. Return them as they are."""
    return _rounded(_train(x, y, w, b, lr, orders, batch_size), 4)


def train_line__losses_rounded_to_3(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You round the losses to 3 decimals, which leaves nothing of small ones. Keep them as they are."""
    result = _train(x, y, w, b, lr, orders, batch_size)
    return {**result, "history": _rounded(result, 3)["history"]}


def train_line__losses_rounded_to_4(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """You round the losses to 4 decimals, which leaves nothing of small ones. Keep them as they are."""
    result = _train(x, y, w, b, lr, orders, batch_size)
    return {**result, "history": _rounded(result, 4)["history"]}


def train_line__limit_of_a_thousand(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Your limit is a thousand times the first loss + 1, and a million times is required: look at the exponent."""

    def is_refused(loss: float, history: list[float]) -> bool:
        return not math.isfinite(loss) or loss > 1e3 * ((history[0] if history else loss) + 1)

    return _train(x, y, w, b, lr, orders, batch_size, is_refused=is_refused)


def train_line__limit_of_a_billion(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, orders: list[list[int]], batch_size: int
) -> dict[str, Any]:
    """Your limit is a billion times the first loss + 1, and a million times is required: look at the exponent."""

    def is_refused(loss: float, history: list[float]) -> bool:
        return not math.isfinite(loss) or loss > 1e9 * ((history[0] if history else loss) + 1)

    return _train(x, y, w, b, lr, orders, batch_size, is_refused=is_refused)
