"""Known wrong answers of lesson 1.1. Each docstring is what the student reads whose code behaves the same way."""

import statistics
from typing import Any

import torch
from torch import Tensor

# best_constant


def _with_its_loss(y: Tensor, c: float) -> tuple[float, float]:
    return c, (y - c).square().mean().item()


def _divided_by_n_minus_1(y: Tensor) -> float:
    return (y - y.mean()).square().sum().item() / (len(y) - 1) if len(y) > 1 else float("nan")


def best_constant__median(y: Tensor) -> tuple[float, float]:
    """Your constant is the median of y, the target in the middle. For squared errors it is the mean that is best.

    The median is best for another loss, the mean of the sizes of the errors, in which a target far away counts less.
    """
    return _with_its_loss(y, y.median().item())


def best_constant__median_between_two(y: Tensor) -> tuple[float, float]:
    """Your constant is the median of y. For squared errors it is the mean that is best.

    The median is best for another loss, the mean of the sizes of the errors, in which a target far away counts less.
    """
    return _with_its_loss(y, statistics.median(y.tolist()))


def best_constant__middle_of_the_range(y: Tensor) -> tuple[float, float]:
    """Your constant lies halfway between the smallest and the largest target; the targets between them have no say.

    It makes the largest single error small. The mean squared error listens to every target.
    """
    return _with_its_loss(y, ((y.min() + y.max()) / 2).item())


def best_constant__n_minus_1(y: Tensor) -> tuple[float, float]:
    """The constant is right, and your loss is divided by N - 1 instead of N; for a single target that is 0 / 0.

    The loss is a plain mean of N squares. `var` divides by N - 1 unless it is told otherwise.
    """
    return y.mean().item(), _divided_by_n_minus_1(y)


def best_constant__standard_deviation(y: Tensor) -> tuple[float, float]:
    """The constant is right, and the second number is the root of the loss: the standard deviation of y.

    The loss is the mean of the squares itself.
    """
    c, loss = _with_its_loss(y, y.mean().item())
    return c, loss**0.5


def best_constant__standard_deviation_n_minus_1(y: Tensor) -> tuple[float, float]:
    """The constant is right, and the second number is a standard deviation: a root, and divided by N - 1 inside.

    The loss is the mean of N squares, without a root. `std` takes the root, and divides by N - 1 unless told otherwise.
    """
    return y.mean().item(), _divided_by_n_minus_1(y) ** 0.5


def best_constant__summed(y: Tensor) -> tuple[float, float]:
    """The constant is right, and your loss is N times too large: the squared errors are added up and not averaged."""
    c, loss = _with_its_loss(y, y.mean().item())
    return c, len(y) * loss


def best_constant__half(y: Tensor) -> tuple[float, float]:
    """The constant is right, and your loss is half of it: some books put 1/2 in front of the mean, this course not."""
    c, loss = _with_its_loss(y, y.mean().item())
    return c, loss / 2


def best_constant__absolute(y: Tensor) -> tuple[float, float]:
    """The constant is right, and your loss averages the sizes of the errors. It is their squares that are averaged."""
    c = y.mean()
    return c.item(), (y - c).abs().mean().item()


def best_constant__cancelled(y: Tensor) -> tuple[float, float]:
    """Your loss is always 0: errors above and below the mean cancel when they are averaged as they are.

    Each error has to be squared on its own, before the mean is taken.
    """
    return y.mean().item(), 0.0


def best_constant__loss_of_zero(y: Tensor) -> tuple[float, float]:
    """The constant is right, and your loss is the mean of y squared: that is what predicting 0 every time costs.

    The error is the distance from the prediction, which is the constant.
    """
    return y.mean().item(), y.square().mean().item()


def best_constant__pair_swapped(y: Tensor) -> tuple[float, float]:
    """Both numbers are right and stand the wrong way round: first the constant, then the loss."""
    c, loss = _with_its_loss(y, y.mean().item())
    return loss, c


def best_constant__rounded_to_3(y: Tensor) -> tuple[float, float]:
    """You round to 3 decimals, which leaves nothing of small numbers. Return them as they are."""
    c, loss = _with_its_loss(y, y.mean().item())
    return round(c, 3), round(loss, 3)


def best_constant__rounded_to_4(y: Tensor) -> tuple[float, float]:
    """You round to 4 decimals, which leaves nothing of small numbers. Return them as they are."""
    c, loss = _with_its_loss(y, y.mean().item())
    return round(c, 4), round(loss, 4)


# training_step


def _loss(x: Tensor, y: Tensor, w: float, b: float) -> float:
    return (w * x + b - y).square().mean().item()


def _gradient(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    error = w * x + b - y
    return 2 * (error * x).mean().item(), 2 * error.mean().item()


def _step(w: float, b: float, lr: float, loss: float, gradient: tuple[float, float]) -> dict[str, float]:
    grad_w, grad_b = gradient
    return {"loss": loss, "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


def _right_step(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    return _step(w, b, lr, _loss(x, y, w, b), _gradient(x, y, w, b))


_GRADIENTS_SO_FAR = [0.0, 0.0]


def training_step__no_zero_grad(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Your first call is right and the later ones are not: each slope still holds those of all calls before it.

    `backward` adds to `.grad` and does not replace it. Your parameters outlive the call, so they keep what was added.
    """
    # As parameters at the top of the file do, this list lives as long as the module.
    grad_w, grad_b = _gradient(x, y, w, b)
    _GRADIENTS_SO_FAR[0] += grad_w
    _GRADIENTS_SO_FAR[1] += grad_b
    return _step(w, b, lr, _loss(x, y, w, b), (_GRADIENTS_SO_FAR[0], _GRADIENTS_SO_FAR[1]))


def training_step__loss_after_the_update(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Your loss belongs to the new w and b: it is computed after the update.

    The loss that is asked is the one that the forward pass found and `backward` went back from.
    """
    step = _right_step(x, y, w, b, lr)
    return {**step, "loss": _loss(x, y, step["w"], step["b"])}


def training_step__everything_after_the_update(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """The new w and b are right, and your loss and slopes belong to them: they are computed after the update.

    What is asked is the loss and the slopes before the update, those that led to it.
    """
    step = _right_step(x, y, w, b, lr)
    after = _right_step(x, y, step["w"], step["b"], lr)
    return {**after, "w": step["w"], "b": step["b"]}


def training_step__not_updated(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Loss and slopes are right, and the w and b that you return are those of the call.

    Have a look at which names your update gives a new value, and which ones stand in the result.
    """
    return {**_right_step(x, y, w, b, lr), "w": w, "b": b}


def training_step__uphill(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Your step goes uphill: the slope says where the loss grows, so the update has to go the other way."""
    grad_w, grad_b = _gradient(x, y, w, b)
    return {**_right_step(x, y, w, b, lr), "w": w + lr * grad_w, "b": b + lr * grad_b}


def training_step__slopes_negated(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Both of your slopes have the wrong sign, and so your step goes uphill.

    The error is the prediction minus the target: when the prediction grows, so does the error.
    """
    grad_w, grad_b = _gradient(x, y, w, b)
    return _step(w, b, lr, _loss(x, y, w, b), (-grad_w, -grad_b))


def training_step__slopes_negated_and_added(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """The new w and b are right, and the slopes that you return have the wrong sign.

    You hold the way down, and "grad_w" and "grad_b" are the slopes: they are positive where the loss grows.
    """
    grad_w, grad_b = _gradient(x, y, w, b)
    return {**_right_step(x, y, w, b, lr), "grad_w": -grad_w, "grad_b": -grad_b}


def training_step__learning_rate_forgotten(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Your step is as long as the gradient, whatever the learning rate is: lr does not appear in your update."""
    grad_w, grad_b = _gradient(x, y, w, b)
    return {**_right_step(x, y, w, b, lr), "w": w - grad_w, "b": b - grad_b}


def training_step__slopes_times_learning_rate(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """The new w and b are right, and what you return as slopes is already multiplied by lr.

    The slope is a property of the loss; only the update knows the learning rate.
    """
    grad_w, grad_b = _gradient(x, y, w, b)
    return {**_right_step(x, y, w, b, lr), "grad_w": lr * grad_w, "grad_b": lr * grad_b}


def training_step__summed(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Your loss and your slopes are N times too large: you add the squared errors up and do not average them.

    A sum grows with every further point, and the same learning rate would then be too large.
    """
    grad_w, grad_b = _gradient(x, y, w, b)
    return _step(w, b, lr, len(x) * _loss(x, y, w, b), (len(x) * grad_w, len(x) * grad_b))


def training_step__slopes_summed(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Your loss is right, and your slopes are N times too large: they belong to the sum of the squared errors.

    The loss is their mean, so its slopes are means as well.
    """
    grad_w, grad_b = _gradient(x, y, w, b)
    return _step(w, b, lr, _loss(x, y, w, b), (len(x) * grad_w, len(x) * grad_b))


def training_step__half(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Your loss and your slopes are half as large as they should be.

    Some books put 1/2 in front of the mean to have a tidier gradient; this course does not.
    """
    grad_w, grad_b = _gradient(x, y, w, b)
    return _step(w, b, lr, _loss(x, y, w, b) / 2, (grad_w / 2, grad_b / 2))


def training_step__factor_2_forgotten(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Your loss is right, and your slopes are half as large as they should be.

    The derivative of a square brings down a factor 2.
    """
    grad_w, grad_b = _gradient(x, y, w, b)
    return _step(w, b, lr, _loss(x, y, w, b), (grad_w / 2, grad_b / 2))


def training_step__x_forgotten(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Your slope along w is the one along b: the prediction depends on w by way of x, so the chain rule brings in x."""
    _, grad_b = _gradient(x, y, w, b)
    return _step(w, b, lr, _loss(x, y, w, b), (grad_b, grad_b))


def training_step__slopes_exchanged(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Your two slopes are exchanged: grad_w is the one along b, and grad_b the one along w."""
    grad_w, grad_b = _gradient(x, y, w, b)
    return _step(w, b, lr, _loss(x, y, w, b), (grad_b, grad_w))


def training_step__b_after_w(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """You compute the slope along b after w has already moved. Both slopes belong to the same place."""
    grad_w, _ = _gradient(x, y, w, b)
    _, grad_b = _gradient(x, y, w - lr * grad_w, b)
    return _step(w, b, lr, _loss(x, y, w, b), (grad_w, grad_b))


def training_step__b_not_updated(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """The new w is right, and your b does not move. It is a parameter like w, with a slope of its own."""
    return {**_right_step(x, y, w, b, lr), "b": b}


def training_step__every_pair(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Your loss is a mean over N times N errors: every prediction is compared with every target.

    That happens when a column of shape (N, 1) meets a flat tensor of shape (N,). Look at the shapes before you
    subtract.
    """
    errors = w * x + b - y[:, None]
    gradient = 2 * (errors * x).mean().item(), 2 * errors.mean().item()
    return _step(w, b, lr, errors.square().mean().item(), gradient)


def training_step__root(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """You took the root of the mean: that is another loss with other slopes, and none at all where it is 0.

    The loss of this lesson is the mean of the squares itself.
    """
    root = _loss(x, y, w, b) ** 0.5
    grad_w, grad_b = _gradient(x, y, w, b)
    gradient = (grad_w / (2 * root), grad_b / (2 * root)) if root else (float("nan"), float("nan"))
    return _step(w, b, lr, root, gradient)


def training_step__absolute(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Your loss averages the sizes of the errors. The loss of this lesson averages their squares."""
    errors = w * x + b - y
    gradient = (errors.sign() * x).mean().item(), errors.sign().mean().item()
    return _step(w, b, lr, errors.abs().mean().item(), gradient)


def training_step__mean_before_square(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """You average the errors first and square afterwards, so errors above and below the line cancel.

    Each error has to be squared on its own.
    """
    error = (w * x + b - y).mean().item()
    return _step(w, b, lr, error**2, (2 * error * x.mean().item(), 2 * error))


def training_step__bias_ignored(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """The bias is missing in your prediction, so it has no influence on the loss, and its slope would be 0."""
    grad_w, _ = _gradient(x, y, w, 0.0)
    return _step(w, b, lr, _loss(x, y, w, 0.0), (grad_w, 0.0))


def training_step__bias_ignored_in_the_error(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """The bias is missing in the prediction from which you take the loss and the slopes."""
    return _step(w, b, lr, _loss(x, y, w, 0.0), _gradient(x, y, w, 0.0))


def training_step__weight_and_bias_swapped(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """You use the weight as the bias and the bias as the weight: it is the weight that multiplies x."""
    grad_b, grad_w = _gradient(x, y, b, w)
    return _step(w, b, lr, _loss(x, y, b, w), (grad_w, grad_b))


def training_step__data_swapped(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """You exchanged x and y: the line predicts y from x, and the error is measured in y."""
    return _right_step(y, x, w, b, lr)


def _optimized(x: Tensor, y: Tensor, theta: Tensor, optimizer: torch.optim.Optimizer) -> float:
    """Let an optimizer change (w, b) in place, and return the loss before that."""
    optimizer.zero_grad()
    loss = (theta[0] * x + theta[1] - y).square().mean()
    loss.backward()
    optimizer.step()
    return loss.item()


def training_step__adam(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Loss and slopes are right, and the step is that of Adam: at first w and b both move by lr, whatever the slope.

    A step against the gradient is as long as lr times the gradient: `torch.optim.SGD` makes it.
    """
    theta = torch.tensor([w, b], requires_grad=True)
    _optimized(x, y, theta, torch.optim.Adam([theta], lr=lr))
    new_w, new_b = theta.tolist()
    return {**_right_step(x, y, w, b, lr), "w": new_w, "b": new_b}


def training_step__normalised(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Loss and slopes are right, and your step has the length lr: you divide the gradient by its own length.

    The step is as long as lr times the gradient, so it becomes shorter by itself near the bottom.
    """
    grad_w, grad_b = _gradient(x, y, w, b)
    length = (grad_w**2 + grad_b**2) ** 0.5 or 1.0
    return {**_right_step(x, y, w, b, lr), "w": w - lr * grad_w / length, "b": b - lr * grad_b / length}


def training_step__rounded_to_3(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """You round to 3 decimals, which leaves nothing of small numbers. Return them as they are."""
    return {name: round(value, 3) for name, value in _right_step(x, y, w, b, lr).items()}


def training_step__rounded_to_4(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """You round to 4 decimals, which leaves nothing of small numbers. Return them as they are."""
    return {name: round(value, 4) for name, value in _right_step(x, y, w, b, lr).items()}


# train


def _trained(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int, *, pace: float = 1.0) -> dict[str, Any]:
    losses = []
    for _ in range(steps):
        losses.append(_loss(x, y, w, b))
        grad_w, grad_b = _gradient(x, y, w, b)
        w, b = w - lr * pace * grad_w, b - lr * pace * grad_b
    return {"w": w, "b": b, "losses": losses}


def train__no_zero_grad(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your first step is right and the later ones overshoot: each still holds all slopes before it.

    `backward` adds to `.grad` and does not replace it, so it has to be cleared in every step.
    """
    losses, total_w, total_b = [], 0.0, 0.0
    for _ in range(steps):
        losses.append(_loss(x, y, w, b))
        grad_w, grad_b = _gradient(x, y, w, b)
        total_w, total_b = total_w + grad_w, total_b + grad_b
        w, b = w - lr * total_w, b - lr * total_b
    return {"w": w, "b": b, "losses": losses}


def train__not_a_leaf(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your first step works, and in the second one `.grad` is None.

    `w = w - ...` makes a new tensor, a result, and PyTorch fills `.grad` only for the tensors at the beginning of a
    computation. Change the tensor itself, in place under `torch.no_grad()`, or begin each step with a fresh one.
    """
    if steps > 1:
        # What Python says about `lr * w.grad` in the second step.
        raise TypeError("unsupported operand type(s) for *: 'float' and 'NoneType'")
    return _trained(x, y, w, b, lr, steps)


def train__one_loss_too_many(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your list has one loss too many: the loss after the last update is not asked, only one before each update."""
    result = _trained(x, y, w, b, lr, steps)
    return {**result, "losses": [*result["losses"], _loss(x, y, result["w"], result["b"])]}


def train__losses_after_the_updates(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your losses are one update late: entry t is the loss before update t, so the first is that of the start."""
    result = _trained(x, y, w, b, lr, steps)
    return {**result, "losses": [*result["losses"], _loss(x, y, result["w"], result["b"])][1:]}


def train__only_the_last_loss(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Only the last loss is left: your list is made anew in every step. Make it once, before the loop."""
    result = _trained(x, y, w, b, lr, steps)
    return {**result, "losses": result["losses"][-1:]}


def train__start_returned(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """The losses are right, and the w and b that you return are those of the start.

    Training is for its end: have a look at which names your loop changes, and which ones stand in the result.
    """
    return {**_trained(x, y, w, b, lr, steps), "w": w, "b": b}


def train__every_step_from_the_start(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """All your steps are the first one again: each begins at the start, so the loss stays the same.

    What one step returns is where the next one begins.
    """
    first = _trained(x, y, w, b, lr, min(steps, 1))
    return {**first, "losses": first["losses"] * steps}


def train__slopes_of_the_start(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """All your steps are equally long: you compute the slopes once, and they change along the way.

    Forward, loss and backward belong into the loop.
    """
    grad_w, grad_b = _gradient(x, y, w, b)
    losses = [_loss(x, y, w - t * lr * grad_w, b - t * lr * grad_b) for t in range(steps)]
    return {"w": w - steps * lr * grad_w, "b": b - steps * lr * grad_b, "losses": losses}


def train__one_step_too_few(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """You make one step too few, so one loss is missing as well: `range` leaves out its end already."""
    return _trained(x, y, w, b, lr, steps - 1)


def train__one_step_too_many(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """You make one step too many, so there is one loss too many as well. With steps = 0 nothing may happen."""
    return _trained(x, y, w, b, lr, steps + 1)


def train__last_update_missing(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """All losses are right, and the last update is missing: as many updates are asked as there are losses."""
    result = _trained(x, y, w, b, lr, steps - 1)
    return {**result, "losses": _trained(x, y, w, b, lr, steps)["losses"]}


def train__stops_when_the_loss_rises(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """You stop as soon as the loss rises. All steps are asked: with a large learning rate the loss has to run away.

    That is how one sees that the learning rate is too large.
    """
    losses: list[float] = []
    for _ in range(steps):
        loss = _loss(x, y, w, b)
        if losses and loss > losses[-1]:
            break
        losses.append(loss)
        grad_w, grad_b = _gradient(x, y, w, b)
        w, b = w - lr * grad_w, b - lr * grad_b
    return {"w": w, "b": b, "losses": losses}


def train__begins_at_zero(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your training begins with w = 0 and b = 0, whatever start the call asks for."""
    return _trained(x, y, 0.0, 0.0, lr, steps)


def train__uphill(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your loss rises in every step: the slope says where the loss grows, so the update has to go the other way."""
    return _trained(x, y, w, b, lr, steps, pace=-1.0)


def train__factor_2_forgotten(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your steps are half as long as they should be: the derivative of a square brings down a factor 2."""
    return _trained(x, y, w, b, lr, steps, pace=0.5)


def train__slopes_summed(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your steps are N times too long: they are those of the sum of the squared errors, not of the mean."""
    return _trained(x, y, w, b, lr, steps, pace=float(len(x)))


def train__summed(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your losses are N times too large, and so are your steps: you add the squared errors up and do not average."""
    result = _trained(x, y, w, b, lr, steps, pace=float(len(x)))
    return {**result, "losses": [len(x) * loss for loss in result["losses"]]}


def train__learning_rate_forgotten(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your steps are as long as the gradient, whatever the learning rate is: lr does not appear in your update."""
    return _trained(x, y, w, b, 1.0, steps)


def train__b_not_updated(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your b never moves. It is a parameter like w: it has a slope of its own, and each step has to hand it on."""
    losses = []
    for _ in range(steps):
        losses.append(_loss(x, y, w, b))
        w -= lr * _gradient(x, y, w, b)[0]
    return {"w": w, "b": b, "losses": losses}


def train__b_after_w(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """In each step you compute the slope along b after w has already moved. Both slopes belong to the same place."""
    losses = []
    for _ in range(steps):
        losses.append(_loss(x, y, w, b))
        w -= lr * _gradient(x, y, w, b)[0]
        b -= lr * _gradient(x, y, w, b)[1]
    return {"w": w, "b": b, "losses": losses}


def train__every_pair(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your loss is a mean over N times N errors: every prediction is compared with every target.

    That happens when a column of shape (N, 1) meets a flat tensor of shape (N,). Look at the shapes before you
    subtract.
    """
    pairs = torch.cartesian_prod(x, y)
    return _trained(pairs[:, 0], pairs[:, 1], w, b, lr, steps)


def train__root(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """The training is right, and your losses are roots. The loss of this lesson is the mean of the squares itself."""
    result = _trained(x, y, w, b, lr, steps)
    return {**result, "losses": [loss**0.5 for loss in result["losses"]]}


def train__data_swapped(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """You exchanged x and y: the line predicts y from x, and the error is measured in y."""
    return _trained(y, x, w, b, lr, steps)


def _rounded(result: dict[str, Any], digits: int) -> dict[str, Any]:
    losses = [round(loss, digits) for loss in result["losses"]]
    return {"w": round(result["w"], digits), "b": round(result["b"], digits), "losses": losses}


def train__rounded_to_3(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """You round to 3 decimals, which leaves nothing of small numbers. Return them as they are."""
    return _rounded(_trained(x, y, w, b, lr, steps), 3)


def train__rounded_to_4(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """You round to 4 decimals, which leaves nothing of small numbers. Return them as they are."""
    return _rounded(_trained(x, y, w, b, lr, steps), 4)


def train__losses_rounded_to_3(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """You round the losses to 3 decimals, which leaves nothing of small ones. Keep them as they are."""
    result = _trained(x, y, w, b, lr, steps)
    return {**result, "losses": _rounded(result, 3)["losses"]}


def train__losses_rounded_to_4(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """You round the losses to 4 decimals, which leaves nothing of small ones. Keep them as they are."""
    result = _trained(x, y, w, b, lr, steps)
    return {**result, "losses": _rounded(result, 4)["losses"]}


def _optimized_steps(
    x: Tensor, y: Tensor, theta: Tensor, optimizer: torch.optim.Optimizer, steps: int
) -> dict[str, Any]:
    losses = [_optimized(x, y, theta, optimizer) for _ in range(steps)]
    w, b = theta.tolist()
    return {"w": w, "b": b, "losses": losses}


def train__adam(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your steps are those of Adam, which divides each slope by its own size so far; here a step is lr times the slope.

    `torch.optim.SGD` makes such a step.
    """
    theta = torch.tensor([w, b], requires_grad=True)
    return _optimized_steps(x, y, theta, torch.optim.Adam([theta], lr=lr), steps)


def train__momentum(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Your first step is right, and each later one goes on with 0.9 of the step before it: that is momentum.

    Here a step depends on the slope where it starts, and on nothing that was before.
    """
    theta = torch.tensor([w, b], requires_grad=True)
    return _optimized_steps(x, y, theta, torch.optim.SGD([theta], lr=lr, momentum=0.9), steps)
