"""step_downhill must return the parameter minus lr times the slope."""

from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import LOSS32, StudentFunction, assert_at_most, assert_close, numbers, predict, variant

rates = st.sampled_from((0.0, 0.125, 0.25, 0.5, 1.0, 2.0))


@given(parameter=numbers(), slope=numbers(), lr=rates)
@example(parameter=3.0, slope=-2.0, lr=0.25)
def test_one_step(step_downhill: StudentFunction, parameter: float, slope: float, lr: float) -> None:
    """The new parameter is the old one minus lr times the slope.

    A positive slope makes it smaller, and a negative one makes it larger.
    """
    says = f"From {parameter}, a step against the slope {slope} with lr = {lr} ends somewhere else."
    expected = parameter - lr * slope
    assert_close(step_downhill(parameter, slope, lr), expected, scale=abs(parameter) + abs(lr * slope), says=says)


@given(parameter=numbers(), bottom=numbers(), lr=st.sampled_from((0.125, 0.25, 0.5, 0.75)))
@example(parameter=3.0, bottom=-1.0, lr=0.25)
def test_towards_the_bottom(step_downhill: StudentFunction, parameter: float, bottom: float, lr: float) -> None:
    """On the parabola (p - m)**2, a step with lr between 0 and 1 ends at most as far from the bottom m as it began.

    The slope there is 2 * (p - m). It points away from the bottom on both sides, so against it is the way down.
    """
    new = step_downhill(parameter, 2 * (parameter - bottom), lr)
    says = f"From {parameter}, a step on (p - {bottom})**2 with lr = {lr} ends farther from the bottom."
    slack = LOSS32 * (abs(parameter) + abs(bottom))
    assert_at_most(abs(new - bottom), abs(parameter - bottom), slack=slack, says=says)


@given(parameter=numbers(), slope=numbers(), lr=rates)
@example(parameter=3.0, slope=-2.0, lr=0.25)
def test_twice_as_far(step_downhill: StudentFunction, parameter: float, slope: float, lr: float) -> None:
    """Twice the learning rate goes twice as far, and so does twice the slope.

    The length of a step is the product of the two, whatever the parameter is.
    """
    move, scale = step_downhill(parameter, slope, lr) - parameter, abs(parameter) + 2 * abs(lr * slope)
    says = "With twice the learning rate the step is not twice as long."
    assert_close(step_downhill(parameter, slope, 2 * lr) - parameter, 2 * move, scale=scale, says=says)
    says = "With twice the slope the step is not twice as long."
    assert_close(step_downhill(parameter, 2 * slope, lr) - parameter, 2 * move, scale=scale, says=says)


@given(parameter=numbers(), lr=rates)
@example(parameter=3.0, lr=0.25)
def test_flat_ground(step_downhill: StudentFunction, parameter: float, lr: float) -> None:
    """Where the slope is 0, the parameter stays, whatever the learning rate is.

    At the bottom no direction leads down, so a step has nowhere to go.
    """
    assert_close(step_downhill(parameter, 0.0, lr), parameter, scale=abs(parameter), says="On flat ground it moves.")


@predict(
    answer="It grows.",
    because="Minus a negative number is plus: the loss falls towards larger values, and the step goes there.",
    otherwise={
        "It shrinks.": "That would be uphill. A negative slope means that the loss falls as the parameter grows.",
        "That depends on whether the parameter itself is negative.": "The parameter's own sign does not matter: the"
        " step is lr times the slope, wherever it begins.",
    },
)
def negative_slope(step_downhill: Callable[[float, float, float], float]) -> dict[str, Tensor]:
    """The slope of the loss is negative, and you take one step against it.

    What happens to the parameter?
    """
    starts = (-2.0, -1.0, 0.0, 1.0, 2.0)
    moves = torch.tensor([step_downhill(start, -3.0, 0.1) - start for start in starts])
    assert bool((moves > 0.2).all())
    return {"parameter before the step": torch.tensor(starts), "how far it moves": moves}


# Right answers in other styles


@variant
def added(parameter: float, slope: float, lr: float) -> float:
    """The step first, then the sum."""
    step = -slope * lr
    return parameter + step


@variant
def float32(parameter: float, slope: float, lr: float) -> float:
    """float32 tensors inside, and the tensor returned as it is."""
    start, rate, steepness = map(torch.tensor, (parameter, lr, slope))
    return start - rate * steepness  # type: ignore[return-value]  # as good as a float


@variant
def optimizer(parameter: float, slope: float, lr: float) -> float:
    """torch.optim.SGD, told the slope."""
    theta = torch.tensor(parameter, requires_grad=True)
    theta.grad = torch.tensor(slope)
    torch.optim.SGD([theta], lr=lr).step()
    return theta.item()


@variant
def numpy(parameter: float, slope: float, lr: float) -> float:
    """A NumPy number inside."""
    return float(np.float64(parameter) - np.multiply(lr, slope))
