"""training_step must return the loss and both slopes at the line of the call, and the line one step downhill."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import LOSS32, StudentFunction, assert_at_most, assert_close, largest, predict, variant

from .shared import ALMOST, SMALL, STABLE, START, UNITS, Call, calls, loss_size, mse, paced, paced_calls

CALL = (*START, 0.25)
any_call = calls((0.0, 0.125, 0.25, 0.5, 1.0, 2.0))


def _sizes(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Return the natural sizes of the five numbers of a step; a slope is twice an error, times an input or alone."""
    slope = 2 * math.sqrt(loss_size(x, y, w, b)) * (1 + largest(x))
    parameter = abs(w) + abs(b) + lr * slope
    return {"loss": loss_size(x, y, w, b), "grad_w": slope, "grad_b": slope, "w": parameter, "b": parameter}


@given(call=any_call)
@example(call=CALL)
def test_loss_before_the_update(training_step: StudentFunction, call: Call) -> None:
    """The loss is the mean squared error of the line as it was given, before the update.

    The expected number comes from plain Python, one point after the other.
    """
    says = "The loss is not the mean squared error of the line w * x + b with the w and b of the call."
    assert_close(training_step(*call)["loss"], mse(*call[:4]), scale=loss_size(*call[:4]), says=says)


@given(call=any_call)
@example(call=CALL)
def test_slopes(training_step: StudentFunction, call: Call) -> None:
    """grad_w and grad_b are the slopes of the loss at the line as it was given.

    The loss is a parabola in w and a parabola in b, so its slope is the difference of its values one unit to the
    right and one unit to the left, divided by 2, exactly. The expected slopes are found in this way: from losses only.
    """
    x, y, w, b, _ = call
    step, size = training_step(*call), _sizes(*call)["grad_w"]
    slope = (mse(x, y, w + 1, b) - mse(x, y, w - 1, b)) / 2
    assert_close(step["grad_w"], slope, scale=size, says="grad_w is not the slope of the mean squared error along w.")
    slope = (mse(x, y, w, b + 1) - mse(x, y, w, b - 1)) / 2
    assert_close(step["grad_b"], slope, scale=size, says="grad_b is not the slope of the mean squared error along b.")


@given(call=any_call)
@example(call=CALL)
@example(call=(*ALMOST, 2.0))
def test_update(training_step: StudentFunction, call: Call) -> None:
    """The new w is the old w - lr * grad_w, and the new b is the old b - lr * grad_b; with lr = 0 nothing moves.

    Each parameter moves against its own slope, and the learning rate says how far.
    """
    _, _, w, b, lr = call
    step = training_step(*call)
    for name, old in (("w", w), ("b", b)):
        move = lr * step[f"grad_{name}"]
        says = f"The new {name} is not the old {name} minus lr times the grad_{name} that you returned."
        assert_close(step[name], old - move, scale=abs(old) + abs(move), says=says)


@given(call=any_call)
@example(call=CALL)
def test_remembers_nothing(training_step: StudentFunction, call: Call) -> None:
    """A step remembers nothing: the same call again gives the same five numbers.

    The slopes at a place depend on the place and the data, not on how often you have computed them before.
    """
    first, again = training_step(*call), training_step(*call)
    for name, size in _sizes(*call).items():
        assert_close(again[name], first[name], scale=size, says=f"The same call, made again, gives another {name}.")


@given(call=paced_calls(STABLE))
@example(call=paced(*START, 0.5))
def test_step_goes_down(training_step: StudentFunction, call: Call) -> None:
    """With a small learning rate a step goes down: the loss of the new w and b is at most the loss of the old ones.

    The slope says in which direction the loss grows, and the step goes the other way. "Small" means below
    2 / (largest curvature), which depends on x alone.
    """
    x, y, w, b, _ = call
    step = training_step(*call)
    says = "The loss of the new w and b is larger than the loss of the old ones."
    slack = LOSS32 * loss_size(x, y, w, b)
    assert_at_most(mse(x, y, step["w"], step["b"]), mse(x, y, w, b), slack=slack, says=says)


@given(call=any_call)
@example(call=CALL)
def test_points_repeated(training_step: StudentFunction, call: Call) -> None:
    """The loss is a mean: with every point taken twice, in another order, the step is the same.

    So you need not choose another learning rate because there are more data.
    """
    x, y, w, b, lr = call
    once = training_step(*call)
    twice = training_step(torch.cat([x, x.flip(0)]), torch.cat([y, y.flip(0)]), w, b, lr)
    for name, size in _sizes(*call).items():
        assert_close(twice[name], once[name], scale=size, says=f"With every point taken twice, {name} changes.")


@given(call=any_call, unit=st.sampled_from(UNITS))
@example(call=CALL, unit=SMALL)
def test_in_another_unit(training_step: StudentFunction, call: Call, unit: float) -> None:
    """With y, w and b in another unit, s times as large, the slopes and the new w and b are, and the loss s**2 times.

    A step uses only the numbers of the call: it rounds nothing, cuts nothing off and adds nothing for safety. Small
    numbers must come out as exact as large ones.
    """
    x, y, w, b, lr = call
    step, converted = training_step(*call), training_step(x, unit * y, unit * w, unit * b, lr)
    for name, size in _sizes(*call).items():
        factor = unit**2 if name == "loss" else unit
        says = f"With y, w and b multiplied by {unit}, {name} is not {factor} times as large."
        assert_close(converted[name], factor * step[name], scale=factor * size, says=says)


@given(call=any_call)
@example(call=CALL)
def test_rests_on_a_perfect_line(training_step: StudentFunction, call: Call) -> None:
    """Where the line fits perfectly, the loss and both slopes are 0, and w and b stay as they are.

    Every error is 0, so every square and every product with it is 0.
    """
    x, _, w, b, lr = call
    y = w * x + b
    step, expected = training_step(x, y, w, b, lr), {"loss": 0.0, "grad_w": 0.0, "grad_b": 0.0, "w": w, "b": b}
    for name, size in _sizes(x, y, w, b, lr).items():
        value = expected[name]
        says = f"The line fits the data perfectly, but {name} is {step[name]:.6g} instead of {value:.6g}."
        assert_close(step[name], value, scale=size, says=says)


@predict(
    answer="They stay the same.",
    because="The loss is a mean over the points, and so are its slopes: twice as many terms, divided by twice as many.",
    otherwise={
        "They become twice as large.": "They would for a sum. A mean is divided by the number of points, which has"
        " doubled too.",
        "They become half as large.": "You divide by twice as many points, but you also add up twice as many.",
    },
)
def every_point_twice(training_step: Callable[..., dict[str, float]]) -> dict[str, Tensor]:
    """You copy every data point, so that each is there twice.

    What happens to the two slopes of the loss?
    """
    x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 3.0, 4.5])
    curve = torch.tensor([training_step(x.repeat(n), y.repeat(n), 0.0, 0.0, 0.1)["grad_w"] for n in range(1, 6)])
    assert torch.allclose(curve, curve[0].expand(5))
    assert abs(curve[0].item()) > 1
    return {"copies of every point": torch.arange(1, 6), "slope along w": curve}


# Right answers in other styles


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
    loss, grad_w, grad_b = (error @ error) / len(x), -2 * (error * x).mean(), -2 * error.mean()
    # Tensors without dimensions are as good as floats.
    return {"loss": loss, "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}  # type: ignore[dict-item]


@variant
def in_place(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Autograd with float32 parameters and an update in place."""
    weight, bias = (torch.tensor(value, requires_grad=True) for value in (w, b))
    loss = torch.mean((y - (weight * x + bias)) ** 2)
    loss.backward()
    assert weight.grad is not None
    assert bias.grad is not None
    with torch.no_grad():
        weight -= lr * weight.grad
        bias -= lr * bias.grad
    grad_w, grad_b = weight.grad.item(), bias.grad.item()
    return {"loss": loss.item(), "grad_w": grad_w, "grad_b": grad_b, "w": weight.item(), "b": bias.item()}


@variant
def kind_of_x(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Autograd with parameters of the dtype of x."""
    weight, bias = (torch.tensor(value, dtype=x.dtype, requires_grad=True) for value in (w, b))
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
    (new_w, new_b), (grad_w, grad_b) = (theta - lr * gradient).tolist(), gradient.tolist()
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
    weight, bias = model.weight, model.bias
    with torch.no_grad():
        weight.fill_(w)
        bias.fill_(b)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    loss = torch.nn.MSELoss()(model(x.double()[:, None])[:, 0], y.double())
    loss.backward()
    optimizer.step()
    assert weight.grad is not None
    assert bias.grad is not None
    grad_w, grad_b = weight.grad.item(), bias.grad.item()
    return {"loss": loss.item(), "grad_w": grad_w, "grad_b": grad_b, "w": weight.item(), "b": bias.item()}


@variant
def differences(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """Slopes from losses one unit to either side, which is exact for a parabola."""

    def loss_of(w: float, b: float) -> float:
        return (w * x + b - y).square().mean().item()

    grad_w, grad_b = (loss_of(w + 1, b) - loss_of(w - 1, b)) / 2, (loss_of(w, b + 1) - loss_of(w, b - 1)) / 2
    return {"loss": loss_of(w, b), "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


@variant
def numpy(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> dict[str, float]:
    """NumPy and a matrix inside."""
    inputs = np.stack([x.numpy(), np.ones(len(x))], axis=1)
    error = inputs @ np.array([w, b]) - y.numpy()
    loss, (grad_w, grad_b) = float(np.mean(error**2)), (2 / len(x) * inputs.T @ error).tolist()
    return {"loss": loss, "grad_w": grad_w, "grad_b": grad_b, "w": w - lr * grad_w, "b": b - lr * grad_b}


_weight, _bias = (torch.zeros((), dtype=torch.float64, requires_grad=True) for _ in range(2))


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
