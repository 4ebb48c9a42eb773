"""measure_gravity must train g on a fall, and record the loss before each update."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    LOSS32,
    StudentFunction,
    assert_at_most,
    assert_close,
    data_sets,
    largest,
    numbers,
    predict,
    row,
    variant,
)

from .shared import STABLE, mean

Fall = tuple[Tensor, Tensor, float, float]
"""t, d, g and lr."""


def _paced(t: Tensor, d: Tensor, g: float, pace: float) -> Fall:
    """Return a call whose learning rate lets the loss fall (pace < 1) or the training run away (pace > 2).

    The limit is 4 / mean(t**4). A power of two keeps failing calls readable.
    """
    return t, d, g, pace * 2.0 ** math.floor(-math.log2(float((t**4).mean()) / 4))


def _falls(paces: tuple[float, ...]) -> st.SearchStrategy[Fall]:
    """Draw times that are not too short, distances, a start and a learning rate."""
    drawn = st.tuples(data_sets(), numbers(), st.sampled_from(paces))
    return drawn.map(lambda parts: _paced(parts[0][0].abs() + 0.5, *parts[0][1:], *parts[1:]))


# No g fits these distances, and no two mistakes agree on them.
START = (row(0.5, 1.0, 2.0), row(1.0, 6.0, 17.5), 4.0)
FALL, RUNAWAY = _paced(*START, 0.75), _paced(*START, 3.0)
any_fall, stable_fall, some_steps = _falls((*STABLE, 3.0)), _falls(STABLE), st.integers(1, 6)


def _errors(t: Tensor, d: Tensor, g: float) -> list[float]:
    return [0.5 * g * time**2 - fallen for time, fallen in zip(t.tolist(), d.tolist(), strict=True)]


def _loss(t: Tensor, d: Tensor, g: float) -> float:
    """Return the mean squared error of the fall with this g, in plain Python."""
    return mean([error * error for error in _errors(t, d, g)])


def _path(t: Tensor, d: Tensor, g: float, lr: float, steps: int) -> list[float]:
    """Return every g on the way, the start included, in plain Python."""
    path = [g]
    for _ in range(steps):
        slope = mean([error * time**2 for error, time in zip(_errors(t, d, path[-1]), t.tolist(), strict=True)])
        path.append(path[-1] - lr * slope)
    return path


def _loss_size(t: Tensor, d: Tensor, path: list[float]) -> float:
    """Return the natural size of a squared error on the way."""
    return (largest(d) + 0.5 * max(map(abs, path)) * largest(t) ** 2) ** 2


def _size(t: Tensor, d: Tensor, path: list[float]) -> float:
    """Return the natural size of g: that of the start, or what the distances over the times say."""
    return max(map(abs, path)) + 2 * largest(d) / mean([time**2 for time in t.tolist()])


@given(fall=any_fall, steps=some_steps)
@example(fall=FALL, steps=3)
@example(fall=RUNAWAY, steps=3)
def test_losses_of_the_fall(measure_gravity: StudentFunction, fall: Fall, steps: int) -> None:
    """Entry k of the losses is the mean squared error before update k, one entry for each step.

    The expected losses come from plain Python. With a learning rate above the limit they rise, and the list shows it.
    """
    path = _path(*fall, steps - 1)
    expected, scale = [_loss(*fall[:2], g) for g in path], _loss_size(*fall[:2], path)
    says = "The losses are not those of the g before each update."
    assert_close(measure_gravity(*fall, steps)["losses"], expected, scale=scale, says=says)


@given(fall=any_fall, steps=some_steps)
@example(fall=FALL, steps=1)
@example(fall=FALL, steps=4)
def test_way_to_the_best(measure_gravity: StudentFunction, fall: Fall, steps: int) -> None:
    """Each step multiplies the distance from the best g by the same factor, 1 - lr * mean(t**4) / 2.

    The loss is a parabola in g. Its bottom is at 2 * mean(d * t**2) / mean(t**4), so the formula says without any loop
    where all the steps lead.
    """
    t, d, g, lr = fall
    squares, path = [time**2 for time in t.tolist()], _path(*fall, steps)
    fourth = mean([square**2 for square in squares])
    best = 2 * mean([fallen * square for fallen, square in zip(d.tolist(), squares, strict=True)]) / fourth
    expected = best + (1 - lr * fourth / 2) ** steps * (g - best)
    says = f"g is not where {steps} steps from {g} lead; the best g is {best:.6g}."
    assert_close(measure_gravity(*fall, steps)["g"], expected, scale=_size(t, d, [*path, best]), says=says)


@given(fall=stable_fall, steps=st.integers(2, 6))
@example(fall=_paced(*START, 0.9375), steps=6)
def test_loss_of_the_fall_never_rises(measure_gravity: StudentFunction, fall: Fall, steps: int) -> None:
    """With a small learning rate the loss never rises from one step to the next.

    Each step goes down, and "small" means below 4 / mean(t**4).
    """
    losses, slack = measure_gravity(*fall, steps)["losses"], LOSS32 * _loss_size(*fall[:2], [fall[2]])
    assert_at_most(losses[1:], losses[:-1], slack=slack, says="The loss rises from one step to the next.")


@given(fall=stable_fall, steps=st.integers(0, 3), more_steps=st.integers(1, 3))
@example(fall=FALL, steps=2, more_steps=2)
def test_fall_stopped_and_continued(measure_gravity: StudentFunction, fall: Fall, steps: int, more_steps: int) -> None:
    """Training can be stopped and continued: some steps, then some more from there, are the same as all of them.

    Nothing but g is carried from one step to the next. With 0 steps nothing happens.
    """
    t, d, _, lr = fall
    path = _path(*fall, steps + more_steps)
    whole, first = measure_gravity(*fall, steps + more_steps), measure_gravity(*fall, steps)
    rest = measure_gravity(t, d, first["g"], lr, more_steps)
    says = f"{steps} steps and {more_steps} more do not give the losses of {steps + more_steps} steps."
    assert_close(first["losses"] + rest["losses"], whole["losses"], scale=_loss_size(t, d, path), says=says)
    says = f"{steps} steps and {more_steps} more do not end where {steps + more_steps} steps end."
    assert_close(rest["g"], whole["g"], scale=10 * _size(t, d, path), says=says)


@given(fall=stable_fall, steps=some_steps)
@example(fall=FALL, steps=3)
def test_right_gravity_rests(measure_gravity: StudentFunction, fall: Fall, steps: int) -> None:
    """On a fall that the model fits exactly, g stays where it is, and every loss is 0.

    All errors are 0, so the slope is 0 as well.
    """
    t, _, g, lr = fall
    d = 0.5 * g * t**2
    result, size = measure_gravity(t, d, g, lr, steps), _size(t, d, [g])
    assert_close(result["g"], g, scale=size, says="The model fits the fall exactly, and g moves all the same.")
    says = "The model fits the fall exactly, and a loss is not 0."
    assert_close(result["losses"], [0.0] * steps, scale=_loss_size(t, d, [g]), says=says)


@predict(
    answer="2.5 %, a sixteenth.",
    because="The time enters the slope twice as a square: once because the model multiplies g by t**2, and once because"
    " the errors grow with t**2. Half the time makes it 2**4 = 16 times smaller, and with it every step.",
    otherwise={
        "40 %, as before.": "The learning rate is the same, but a step is lr times the slope, and the slope depends on"
        " the times.",
        "20 %, half.": "The time enters the model as a square, so half the time does more than that.",
        "10 %, a quarter.": "That is how much smaller the distances are. The slope multiplies them by t**2 once more.",
    },
)
def half_the_time(measure_gravity: Callable[..., dict[str, Any]]) -> dict[str, Tensor]:
    """A fall is timed up to two seconds, and each step of the training removes 40 % of the error in g.

    Now you time the fall at half of those moments and keep the learning rate.
    How much of the error in g does each step remove?
    """
    t, lr = torch.tensor([1.0, 2.0]), 0.4 / 4.25
    left = []
    for times in (t, t / 2):
        g = measure_gravity(times, 0.5 * 10.0 * times**2, 8.0, lr, 1)["g"]
        left.append((10.0 - g) / 2.0)
    assert abs(left[0] - 0.6) < 1e-3
    assert abs(left[1] - 0.975) < 1e-3
    steps = torch.arange(10.0)
    return {"step": steps, "part of the error in g that is left": left[1] ** steps}


# Right answers in other styles


@variant
def optimizer(t: Tensor, d: Tensor, g: float, lr: float, steps: int) -> dict[str, Any]:
    """torch.optim.SGD, with zero_grad at the beginning of each step, in float32."""
    gravity = torch.tensor(g, requires_grad=True)
    optimizer = torch.optim.SGD([gravity], lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(0.5 * gravity * t**2, d)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return {"g": gravity.item(), "losses": losses}


@variant
def cleared_first(t: Tensor, d: Tensor, g: float, lr: float, steps: int) -> dict[str, Any]:
    """The slope forgotten before backward, the update through .data, the losses as tensors."""
    gravity = torch.tensor([g], requires_grad=True)
    losses = []
    for _ in range(steps):
        gravity.grad = None
        loss = (gravity / 2 * t.pow(2) - d).square().mean()
        losses.append(loss.detach())
        loss.backward()
        gravity.data -= lr * gravity.grad  # type: ignore[operator]  # backward has filled it
    return {"g": gravity.detach()[0], "losses": losses}


@variant
def float64(t: Tensor, d: Tensor, g: float, lr: float, steps: int) -> dict[str, Any]:
    """float64 inside, with torch.autograd.grad."""
    times, fallen, gravity = t.double(), d.double(), torch.tensor(g, dtype=torch.float64, requires_grad=True)
    losses = torch.zeros(steps)
    for k in range(steps):
        loss = ((fallen - gravity * times**2 / 2) ** 2).sum() / len(times)
        (slope,) = torch.autograd.grad(loss, gravity)
        gravity = (gravity - lr * slope).detach().requires_grad_()
        losses[k] = loss.item()
    return {"losses": losses, "g": gravity.item()}


@variant
def by_hand(t: Tensor, d: Tensor, g: float, lr: float, steps: int) -> dict[str, Any]:
    """The slope by hand, in plain Python."""
    points, losses = list(zip(t.tolist(), d.tolist(), strict=True)), []
    for _ in range(steps):
        errors = [(0.5 * g * time**2 - fallen, time) for time, fallen in points]
        losses.append(sum(error**2 for error, _ in errors) / len(points))
        g -= lr * sum(error * time**2 for error, time in errors) / len(points)
    return {"g": g, "losses": losses}


@variant
def numpy(t: Tensor, d: Tensor, g: float, lr: float, steps: int) -> dict[str, Any]:
    """NumPy inside."""
    squares, fallen, losses = t.numpy() ** 2, d.numpy(), []
    for _ in range(steps):
        error = 0.5 * g * squares - fallen
        losses.append(float(np.mean(error**2)))
        g = g - lr * float(np.mean(error * squares))
    return {"g": g, "losses": losses}
