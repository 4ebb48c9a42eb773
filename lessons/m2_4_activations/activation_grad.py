"""activation_grad must give the slope of each activation, entry by entry, however far from 0."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from torch import Tensor

from grader.authoring import StudentFunction, assert_at_most, assert_close, predict, variant

from .shared import HUGE, LIKE_RELU, NAMES, PLAIN, TABLE, Z, huge_inputs, inputs, names, plain

STEP = 2.0**-12
"""With this step a central difference of an activation is wrong by less than 1e-7."""
AT_ZERO = {"relu": 0.0, "sigmoid": 0.25, "tanh": 1.0, "swish": 0.5, "softplus": 0.5, "gelu": 0.5}
# The least and the largest slope, rounded outwards.
BOUNDS = {
    "relu": (0.0, 1.0),
    "sigmoid": (0.0, 0.25),
    "tanh": (0.0, 1.0),
    "swish": (-0.1, 1.1),
    "softplus": (0.0, 1.0),
    "gelu": (-0.13, 1.13),
}


def _apart_from_zero(z: Tensor) -> Tensor:
    """Return z with 1/16 in the place of 0, where relu has no slope to measure."""
    return torch.where(z == 0, torch.full_like(z, 1 / 16), z)


@given(name=names, z=inputs)
@example(name="relu", z=Z)
@example(name="sigmoid", z=Z)
@example(name="tanh", z=Z)
@example(name="swish", z=Z)
@example(name="softplus", z=Z)
@example(name="gelu", z=Z)
@example(name="tanh", z=TABLE)
def test_slopes_measured(activation_grad: StudentFunction, name: str, z: Tensor) -> None:
    """Each slope is what you measure: move z a little to both sides, and see how far the activation moves.

    The expected slopes are central differences of lesson 1.5, computed in plain Python.
    """
    z = _apart_from_zero(z)
    function = PLAIN[name]
    expected = plain(lambda number: (function(number + STEP) - function(number - STEP)) / (2 * STEP), z)
    assert_close(activation_grad(name, z), expected, says=f"A slope of {name} is not the measured one.")


@given(name=names)
@example(name="relu")
@example(name="sigmoid")
@example(name="tanh")
@example(name="swish")
@example(name="softplus")
@example(name="gelu")
def test_slope_at_zero(activation_grad: StudentFunction, name: str) -> None:
    """At 0 the slope of sigmoid is 1/4, of tanh 1, of relu 0, and of the other three 1/2.

    relu has a corner at 0 and no slope there; 0 is PyTorch's choice. The three smooth ones are halfway between the
    slopes 0 and 1 of its two sides.
    """
    expected = torch.tensor([AT_ZERO[name]])
    says = f"At 0 the slope of {name} is not {AT_ZERO[name]:g}."
    assert_close(activation_grad(name, torch.tensor([0.0])), expected, says=says)


@given(name=names, z=inputs)
@example(name="relu", z=Z)
@example(name="sigmoid", z=Z)
@example(name="swish", z=Z)
@example(name="softplus", z=Z)
@example(name="gelu", z=Z)
def test_slopes_mirrored(activation_grad: StudentFunction, name: str, z: Tensor) -> None:
    """The slopes at z and -z are equal for sigmoid and tanh, and for the others they add up to 1.

    That is the slope of what their values do: relu(z) - relu(-z) is z, and the slope of z is 1.
    """
    z = _apart_from_zero(z)
    there, back = activation_grad(name, z), activation_grad(name, -z)
    if name in LIKE_RELU:
        says = f"The slopes of {name} at z and -z do not add up to 1."
        assert_close(there + back, torch.ones_like(z), says=says)
    else:
        assert_close(there, back, says=f"The slopes of {name} at z and -z differ.")


@given(name=names, z=inputs)
@example(name="sigmoid", z=Z)
@example(name="tanh", z=Z)
@example(name="gelu", z=Z)
def test_slope_bounds(activation_grad: StudentFunction, name: str, z: Tensor) -> None:
    """The slope of sigmoid is at most 1/4, that of tanh at most 1, and only swish and gelu ever fall.

    A gradient that goes back through a sigmoid is multiplied by 1/4 at best. swish and gelu have slopes a little below
    0 on the left and a little above 1 on the right.
    """
    slopes, (low, high) = activation_grad(name, z), BOUNDS[name]
    bounds = torch.full_like(z, low), torch.full_like(z, high)
    assert_at_most(bounds[0], slopes, slack=1e-5, says=f"A slope of {name} is below {low:g}.")
    assert_at_most(slopes, bounds[1], slack=1e-5, says=f"A slope of {name} is above {high:g}.")


@given(z=inputs)
@example(z=Z)
def test_slope_relatives(activation_grad: StudentFunction, z: Tensor) -> None:
    """The slope of tanh at z is 4 times the slope of sigmoid at 2z.

    tanh(z) is 2 sigmoid(2z) - 1: twice as high, and twice as steep because of the 2z. That is why the largest slopes
    are 1 and 1/4.
    """
    says = "The slope of tanh at z is not 4 times that of sigmoid at 2z."
    assert_close(activation_grad("tanh", z), 4 * activation_grad("sigmoid", 2 * z).double(), says=says)


@given(z=huge_inputs)
@example(z=HUGE)
def test_slopes_far_out(activation_grad: StudentFunction, z: Tensor) -> None:
    """Far from 0 the slopes are 0 or 1, and never nan: sigmoid and tanh are flat, the others are flat on the left.

    A unit that far out gets no gradient on its flat side, however wrong the prediction is.
    """
    z = torch.where(z.abs() < 50, 60.0, z)
    returned = {name: activation_grad(name, z) for name in NAMES}
    right = (z > 0).double()
    expected = {name: right if name in LIKE_RELU else torch.zeros_like(right) for name in NAMES}
    assert_close(returned, expected, says="For large entries of z, a slope is not what it should be.")


@predict(
    answer="It stays near 1 for hundreds of steps.",
    because="The slope of the sigmoid at -8 is 0.0003, and the gradient of the squared error is multiplied by it. The"
    " unit is as wrong as it can be and learns next to nothing.",
    otherwise={
        "It falls fast: the error is as large as it can be.": "A large error does make a large slope along the"
        " prediction. But on the way back to z it is multiplied by the slope of the sigmoid.",
        "It rises: the step is too long.": "A step is the learning rate times the gradient, and the gradient along z"
        " is tiny here.",
        "It falls fast at first, and then ever more slowly.": "That is what happens near the end. The unit begins far"
        " out on the flat side of the sigmoid, where the slope is smallest.",
    },
)
def confident_and_wrong(
    activation: Callable[[str, Tensor], Tensor], activation_grad: Callable[[str, Tensor], Tensor]
) -> dict[str, list[float]]:
    """A sigmoid unit has z = -8, so it says 0.0003. The target is 1, and the loss is the squared error.

    You train z itself by gradient descent with the learning rate 1. What does the loss do in the first 200 steps?
    """
    z, losses = torch.tensor([-8.0]), []
    for _ in range(200):
        error = activation("sigmoid", z) - 1
        losses.append(float(error[0] ** 2))
        z = z - 2 * error * activation_grad("sigmoid", z)
    assert min(losses) > 0.99
    return {"step": [float(t) for t in range(200)], "loss": losses}


# Right answers in other styles


@variant
def autograd(name: str, z: Tensor) -> Tensor:
    """PyTorch's functions and its backward pass."""
    functions: dict[str, Callable[[Tensor], Tensor]] = {
        "relu": torch.relu,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "swish": torch.nn.functional.silu,
        "softplus": torch.nn.functional.softplus,
        "gelu": torch.nn.functional.gelu,
    }
    leaf = z.clone().requires_grad_()
    return torch.autograd.grad(functions[name](leaf).sum(), leaf)[0]


@variant
def from_the_values(name: str, z: Tensor) -> Tensor:
    """A dict of all six, from the values of the functions where that is possible."""
    sigmoid, tanh, swish = torch.sigmoid(z), torch.tanh(z), z * torch.sigmoid(z)
    normal = torch.distributions.Normal(0.0, 1.0)
    gelu: Tensor = normal.cdf(z) + z * normal.log_prob(z).exp()
    return {
        "relu": torch.heaviside(z, torch.tensor(0.0)),
        "sigmoid": sigmoid * torch.sigmoid(-z),
        "tanh": (1 - tanh) * (1 + tanh),
        "swish": swish + sigmoid * (1 - swish),
        "softplus": sigmoid,
        "gelu": gelu,
    }[name]


@variant
def loop(name: str, z: Tensor) -> Tensor:
    """One entry at a time, with the module math."""
    slopes = []
    for number in z.flatten().tolist():
        decay = math.exp(-abs(number))
        sigmoid = (1 if number > 0 else decay) / (1 + decay)
        bell = decay / (1 + decay) ** 2
        if name == "relu":
            slopes.append(1.0 if number > 0 else 0.0)
        elif name == "sigmoid":
            slopes.append(bell)
        elif name == "tanh":
            slopes.append(1 - math.tanh(number) ** 2)
        elif name == "swish":
            slopes.append(sigmoid + number * bell)
        elif name == "softplus":
            slopes.append(sigmoid)
        else:
            density = math.exp(-number * number / 2) / math.sqrt(2 * math.pi)
            slopes.append(math.erfc(-number / math.sqrt(2)) / 2 + number * density)
    return torch.tensor(slopes).reshape(z.shape)


@variant
def float32(name: str, z: Tensor) -> Tensor:
    """float32 throughout, with cosh where it does not overflow."""
    z = z.float()
    near = z.clamp(-40, 40)
    bell = 1 / (4 * torch.cosh(near / 2) ** 2)
    if name == "relu":
        return z.sign().clamp(min=0)
    if name == "sigmoid":
        return bell
    if name == "tanh":
        return 1 / torch.cosh(near) ** 2
    if name == "gelu":
        below: Tensor = torch.special.ndtr(z)
        return below + z * (-0.5 * z * z).exp() * 0.3989422804
    return torch.sigmoid(z) + (z * bell if name == "swish" else 0)


@variant
def numpy(name: str, z: Tensor) -> Tensor:
    """NumPy inside, in float64."""
    values = z.numpy().astype(np.float64)
    sigmoid = (1 + np.tanh(values / 2)) / 2
    share = 1 - np.vectorize(math.erfc)(values / np.sqrt(2)) / 2
    density = np.exp(-(values**2) / 2) / np.sqrt(2 * np.pi)
    slopes = [
        np.where(values > 0, 1.0, 0.0),
        sigmoid - sigmoid**2,
        1 - np.tanh(values) ** 2,
        sigmoid * (1 + values * (1 - sigmoid)),
        sigmoid,
        share + values * density,
    ]
    return torch.from_numpy(slopes[NAMES.index(name)])
