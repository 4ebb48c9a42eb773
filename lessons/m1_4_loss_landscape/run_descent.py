"""The path is that of plain gradient descent: n + 1 points, each lr times its gradient downhill from the one before."""

import math
from collections.abc import Callable
from itertools import accumulate

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from torch import Tensor

from grader.authoring import (
    PARAM32,
    Numbers,
    StudentFunction,
    as_tensor,
    assert_at_most,
    assert_close,
    data_sets,
    largest,
    numbers,
    picture,
    predict,
    row,
    variant,
    vectors,
)

from .shared import PAIRS, POINTS, SMALL, UNITS, Data, Pair, Walk, loss_of, size_of

STABLE = st.sampled_from((0.25, 0.5, 0.75, 0.9375))
ANY_PACE = st.sampled_from((0.25, 0.5, 0.75, 0.9375, 5.0))


def _learning_rate(x: Tensor, pace: float) -> float:
    """Return a learning rate at which the descent arrives (pace < 1) or runs away (pace > 4).

    The limit is 2 / (largest curvature), and the largest curvature lies between half and all of the sum of both,
    2 * mean(x**2) + 2. A power of two keeps failing calls readable.
    """
    return pace * 2.0 ** math.floor(-math.log2(float((x**2).mean()) + 1))


def _path_size(path: Numbers, y: Tensor, unit: float = 1.0) -> Tensor:
    """Return the natural size of every point of a path, shape (points, 1): the largest number met so far."""
    reached: Tensor = as_tensor(path).abs().sum(dim=1).cummax(dim=0).values
    return (unit + largest(y) + reached)[:, None]


@given(data=data_sets(), start=PAIRS, pace=ANY_PACE, steps=st.integers(0, 8))
@example(data=POINTS, start=(0.5, -1.0), pace=5.0, steps=3)
def test_number_of_points(run_descent: StudentFunction, data: Data, start: Pair, pace: float, steps: int) -> None:
    """A path of n steps has n + 1 points, the start and the end included, however large the learning rate is.

    With a learning rate above the limit the loss rises, and the path shows just that.
    """
    path = run_descent(*data, *start, _learning_rate(data[0], pace), steps)
    assert_close(len(path), steps + 1, tolerance=0, says=f"The path of {steps} steps has {len(path)} points.")


@given(data=data_sets(), start=PAIRS, pace=ANY_PACE, steps=st.integers(0, 8))
@example(data=POINTS, start=(0.5, -1.0), pace=0.75, steps=3)
def test_begins_at_the_start(run_descent: StudentFunction, data: Data, start: Pair, pace: float, steps: int) -> None:
    """The first point of the path is the start (w_start, b_start).

    Nothing has been computed yet: the two numbers are those of the call, the weight first.
    """
    path = run_descent(*data, *start, _learning_rate(data[0], pace), steps)
    says = "The path does not begin with (w_start, b_start)."
    assert_close(path[:1], [start], tolerance=PARAM32, scale=_path_size([start], data[1]), says=says)


@given(data=data_sets(), start=PAIRS, pace=ANY_PACE, steps=st.integers(1, 8), unit=UNITS)
@example(data=POINTS, start=(0.5, -1.0), pace=0.75, steps=2, unit=1.0)
@example(data=POINTS, start=(0.5, -1.0), pace=0.75, steps=2, unit=SMALL)
def test_first_step(
    run_descent: StudentFunction, data: Data, start: Pair, pace: float, steps: int, unit: float
) -> None:
    """The first step ends at the start minus lr times the gradient there, for w and for b.

    The loss is a parabola in w and a parabola in b, so its slope is the difference of its values one unit to the
    right and one unit to the left, divided by 2, exactly. The expected step comes from these losses alone.
    """
    x, y, w, b = data[0], unit * data[1], unit * start[0], unit * start[1]
    lr = _learning_rate(x, pace)
    grad_w = (loss_of(x, y, w + 1, b) - loss_of(x, y, w - 1, b)) / 2
    grad_b = (loss_of(x, y, w, b + 1) - loss_of(x, y, w, b - 1)) / 2
    expected = [(w, b), (w - lr * grad_w, b - lr * grad_b)]
    path = run_descent(x, y, w, b, lr, steps)
    says = "After its first step the path is not at the start minus lr times the gradient."
    assert_close(path[:2], expected, tolerance=PARAM32, scale=_path_size(expected, y, unit), says=says)


@given(data=data_sets(), start=PAIRS, pace=ANY_PACE, steps=st.integers(1, 4), more_steps=st.integers(1, 4))
@example(data=POINTS, start=(0.5, -1.0), pace=0.75, steps=2, more_steps=2)
def test_continued(
    run_descent: StudentFunction, data: Data, start: Pair, pace: float, steps: int, more_steps: int
) -> None:
    """A step remembers nothing: stopping at a point of the path and starting again from there gives the same path.

    Where a step leads depends on where it starts and on nothing else, neither on earlier gradients nor on the number
    of steps. So if the first step is right, so are all the others.
    """
    lr, all_steps = _learning_rate(data[0], pace), steps + more_steps
    path = run_descent(*data, *start, lr, all_steps)
    assert_close(len(path), all_steps + 1, tolerance=0, says="A path of n steps has n + 1 points.")
    size = _path_size(path, data[1])
    shorter = run_descent(*data, *start, lr, steps)
    says = f"The path of {steps} steps is not the beginning of the path of {all_steps} steps."
    assert_close(shorter, path[: steps + 1], tolerance=PARAM32, scale=size[: steps + 1], says=says)
    rest = run_descent(*data, *path[steps], lr, more_steps)
    says = f"Starting again after {steps} of {all_steps} steps leads elsewhere than going on."
    assert_close(rest, path[steps:], tolerance=PARAM32, scale=size[steps:], says=says)


@given(data=data_sets(), start=PAIRS, pace=STABLE, steps=st.integers(1, 8))
@example(data=POINTS, start=(0.5, -1.0), pace=0.9375, steps=6)
def test_downhill(run_descent: StudentFunction, data: Data, start: Pair, pace: float, steps: int) -> None:
    """With a learning rate below 2 / (largest curvature), the loss never rises along the path.

    Along each axis of the bowl a step multiplies the distance from the bottom by 1 - lr * curvature, and below the
    limit that is at most 1 in size.
    """
    path = run_descent(*data, *start, _learning_rate(data[0], pace), steps)
    losses = [loss_of(*data, w, b) for w, b in path]
    slack = PARAM32 * (0.01 + size_of(*data, *start))
    assert_at_most(losses[1:], losses[:-1], slack=slack, says="The loss rises from one point of the path to the next.")


@given(data=data_sets(), start=PAIRS, pace=STABLE, steps=st.integers(0, 8), shift=numbers())
@example(data=POINTS, start=(0.5, -1.0), pace=0.75, steps=2, shift=1.0)
def test_path_shifted_and_mirrored(
    run_descent: StudentFunction, data: Data, start: Pair, pace: float, steps: int, shift: float
) -> None:
    """Adding c to y and b_start adds c to every b of the path; negating x and w_start negates every w.

    The landscape is the same, only shifted along b or mirrored in w, and so is the walk down.
    """
    (x, y), (w, b), lr = data, start, _learning_rate(data[0], pace)
    size = 1 + largest(y) + abs(w) + abs(b) + abs(shift)
    path = run_descent(x, y, w, b, lr, steps)
    shifted = run_descent(x, y + shift, w, b + shift, lr, steps)
    says = f"With {shift} added to y and to b_start, the path is not the same path shifted by {shift} along b."
    assert_close(shifted, [(w, b + shift) for w, b in path], tolerance=PARAM32, scale=size, says=says)
    mirrored = run_descent(-x, y, -w, b, lr, steps)
    says = "With x and w_start negated, the path is not the same path mirrored in w."
    assert_close(mirrored, [(-w, b) for w, b in path], tolerance=PARAM32, scale=size, says=says)


@given(x=vectors(), line=PAIRS, pace=STABLE, steps=st.integers(0, 8))
@example(x=POINTS[0], line=(0.5, -1.0), pace=0.75, steps=2)
def test_rests_at_the_bottom(run_descent: StudentFunction, x: Tensor, line: Pair, pace: float, steps: int) -> None:
    """At the bottom the gradient is zero: a descent that starts at the line through the data stays where it is.

    Every error is 0, so every product and every mean of errors is 0.
    """
    w, b = line
    y = w * x + b
    path = run_descent(x, y, w, b, _learning_rate(x, pace), steps)
    says = "The start fits the data without an error, but the path does not stay there."
    assert_close(path, [line] * (steps + 1), tolerance=PARAM32, scale=1 + largest(y) + abs(w) + abs(b), says=says)


@picture
def axes_of_run_descent(axes: Axes, x: Tensor, y: Tensor, **_: object) -> None:
    """Draw the level lines of the loss behind the walk; x and y have shape (N,)."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    w, b = torch.meshgrid(torch.linspace(left, right, 60), torch.linspace(bottom, top, 60), indexing="ij")
    losses = (w[..., None] * x + b[..., None] - y).square().mean(dim=-1)
    axes.contourf(w.numpy(), b.numpy(), losses.sqrt().numpy(), levels=20, alpha=0.6, zorder=0)


Descent = Callable[[Tensor, Tensor, float, float, float, int], Walk]


@predict(
    answer="b jumps across the bottom and back, further out each time, while w settles.",
    because="Along b the bowl has the slope 2 (b - 1), so a step with lr = 1.1 multiplies b - 1 by 1 - 2.2 = -1.2."
    " Along w it is less steep: there the factor is about -0.47, and w - 2 shrinks.",
    otherwise={
        "Both reach the bottom, only faster than with lr = 0.1.": "A larger step is faster only until it jumps across"
        " the bottom: from some learning rate on, it lands higher up on the other side.",
        "Both fly away.": "w and b each have a steepness of their own. A learning rate can be too large for the steeper"
        " direction and small enough for the other.",
        "Both go round and round at the same height.": "That would need a factor of exactly -1 in both directions."
        " Each direction has a factor of its own: 1 minus the learning rate times its curvature.",
    },
)
def step_too_large(run_descent: Descent) -> Walk:
    """Three points lie on y = 2 x + 1, at x = -1, 0 and 1. You start at w = 0, b = 0 and take steps with lr = 1.1.

    Where does the walk on the loss landscape go?
    """
    x = row(-1, 0, 1)
    path = run_descent(x, 2 * x + 1, 0.0, 0.0, 1.1, 8)
    (w, b), (w_before, b_before) = path[-1], path[-2]
    assert abs(w - 2) < 0.01
    assert (b - 1) * (b_before - 1) < 0
    assert abs(b - 1) > abs(b_before - 1) > 1
    assert abs(w_before - 2) > abs(w - 2)
    return path


@predict(
    answer="It bends: first it goes nearly along b, and then slowly along w.",
    because="A step is lr times the slope, and the slope along b is much steeper."
    " When b has arrived, w has hardly left.",
    otherwise={
        "It goes straight to the bottom.": "It would in a round bowl. Here the level lines are ellipses, and the"
        " direction of steepest descent is not the direction of the bottom.",
        "It bends: first it goes nearly along w, and then slowly along b.": "A step follows the slope under its feet,"
        " and the steeper direction comes first. Along w this bowl is the flatter one.",
    },
)
def not_straight(run_descent: Descent) -> Walk:
    """Now the points are closer together: x = -0.5, 0 and 0.5. The bowl curves six times as much along b as along w.

    You start at w = 0, b = 3, as far from the bottom (2, 1) along w as along b, and take steps with lr = 0.2. What does
    the path look like?
    """
    x = row(-0.5, 0, 0.5)
    path = run_descent(x, 2 * x + 1, 0.0, 3.0, 0.2, 40)
    w, _ = next((w, b) for w, b in path if abs(b - 1) < 0.2)
    assert abs(w - 2) > 1.4, "w has hardly left when b has arrived"
    assert abs(path[-1][0] - 2) < 0.2, "and it arrives in the end"
    return path


# Right answers in other styles


@variant
def autograd(x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int) -> Walk:
    """backward() on two parameters, stepped in place, the gradients zeroed."""
    w, b = torch.tensor(w_start, requires_grad=True), torch.tensor(b_start, requires_grad=True)
    path = [(w.item(), b.item())]
    for _ in range(steps):
        torch.mean((y - (w * x + b)) ** 2).backward()
        assert w.grad is not None
        assert b.grad is not None
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
        path.append((w.item(), b.item()))
    return path


@variant
def optimizer(x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int) -> Walk:
    """torch.optim.SGD on two parameters."""
    w, b = torch.nn.Parameter(torch.tensor(w_start)), torch.nn.Parameter(torch.tensor(b_start))
    optimizer = torch.optim.SGD([w, b], lr=lr)
    path = [(w.item(), b.item())]
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(w * x + b, y).backward()
        optimizer.step()
        path.append((w.item(), b.item()))
    return path


@variant
def one_tensor(x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int) -> Tensor:
    """One parameter vector, and the path is a tensor of shape (steps + 1, 2)."""
    theta = torch.tensor([w_start, b_start], dtype=x.dtype)
    path = [theta]
    for _ in range(steps):
        theta = theta.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(((theta[0] * x + theta[1] - y) ** 2).mean(), theta)
        theta = (theta - lr * gradient).detach()
        path.append(theta)
    return torch.stack(path)


@variant
def layer(x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int) -> Walk:
    """A layer nn.Linear(1, 1), whose parameters are float32, and SGD."""
    layer = torch.nn.Linear(1, 1)
    torch.nn.init.constant_(layer.weight, w_start)
    torch.nn.init.constant_(layer.bias, b_start)
    optimizer = torch.optim.SGD(layer.parameters(), lr=lr)
    path = [(layer.weight.item(), layer.bias.item())]
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(layer(x[:, None]), y[:, None]).backward()
        optimizer.step()
        path.append((layer.weight.item(), layer.bias.item()))
    return path


@variant
def accumulate_style(x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int) -> Walk:
    """itertools.accumulate does the bookkeeping."""

    def step(point: Pair, _: int) -> Pair:
        error = point[0] * x + point[1] - y
        return point[0] - lr * 2 * float((error * x).mean()), point[1] - lr * 2 * float(error.mean())

    return list(accumulate(range(steps), step, initial=(w_start, b_start)))


@variant
def lists_of_tensors(x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int) -> list[list[Tensor]]:
    """The pairs are lists of tensors without dimensions."""
    w, b = torch.tensor(w_start, dtype=x.dtype), torch.tensor(b_start, dtype=x.dtype)
    path = [[w, b]]
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean()
        path.append([w, b])
    return path
