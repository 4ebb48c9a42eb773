"""What must hold in lesson 1.1: the loss to beat, one step of the training loop, and the loop."""

import math

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
    row,
    vectors,
)

# Mean, both medians and the middle between the extremes are four different numbers.
TARGETS = row(0.5, 1.0, 4.5, -2.0)
# Neither x nor y has the mean 0, and no two mistakes agree on these points.
POINTS = (row(1.0, 2.0, 4.0), row(3.0, -1.0, 2.5))
# The line w = 0.5, b = -1 all but fits them: its slopes are small, and a step is made all the same.
ALMOST = (row(1.0, 2.0, 4.0), row(-0.5 + 2**-14, -(2**-15), 1.0 + 2**-14))
# Multiplied by it, no number keeps a digit that is rounded to three or four decimals. A power of two adds no error.
SMALL = 2.0**-8
# Here no slope is above a threshold and no loss above a guard: what stops early or skips small steps shows itself.
TINY = 2.0**-30


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _errors(x: Tensor, y: Tensor, w: float, b: float) -> list[float]:
    return [w * point + b - target for point, target in zip(x.tolist(), y.tolist(), strict=True)]


def _loss(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the mean squared error in plain Python, one point after the other."""
    return _mean([error * error for error in _errors(x, y, w, b)])


def _size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the natural size of one squared error: losses are compared with it, for a loss itself may be 0."""
    return (largest(y) + abs(w) * largest(x) + abs(b)) ** 2


# best_constant


def _loss_of_constant(y: Tensor, c: float) -> float:
    return _mean([(c - target) ** 2 for target in y.tolist()])


def _sizes_of(y: Tensor) -> Tensor:
    """Return the natural sizes of the constant and of its loss."""
    return row(largest(y), largest(y) ** 2)


@given(y=vectors())
@example(y=TARGETS)
def test_mean_and_its_loss(best_constant: StudentFunction, y: Tensor) -> None:
    """The best constant is the mean of y, and the loss is the mean squared error of predicting it every time.

    The wanted numbers come from plain Python, one target after the other.
    """
    c, loss = best_constant(y)
    mean = _mean(y.tolist())
    assert_close(c, mean, scale=largest(y), says="The constant is not the mean of y.")
    says = "The loss is not the mean of the squared errors that the mean of y makes."
    assert_close(loss, _loss_of_constant(y, mean), scale=largest(y) ** 2, says=says)


@given(y=vectors(), other=numbers())
@example(y=TARGETS, other=1.0)
@example(y=TARGETS, other=2.0)
def test_no_constant_is_better(best_constant: StudentFunction, y: Tensor, other: float) -> None:
    """No constant is better than the best: whichever you try, its mean squared error is at least the loss returned.

    That is what makes the loss one to beat: whoever looks at x may do better, and whoever does not look at it cannot.
    """
    _, loss = best_constant(y)
    says = f"To predict {other} every time has a lower mean squared error than the loss returned."
    assert_at_most(loss, _loss_of_constant(y, other), slack=LOSS32 * (largest(y) ** 2 + other**2), says=says)


@given(y=vectors(), other=numbers())
@example(y=TARGETS, other=2.0)
def test_any_other_constant(best_constant: StudentFunction, y: Tensor, other: float) -> None:
    """Another constant k has the loss of the best one plus (k - c)**2, exactly.

    The loss is a parabola in the constant: c is where its bottom lies, and the loss returned is how high.
    """
    c, loss = best_constant(y)
    says = (
        f"To predict {other} every time costs {_loss_of_constant(y, other):.6g}, and loss + ({other} - c)**2 does not."
    )
    scale = largest(y) ** 2 + other**2
    assert_close(loss + (other - c) ** 2, _loss_of_constant(y, other), scale=scale, says=says)


@given(y=vectors(), shift=numbers(), factor=st.one_of(numbers(), st.just(SMALL)))
@example(y=TARGETS, shift=1.5, factor=-2.0)
@example(y=TARGETS, shift=1.5, factor=SMALL)
def test_shifted_and_scaled(best_constant: StudentFunction, y: Tensor, shift: float, factor: float) -> None:
    """Adding k to all of y adds k to c and leaves the loss; multiplying y by s multiplies c by s and the loss by s**2.

    The loss is made of squares of differences: they do not notice a shift, and they carry a factor twice. So small
    numbers are as exact as large ones.
    """
    c, loss = best_constant(y)
    size = largest(y) + abs(shift)
    moved = best_constant(y + shift)
    says = f"With {shift} added to all of y, the result is not (c + {shift}, the same loss)."
    assert_close(moved, (c + shift, loss), scale=row(size, size**2), says=says)
    scaled = best_constant(factor * y)
    says = f"With y multiplied by {factor}, the result is not ({factor} * c, {factor}**2 * loss)."
    assert_close(scaled, (factor * c, factor**2 * loss), scale=_sizes_of(factor * y), says=says)


@given(y=vectors())
@example(y=TARGETS)
def test_targets_repeated(best_constant: StudentFunction, y: Tensor) -> None:
    """Both are means: with every target taken twice, in another order, c and the loss are the same.

    Twice as many squared errors are added up, and their sum is divided by twice as many targets.
    """
    once = best_constant(y)
    twice = best_constant(torch.cat([y, y.flip(0)]))
    says = "With every target taken twice, the result is another one."
    assert_close(twice, once, scale=_sizes_of(y), says=says)


@given(target=numbers(), size=st.integers(1, 5))
@example(target=3.0, size=3)
@example(target=2.0, size=1)
def test_all_targets_alike(best_constant: StudentFunction, target: float, size: int) -> None:
    """If all targets are alike, the constant is that target and the loss is 0, also with one target only.

    Then a constant makes no error at all.
    """
    y = row(*[target] * size)
    assert_close(best_constant(y), (target, 0.0), scale=_sizes_of(y))


# training_step

LEARNING_RATES = (0.0, 0.125, 0.25, 0.5, 1.0, 2.0)
UNITS = (SMALL, 0.125, 16.0)
lines = st.tuples(numbers(), numbers())


def _slope_size(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the natural size of a slope of the loss: twice an error, times an input or alone."""
    return 2 * math.sqrt(_size(x, y, w, b)) * (1 + largest(x))


def _step_sizes(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Return the natural sizes of the five numbers of a step."""
    slope = _slope_size(x, y, w, b)
    parameter = abs(w) + abs(b) + lr * slope
    return {"loss": _size(x, y, w, b), "grad_w": slope, "grad_b": slope, "w": parameter, "b": parameter}


@given(data=data_sets(), line=lines, lr=st.sampled_from(LEARNING_RATES))
@example(data=POINTS, line=(0.5, -1.0), lr=0.25)
def test_loss_before_the_update(
    training_step: StudentFunction, data: tuple[Tensor, Tensor], line: tuple[float, float], lr: float
) -> None:
    """The loss is the mean squared error of the line as it was given, before the update.

    The wanted number comes from plain Python, one point after the other.
    """
    x, y = data
    step = training_step(x, y, *line, lr)
    says = "The loss is not the mean squared error of the line w * x + b with the w and b of the call."
    assert_close(step["loss"], _loss(x, y, *line), scale=_size(x, y, *line), says=says)


@given(data=data_sets(), line=lines, lr=st.sampled_from(LEARNING_RATES))
@example(data=POINTS, line=(0.5, -1.0), lr=0.25)
def test_slopes(
    training_step: StudentFunction, data: tuple[Tensor, Tensor], line: tuple[float, float], lr: float
) -> None:
    """grad_w and grad_b are the slopes of the loss at the line as it was given.

    The loss is a parabola in w and a parabola in b, so its slope is the difference of its values one unit to the
    right and one unit to the left, divided by 2, exactly. That is how the wanted slopes are found: by losses only.
    """
    x, y = data
    w, b = line
    step = training_step(x, y, w, b, lr)
    scale = _slope_size(x, y, w, b)
    slope = (_loss(x, y, w + 1, b) - _loss(x, y, w - 1, b)) / 2
    says = "grad_w is not the slope of the mean squared error along w."
    assert_close(step["grad_w"], slope, scale=scale, says=says)
    slope = (_loss(x, y, w, b + 1) - _loss(x, y, w, b - 1)) / 2
    says = "grad_b is not the slope of the mean squared error along b."
    assert_close(step["grad_b"], slope, scale=scale, says=says)


@given(data=data_sets(), line=lines, lr=st.sampled_from(LEARNING_RATES))
@example(data=POINTS, line=(0.5, -1.0), lr=0.25)
@example(data=ALMOST, line=(0.5, -1.0), lr=2.0)
def test_update(
    training_step: StudentFunction, data: tuple[Tensor, Tensor], line: tuple[float, float], lr: float
) -> None:
    """The new w is the old w - lr * grad_w, and the new b is the old b - lr * grad_b; with lr = 0 nothing moves.

    Each parameter goes against its own slope, and the learning rate says how far.
    """
    x, y = data
    step = training_step(x, y, *line, lr)
    for name, old in zip("wb", line, strict=True):
        slope = step[f"grad_{name}"]
        says = f"The new {name} is not the old {name} minus lr times the grad_{name} that you returned."
        assert_close(step[name], old - lr * slope, scale=abs(old) + lr * abs(slope), says=says)


@given(data=data_sets(), line=lines, lr=st.sampled_from(LEARNING_RATES))
@example(data=POINTS, line=(0.5, -1.0), lr=0.25)
def test_remembers_nothing(
    training_step: StudentFunction, data: tuple[Tensor, Tensor], line: tuple[float, float], lr: float
) -> None:
    """A step remembers nothing: the same call again gives the same five numbers.

    The slopes at a place depend on the place and the data, not on how often anybody has asked before.
    """
    x, y = data
    first, again = training_step(x, y, *line, lr), training_step(x, y, *line, lr)
    for name, size in _step_sizes(x, y, *line, lr).items():
        says = f"The same call, made again, gives another {name}."
        assert_close(again[name], first[name], scale=size, says=says)


def _learning_rate(x: Tensor, pace: float) -> float:
    """Return a learning rate with which the loss falls (pace < 1) or the training runs away (pace > 4).

    The limit is 2 / (largest curvature), and the largest curvature lies between the half and the whole of the sum
    of both, 2 * mean(x**2) + 2. A power of two keeps failing calls readable.
    """
    return pace * 2.0 ** math.floor(-math.log2(float((x**2).mean()) + 1))


STABLE = (0.25, 0.5, 0.75, 0.9375)
ANY_PACE = (*STABLE, 5.0)


@given(data=data_sets(), line=lines, pace=st.sampled_from(STABLE))
@example(data=POINTS, line=(0.5, -1.0), pace=0.5)
def test_step_goes_down(
    training_step: StudentFunction, data: tuple[Tensor, Tensor], line: tuple[float, float], pace: float
) -> None:
    """With a small learning rate a step goes down: the loss of the new w and b is at most the loss of the old ones.

    The slope says in which direction the loss grows, and the step goes the other way. "Small" means below
    2 / (largest curvature), which depends on x alone.
    """
    x, y = data
    step = training_step(x, y, *line, _learning_rate(x, pace))
    slack = LOSS32 * _size(x, y, *line)
    says = "The loss of the new w and b is larger than the loss of the old ones."
    assert_at_most(_loss(x, y, step["w"], step["b"]), _loss(x, y, *line), slack=slack, says=says)


@given(data=data_sets(), line=lines, lr=st.sampled_from(LEARNING_RATES))
@example(data=POINTS, line=(0.5, -1.0), lr=0.25)
def test_points_repeated(
    training_step: StudentFunction, data: tuple[Tensor, Tensor], line: tuple[float, float], lr: float
) -> None:
    """The loss is a mean: with every point taken twice, in another order, the step is the same.

    So the learning rate need not be chosen anew because there are more data.
    """
    x, y = data
    once = training_step(x, y, *line, lr)
    twice = training_step(torch.cat([x, x.flip(0)]), torch.cat([y, y.flip(0)]), *line, lr)
    for name, size in _step_sizes(x, y, *line, lr).items():
        says = f"With every point taken twice, {name} is another number."
        assert_close(twice[name], once[name], scale=size, says=says)


@given(data=data_sets(), line=lines, lr=st.sampled_from(LEARNING_RATES), unit=st.sampled_from(UNITS))
@example(data=POINTS, line=(0.5, -1.0), lr=0.25, unit=SMALL)
def test_in_another_unit(
    training_step: StudentFunction, data: tuple[Tensor, Tensor], line: tuple[float, float], lr: float, unit: float
) -> None:
    """With y, w and b in another unit, s times as large, the slopes and the new w and b are, and the loss s**2 times.

    A step knows no number but those of the call: nothing is rounded, cut off or added for safety. Small numbers are as
    exact as large ones.
    """
    x, y = data
    w, b = line
    step = training_step(x, y, w, b, lr)
    converted = training_step(x, unit * y, unit * w, unit * b, lr)
    for name, size in _step_sizes(x, y, w, b, lr).items():
        factor = unit**2 if name == "loss" else unit
        says = f"With y, w and b multiplied by {unit}, {name} is not {factor} times as large."
        assert_close(converted[name], factor * step[name], scale=factor * size, says=says)


@given(x=vectors(), line=lines, lr=st.sampled_from(LEARNING_RATES))
@example(x=POINTS[0], line=(0.5, -1.0), lr=0.25)
def test_rests_on_a_perfect_line(
    training_step: StudentFunction, x: Tensor, line: tuple[float, float], lr: float
) -> None:
    """Where the line fits without an error, the loss and both slopes are 0, and w and b stay as they are.

    Every error is 0, so every square and every product with it is 0.
    """
    w, b = line
    y = w * x + b
    step = training_step(x, y, w, b, lr)
    wanted = {"loss": 0.0, "grad_w": 0.0, "grad_b": 0.0, "w": w, "b": b}
    for name, size in _step_sizes(x, y, w, b, lr).items():
        value = wanted[name]
        says = f"The line fits the data without an error, and {name} is {step[name]:.6g} instead of {value:.6g}."
        assert_close(step[name], value, scale=size, says=says)


# train


def _trained(
    x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int
) -> tuple[list[tuple[float, float]], list[float]]:
    """Return every line (w, b) on the way, the start included, and the losses before the updates, in plain Python."""
    path, losses = [(w, b)], []
    for _ in range(steps):
        errors = _errors(x, y, w, b)
        losses.append(_mean([error * error for error in errors]))
        grad_w = 2 * _mean([error * point for error, point in zip(errors, x.tolist(), strict=True)])
        grad_b = 2 * _mean(errors)
        w, b = w - lr * grad_w, b - lr * grad_b
        path.append((w, b))
    return path, losses


def _sizes(x: Tensor, y: Tensor, path: list[tuple[float, float]]) -> Tensor:
    """Return for each line on the way the natural size of a squared error there, the largest so far."""
    return as_tensor([_size(x, y, w, b) for w, b in path]).cummax(dim=0).values


def _size_of_line(y: Tensor, path: list[tuple[float, float]]) -> float:
    return largest(y) + max(abs(w) + abs(b) for w, b in path)


@given(data=data_sets(), line=lines, pace=st.sampled_from(ANY_PACE))
@example(data=POINTS, line=(0.5, -1.0), pace=0.75)
def test_no_steps(train: StudentFunction, data: tuple[Tensor, Tensor], line: tuple[float, float], pace: float) -> None:
    """With steps = 0 nothing happens: w and b are those of the call, and there are no losses.

    A loss is recorded for each update, and there is none.
    """
    x, y = data
    result = train(x, y, *line, _learning_rate(x, pace), 0)
    says = "Without any step, w and b are not those of the call."
    assert_close((result["w"], result["b"]), line, scale=_size_of_line(y, [line]), says=says)
    assert_close(len(result["losses"]), 0, tolerance=0, says="Without any step there is a loss in the list.")


@given(data=data_sets(), line=lines, pace=st.sampled_from(ANY_PACE), steps=st.integers(1, 8))
@example(data=POINTS, line=(0.5, -1.0), pace=0.75, steps=3)
@example(data=POINTS, line=(0.5, -1.0), pace=5.0, steps=3)
def test_losses(
    train: StudentFunction, data: tuple[Tensor, Tensor], line: tuple[float, float], pace: float, steps: int
) -> None:
    """Entry t of the losses is the loss before update t, one entry for each step, however large lr is.

    The wanted losses come from plain Python. With a learning rate above the limit they rise, and the list shows it.
    """
    x, y = data
    lr = _learning_rate(x, pace)
    path, wanted = _trained(x, y, *line, lr, steps)
    losses = train(x, y, *line, lr, steps)["losses"]
    says = "The losses are not those of the lines before each update."
    assert_close(losses, wanted, scale=_sizes(x, y, path[:-1]), says=says)


@given(data=data_sets(), line=lines, pace=st.sampled_from(ANY_PACE), steps=st.integers(1, 8))
@example(data=POINTS, line=(0.5, -1.0), pace=0.75, steps=3)
@example(data=ALMOST, line=(0.5, -1.0), pace=5.0, steps=3)
def test_trained_line(
    train: StudentFunction, data: tuple[Tensor, Tensor], line: tuple[float, float], pace: float, steps: int
) -> None:
    """The trained w and b are where all the steps lead, each against its own gradient.

    The slopes change on the way, so each step takes those of the place that it starts from. The wanted numbers come
    from plain Python.
    """
    x, y = data
    lr = _learning_rate(x, pace)
    path, _ = _trained(x, y, *line, lr, steps)
    result = train(x, y, *line, lr, steps)
    says = f"w and b are not where {steps} steps against the gradient lead."
    assert_close((result["w"], result["b"]), path[-1], scale=_size_of_line(y, path), says=says)


@given(
    data=data_sets(), line=lines, pace=st.sampled_from(STABLE), steps=st.integers(0, 4), more_steps=st.integers(1, 4)
)
@example(data=POINTS, line=(0.5, -1.0), pace=0.75, steps=2, more_steps=2)
def test_stopped_and_continued(
    train: StudentFunction,
    data: tuple[Tensor, Tensor],
    line: tuple[float, float],
    pace: float,
    steps: int,
    more_steps: int,
) -> None:
    """Training can be stopped and continued: some steps, then some more from there, are the same as all of them.

    Nothing but w and b is carried from one step to the next, so nothing else has to be kept.
    """
    x, y = data
    lr = _learning_rate(x, pace)
    whole = train(x, y, *line, lr, steps + more_steps)
    first = train(x, y, *line, lr, steps)
    rest = train(x, y, first["w"], first["b"], lr, more_steps)
    size = _size(x, y, *line)
    says = f"{steps} steps and {more_steps} more do not give the losses of {steps + more_steps} steps."
    assert_close(first["losses"] + rest["losses"], whole["losses"], scale=size, says=says)
    says = f"{steps} steps and {more_steps} more do not end where {steps + more_steps} steps end."
    ends = (rest["w"], rest["b"]), (whole["w"], whole["b"])
    assert_close(*ends, scale=10 * _size_of_line(y, [line]), says=says)


@given(data=data_sets(), line=lines, pace=st.sampled_from(STABLE), steps=st.integers(2, 8))
@example(data=POINTS, line=(0.5, -1.0), pace=0.9375, steps=6)
def test_loss_never_rises(
    train: StudentFunction, data: tuple[Tensor, Tensor], line: tuple[float, float], pace: float, steps: int
) -> None:
    """With a small learning rate the loss never rises from one step to the next.

    Each step goes down, and "small" means below 2 / (largest curvature), which depends on x alone.
    """
    x, y = data
    losses = train(x, y, *line, _learning_rate(x, pace), steps)["losses"]
    slack = LOSS32 * _size(x, y, *line)
    assert_at_most(losses[1:], losses[:-1], slack=slack, says="The loss rises from one step to the next.")


@given(data=data_sets(), line=lines, pace=st.sampled_from(STABLE), steps=st.integers(1, 8), shift=numbers())
@example(data=POINTS, line=(0.5, -1.0), pace=0.75, steps=2, shift=1.0)
def test_everything_raised(
    train: StudentFunction,
    data: tuple[Tensor, Tensor],
    line: tuple[float, float],
    pace: float,
    steps: int,
    shift: float,
) -> None:
    """Raising y and the b of the start by k raises the trained b by k, and changes neither w nor any loss.

    All errors are the same as before, and the loop sees the data through its errors only.
    """
    x, y = data
    (w, b), lr = line, _learning_rate(x, pace)
    before, after = train(x, y, w, b, lr, steps), train(x, y + shift, w, b + shift, lr, steps)
    size = 10 * (_size_of_line(y, [line]) + abs(shift))
    says = f"With {shift} added to y and b, the trained line is not the same one, {shift} higher."
    ends = (after["w"], after["b"]), (before["w"], before["b"] + shift)
    assert_close(*ends, scale=size, says=says)
    says = f"With {shift} added to y and b, the losses are others."
    scale = _size(x, y, w, b) + _size(x, y + shift, w, b + shift)
    assert_close(after["losses"], before["losses"], scale=scale, says=says)


@given(
    data=data_sets(), line=lines, pace=st.sampled_from(ANY_PACE), steps=st.integers(1, 8), unit=st.sampled_from(UNITS)
)
@example(data=POINTS, line=(0.5, -1.0), pace=0.75, steps=4, unit=SMALL)
@example(data=POINTS, line=(0.5, -1.0), pace=0.75, steps=4, unit=TINY)
def test_trained_in_another_unit(
    train: StudentFunction,
    data: tuple[Tensor, Tensor],
    line: tuple[float, float],
    pace: float,
    steps: int,
    unit: float,
) -> None:
    """With y, w and b in another unit, s times as large, the trained w and b are, and the losses s**2 times.

    A loop knows no number but those of the call: it does not stop because the steps or the losses have become small,
    and it rounds and limits nothing.
    """
    x, y = data
    (w, b), lr = line, _learning_rate(x, pace)
    path, _ = _trained(x, y, w, b, lr, steps)
    before, after = train(x, y, w, b, lr, steps), train(x, unit * y, unit * w, unit * b, lr, steps)
    says = f"With y, w and b multiplied by {unit}, the trained line is not {unit} times as large."
    wanted = unit * before["w"], unit * before["b"]
    assert_close((after["w"], after["b"]), wanted, scale=unit * _size_of_line(y, path), says=says)
    says = f"With y, w and b multiplied by {unit}, the losses are not {unit**2} times as large."
    wanted_losses = [unit**2 * loss for loss in before["losses"]]
    assert_close(after["losses"], wanted_losses, scale=unit**2 * _sizes(x, y, path[:-1]), says=says)
