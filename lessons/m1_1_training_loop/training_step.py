"""What must hold of training_step in lesson 1.1."""

import math
from collections.abc import Callable

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
    predict,
    variant,
    vectors,
)

from .shared import ALMOST, POINTS, SMALL, STABLE, UNITS, _errors, _learning_rate, _mean, _size, lines


def _loss(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the mean squared error in plain Python, one point after the other."""
    return _mean([error * error for error in _errors(x, y, w, b)])


LEARNING_RATES = (0.0, 0.125, 0.25, 0.5, 1.0, 2.0)


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


@predict(
    answer="They stay the same.",
    because="The loss is a mean over the points, and so are its slopes: twice as many terms, divided by twice as many.",
    otherwise={
        "They become twice as large.": "So it would be for a sum. A mean is divided by the number of points, which has"
        " doubled too.",
        "They become half as large.": "The division by twice as many points is there, and so are twice as many points"
        " to add up.",
    },
)
def every_point_twice(training_step: Callable[..., dict[str, float]]) -> Tensor:
    """You copy every data point, so that each is there twice.

    What happens to the two slopes of the loss?
    """
    x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 3.0, 4.5])
    slopes = []
    for copies in range(1, 6):
        step = training_step(x.repeat(copies), y.repeat(copies), 0.0, 0.0, 0.1)
        slopes.append(step["grad_w"])
    curve = torch.tensor(slopes)
    assert torch.allclose(curve, curve[0].expand(5))
    assert abs(curve[0].item()) > 1
    return curve


@variant
def loop(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Plain Python and the formulas of the slopes, one point after the other."""
    loss = grad_w = grad_b = 0.0
    for point, target in zip(x.tolist(), y.tolist(), strict=True):
        error = w * point + b - target
        loss += error**2 / len(x)
        grad_w += 2 * error * point / len(x)
        grad_b += 2 * error / len(x)
    return {"loss": loss, "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


@variant
def formulas(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """The formulas of the slopes with tensors, and the tensors returned as they are."""
    error = y - w * x - b
    grad_w, grad_b = -2 * (error * x).mean(), -2 * error.mean()
    return {
        "loss": (error @ error) / len(x),  # type: ignore[dict-item]  # numbers without dimensions are as good
        "grad_w": grad_w,  # type: ignore[dict-item]
        "grad_b": grad_b,  # type: ignore[dict-item]
        "w": w - lr * grad_w,  # type: ignore[dict-item]
        "b": b - lr * grad_b,  # type: ignore[dict-item]
    }


@variant
def in_place(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Autograd with float32 parameters and an update in place."""
    weight = torch.tensor(w, requires_grad=True)
    bias = torch.tensor(b, requires_grad=True)
    loss = torch.mean((y - (weight * x + bias)) ** 2)
    loss.backward()
    assert weight.grad is not None
    assert bias.grad is not None
    with torch.no_grad():
        weight -= lr * weight.grad
        bias -= lr * bias.grad
    return {
        "loss": loss.item(),
        "grad_w": weight.grad.item(),
        "grad_b": bias.grad.item(),
        "w": weight.item(),
        "b": bias.item(),
    }


@variant
def kind_of_x(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Autograd with parameters of the same kind of number as x."""
    weight = torch.tensor(w, dtype=x.dtype, requires_grad=True)
    bias = torch.tensor(b, dtype=x.dtype, requires_grad=True)
    loss = torch.nn.functional.mse_loss(weight * x + bias, y)
    loss.backward()
    assert weight.grad is not None
    assert bias.grad is not None
    grad_w, grad_b = weight.grad.item(), bias.grad.item()
    return {"loss": loss.item(), "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


@variant
def autograd_grad(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """torch.autograd.grad on one tensor of both parameters."""
    theta = torch.tensor([w, b], dtype=x.dtype, requires_grad=True)
    loss = (theta[0] * x + theta[1] - y).square().mean()
    (gradient,) = torch.autograd.grad(loss, theta)
    new_w, new_b = (theta - lr * gradient).tolist()
    grad_w, grad_b = gradient.tolist()
    return {"w": new_w, "b": new_b, "loss": loss.item(), "grad_w": grad_w, "grad_b": grad_b}


@variant
def func_grad(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """torch.func, which differentiates a function."""

    def loss_of(theta: Tensor) -> Tensor:
        return (theta[0] * x + theta[1] - y).square().mean()

    gradient, loss = torch.func.grad_and_value(loss_of)(torch.tensor([w, b], dtype=x.dtype))
    grad_w, grad_b = gradient.tolist()
    return {"loss": loss.item(), "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


@variant
def optimizer(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """nn.Linear, nn.MSELoss and torch.optim.SGD."""
    model = torch.nn.Linear(1, 1).double()
    with torch.no_grad():
        model.weight.fill_(w)
        model.bias.fill_(b)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    loss = torch.nn.MSELoss()(model(x.double()[:, None])[:, 0], y.double())
    loss.backward()
    optimizer.step()
    assert model.weight.grad is not None
    assert model.bias.grad is not None
    return {
        "loss": loss.item(),
        "grad_w": model.weight.grad.item(),
        "grad_b": model.bias.grad.item(),
        "w": model.weight.item(),
        "b": model.bias.item(),
    }


@variant
def differences(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Slopes from losses one unit to either side, which is exact for a parabola."""

    def loss_of(w: float, b: float) -> float:
        return (w * x + b - y).square().mean().item()

    grad_w = (loss_of(w + 1, b) - loss_of(w - 1, b)) / 2
    grad_b = (loss_of(w, b + 1) - loss_of(w, b - 1)) / 2
    return {"loss": loss_of(w, b), "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


@variant
def numpy(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """NumPy and a matrix inside."""
    inputs = np.stack([x.numpy(), np.ones(len(x))], axis=1)
    error = inputs @ np.array([w, b]) - y.numpy()
    grad_w, grad_b = (2 / len(x) * inputs.T @ error).tolist()
    loss = float(np.mean(error**2))
    return {"loss": loss, "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


_weight = torch.zeros((), dtype=torch.float64, requires_grad=True)


_bias = torch.zeros((), dtype=torch.float64, requires_grad=True)


@variant
def parameters_of_the_file(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Parameters at the top of the file, set and cleared in every call."""
    with torch.no_grad():
        _weight.fill_(w)
        _bias.fill_(b)
    _weight.grad = _bias.grad = None
    loss = (_weight * x + _bias - y).square().mean()
    loss.backward()
    grad_w, grad_b = float(_weight.grad), float(_bias.grad)  # type: ignore[arg-type]
    return {"loss": float(loss), "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}
