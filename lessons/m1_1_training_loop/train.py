"""train must take every step from where the last one ended, and record the loss before each update."""

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
    as_tensor,
    assert_at_most,
    assert_close,
    largest,
    numbers,
    predict,
    variant,
)

from .shared import ALMOST, SMALL, STABLE, START, UNITS, Call, errors_of, loss_size, mean, mse, paced, paced_calls

CALL, RUNAWAY = paced(*START, 0.75), paced(*START, 5.0)
# With this unit every slope is below any threshold and every loss below any guard, which exposes code that stops early
# or skips small steps.
TINY = 2.0**-30
any_call, stable_call, some_steps = paced_calls((*STABLE, 5.0)), paced_calls(STABLE), st.integers(1, 8)


def _path(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> list[tuple[float, float]]:
    """Return every line (w, b) on the way, the start included, in plain Python."""
    path = [(w, b)]
    for _ in range(steps):
        errors = errors_of(x, y, w, b)
        grad_w = 2 * mean([error * point for error, point in zip(errors, x.tolist(), strict=True)])
        w, b = w - lr * grad_w, b - lr * 2 * mean(errors)
        path.append((w, b))
    return path


def _loss_sizes(x: Tensor, y: Tensor, path: list[tuple[float, float]]) -> Tensor:
    """Return for each line on the way the natural size of a squared error there, the largest so far."""
    return as_tensor([loss_size(x, y, w, b) for w, b in path]).cummax(dim=0).values


def _line_size(y: Tensor, path: list[tuple[float, float]]) -> float:
    return largest(y) + max(abs(w) + abs(b) for w, b in path)


@given(call=any_call)
@example(call=CALL)
def test_no_steps(train: StudentFunction, call: Call) -> None:
    """With steps = 0 nothing happens: w and b are those of the call, and there are no losses.

    Each update records one loss, and there are no updates.
    """
    _, y, w, b, _ = call
    result = train(*call, 0)
    says = "Without any step, w and b are not those of the call."
    assert_close((result["w"], result["b"]), (w, b), scale=_line_size(y, [(w, b)]), says=says)
    assert_close(len(result["losses"]), 0, tolerance=0, says="Without any step there is a loss in the list.")


@given(call=any_call, steps=some_steps)
@example(call=CALL, steps=3)
@example(call=RUNAWAY, steps=3)
def test_losses(train: StudentFunction, call: Call, steps: int) -> None:
    """Entry t of the losses is the loss before update t, one entry for each step, however large lr is.

    The expected losses come from plain Python. With a learning rate above the limit they rise, and the list shows it.
    """
    x, y, *_ = call
    path = _path(*call, steps - 1)
    expected = [mse(x, y, w, b) for w, b in path]
    says = "The losses are not those of the lines before each update."
    assert_close(train(*call, steps)["losses"], expected, scale=_loss_sizes(x, y, path), says=says)


@given(call=any_call, steps=some_steps)
@example(call=CALL, steps=3)
@example(call=paced(*ALMOST, 5.0), steps=3)
def test_trained_line(train: StudentFunction, call: Call, steps: int) -> None:
    """The trained w and b are where all the steps lead, each against its own gradient.

    The slopes change on the way, so each step takes those of the place that it starts from. The expected numbers come
    from plain Python.
    """
    path, result = _path(*call, steps), train(*call, steps)
    says = f"w and b are not where {steps} steps against the gradient lead."
    assert_close((result["w"], result["b"]), path[-1], scale=_line_size(call[1], path), says=says)


@given(call=stable_call, steps=st.integers(0, 4), more_steps=st.integers(1, 4))
@example(call=CALL, steps=2, more_steps=2)
def test_stopped_and_continued(train: StudentFunction, call: Call, steps: int, more_steps: int) -> None:
    """Training can be stopped and continued: some steps, then some more from there, are the same as all of them.

    Nothing but w and b is carried from one step to the next, so nothing else has to be kept.
    """
    x, y, w, b, lr = call
    whole, first = train(*call, steps + more_steps), train(*call, steps)
    rest = train(x, y, first["w"], first["b"], lr, more_steps)
    says = f"{steps} steps and {more_steps} more do not give the losses of {steps + more_steps} steps."
    assert_close(first["losses"] + rest["losses"], whole["losses"], scale=loss_size(x, y, w, b), says=says)
    says = f"{steps} steps and {more_steps} more do not end where {steps + more_steps} steps end."
    ends = (rest["w"], rest["b"]), (whole["w"], whole["b"])
    assert_close(*ends, scale=10 * _line_size(y, [(w, b)]), says=says)


@given(call=stable_call, steps=st.integers(2, 8))
@example(call=paced(*START, 0.9375), steps=6)
def test_loss_never_rises(train: StudentFunction, call: Call, steps: int) -> None:
    """With a small learning rate the loss never rises from one step to the next.

    Each step goes down, and "small" means below 2 / (largest curvature), which depends on x alone.
    """
    losses, slack = train(*call, steps)["losses"], LOSS32 * loss_size(*call[:4])
    assert_at_most(losses[1:], losses[:-1], slack=slack, says="The loss rises from one step to the next.")


@given(call=stable_call, steps=some_steps, shift=numbers())
@example(call=CALL, steps=2, shift=1.0)
def test_everything_raised(train: StudentFunction, call: Call, steps: int, shift: float) -> None:
    """Raising y and the b of the start by k raises the trained b by k, and changes neither w nor any loss.

    All errors are the same as before, and the loop sees the data only through its errors.
    """
    x, y, w, b, lr = call
    before, after = train(*call, steps), train(x, y + shift, w, b + shift, lr, steps)
    says = f"With {shift} added to y and b, the trained line is not the same one, {shift} higher."
    ends = (after["w"], after["b"]), (before["w"], before["b"] + shift)
    assert_close(*ends, scale=10 * (_line_size(y, [(w, b)]) + abs(shift)), says=says)
    scale = loss_size(x, y, w, b) + loss_size(x, y + shift, w, b + shift)
    says = f"With {shift} added to y and b, the losses change."
    assert_close(after["losses"], before["losses"], scale=scale, says=says)


@given(call=any_call, steps=some_steps, unit=st.sampled_from(UNITS))
@example(call=CALL, steps=4, unit=SMALL)
@example(call=CALL, steps=4, unit=TINY)
def test_trained_in_another_unit(train: StudentFunction, call: Call, steps: int, unit: float) -> None:
    """With y, w and b in another unit, s times as large, the trained w and b are, and the losses s**2 times.

    A loop uses only the numbers of the call: it does not stop because the steps or the losses have become small, and
    it neither rounds nor limits anything.
    """
    x, y, w, b, lr = call
    path = _path(*call, steps)
    before, after = train(*call, steps), train(x, unit * y, unit * w, unit * b, lr, steps)
    says = f"With y, w and b multiplied by {unit}, the trained line is not {unit} times as large."
    expected = unit * before["w"], unit * before["b"]
    assert_close((after["w"], after["b"]), expected, scale=unit * _line_size(y, path), says=says)
    says = f"With y, w and b multiplied by {unit}, the losses are not {unit**2} times as large."
    expected_losses, scale = [unit**2 * loss for loss in before["losses"]], unit**2 * _loss_sizes(x, y, path[:-1])
    assert_close(after["losses"], expected_losses, scale=scale, says=says)


@predict(
    answer="The loss rises in every step, faster and faster.",
    because="Each step goes in the right direction, but so far beyond the bottom that it ends higher up on the other"
    " side, where the slope is steeper and the next step longer still.",
    otherwise={
        "The loss falls ten times as fast.": "That holds for very small steps only. A slope is right at one place, and"
        " a long step goes far beyond that place.",
        "The loss falls at first and then swings around its lowest value.": "To swing around it, the steps would have"
        " to stay equally long. Here each step ends farther away than the one before.",
    },
)
def ten_times_the_learning_rate(train: Callable[..., dict[str, Any]]) -> dict[str, Tensor]:
    """With the learning rate 0.05 the loss of the lesson's line falls in every step, from 13 to 0.25.

    What does the loss do with the learning rate 0.5?
    """
    x = torch.linspace(-1, 3, 25)
    y = 2 * x + 1 + 0.5 * torch.randn(25, generator=torch.Generator().manual_seed(42))
    slow = torch.tensor(train(x, y, 0.0, 0.0, 0.05, 50)["losses"])
    fast = torch.tensor(train(x, y, 0.0, 0.0, 0.5, 8)["losses"])
    assert bool((slow[1:] <= slow[:-1] + 1e-6).all())
    assert bool((fast[1:] > 3 * fast[:-1]).all())
    return {"step": torch.arange(len(fast)), "loss": fast}


# Right answers in other styles


@variant
def in_place(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """The loop as most PyTorch users write it, with float32 parameters, in place, zeroed after each update."""
    weight, bias = (torch.tensor(value, requires_grad=True) for value in (w, b))
    losses = []
    for _ in range(steps):
        loss = torch.mean((y - (weight * x + bias)) ** 2)
        losses.append(loss.item())
        loss.backward()
        assert weight.grad is not None
        assert bias.grad is not None
        with torch.no_grad():
            weight -= lr * weight.grad
            bias -= lr * bias.grad
        weight.grad.zero_()
        bias.grad.zero_()
    return {"w": weight.item(), "b": bias.item(), "losses": losses}


@variant
def optimizer(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """torch.optim.SGD with zero_grad at the beginning of each step."""
    weight, bias = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (w, b))
    optimizer = torch.optim.SGD([weight, bias], lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(weight * x + bias, y)
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return {"w": weight.item(), "b": bias.item(), "losses": losses}


@variant
def linear_layer(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """nn.Linear on a column of inputs."""
    model = torch.nn.Linear(1, 1).to(x.dtype)
    with torch.no_grad():
        model.weight.fill_(w)
        model.bias.fill_(b)
    losses = []
    for _ in range(steps):
        loss = (model(x[:, None]).squeeze(1) - y).square().mean()
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                assert parameter.grad is not None
                parameter.sub_(lr * parameter.grad)
    return {"w": model.weight.item(), "b": model.bias.item(), "losses": losses}


@variant
def fresh_leaves(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """A fresh leaf in each step, the losses kept as tensors."""
    theta = torch.tensor([w, b], dtype=x.dtype, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = (theta[0] * x + theta[1] - y).square().mean()
        loss.backward()
        assert theta.grad is not None
        theta = (theta - lr * theta.grad).detach().requires_grad_()
        losses.append(loss.detach())
    return {"w": theta[0].detach(), "b": theta[1].detach(), "losses": losses}


@variant
def losses_in_a_tensor(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """The formulas, and the losses written into one tensor."""
    losses = torch.zeros(steps)
    for t in range(steps):
        error = w * x + b - y
        losses[t] = (error**2).mean()
        w, b = w - lr * 2 * (error * x).mean().item(), b - lr * 2 * error.mean().item()
    return {"losses": losses, "w": w, "b": b}


@variant
def loop(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """Plain Python inside."""
    points = list(zip(x.tolist(), y.tolist(), strict=True))
    losses = []
    for _ in range(steps):
        losses.append(sum((w * p + b - t) ** 2 for p, t in points) / len(points))
        grad_w = sum(2 * (w * p + b - t) * p for p, t in points) / len(points)
        grad_b = sum(2 * (w * p + b - t) for p, t in points) / len(points)
        w, b = w - lr * grad_w, b - lr * grad_b
    return {"w": w, "b": b, "losses": losses}


@variant
def recursive(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """One step, and then the training of the rest."""
    if steps == 0:
        return {"w": w, "b": b, "losses": []}
    error = w * x + b - y
    grad_w, grad_b = 2 * torch.dot(error, x).item() / len(x), 2 * error.mean().item()
    rest = recursive(x, y, w - lr * grad_w, b - lr * grad_b, lr, steps - 1)
    return {**rest, "losses": [error.square().mean().item(), *rest["losses"]]}


@variant
def float32(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """float32 inside, data and parameters, and the losses in a tuple."""
    result = in_place(x.float(), y.float(), w, b, lr, steps)
    return {**result, "losses": tuple(result["losses"])}


@variant
def numpy(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> dict[str, Any]:
    """NumPy inside, with the quadratic form of the loss."""
    inputs = np.stack([x.numpy(), np.ones(len(x))], axis=1)
    matrix, vector = inputs.T @ inputs / len(x), inputs.T @ y.numpy() / len(x)
    theta, constant = np.array([w, b]), float(np.mean(y.numpy() ** 2))
    losses = []
    for _ in range(steps):
        losses.append(float(theta @ matrix @ theta - 2 * theta @ vector) + constant)
        theta = theta - lr * 2 * (matrix @ theta - vector)
    return {"w": float(theta[0]), "b": float(theta[1]), "losses": losses}
