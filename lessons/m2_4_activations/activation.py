"""activation must compute six activations entry by entry, and stay finite where exp does not."""

import math

import numpy as np
import torch
from hypothesis import example, given
from torch import Tensor

from grader.authoring import StudentFunction, assert_at_most, assert_close, largest, variant

from .shared import HUGE, LIKE_RELU, NAMES, PLAIN, TABLE, Z, huge_inputs, inputs, names, plain

# How far below and above ReLU the others get, rounded outwards; sigmoid and tanh are compared with 0.
BOUNDS = {
    "relu": (0.0, 0.0),
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "swish": (-0.2785, 0.0),
    "softplus": (0.0, 0.6932),
    "gelu": (-0.17, 0.0),
}


@given(name=names, z=inputs)
@example(name="relu", z=Z)
@example(name="sigmoid", z=Z)
@example(name="tanh", z=Z)
@example(name="swish", z=Z)
@example(name="softplus", z=Z)
@example(name="gelu", z=Z)
@example(name="swish", z=TABLE)
def test_values(activation: StudentFunction, name: str, z: Tensor) -> None:
    """Every entry of the result is the activation of the same entry of z.

    The expected numbers come from the definitions in the lesson, in plain Python, one entry at a time.
    """
    says = f"The values of {name} are not those of its definition."
    assert_close(activation(name, z), plain(PLAIN[name], z), scale=1 + largest(z), says=says)


@given(name=names, z=inputs)
@example(name="relu", z=Z)
@example(name="sigmoid", z=Z)
@example(name="tanh", z=Z)
@example(name="swish", z=Z)
@example(name="softplus", z=Z)
@example(name="gelu", z=Z)
def test_mirrored(activation: StudentFunction, name: str, z: Tensor) -> None:
    """At z and -z, relu, swish, softplus and gelu differ by z, sigmoid adds up to 1, and tanh adds up to 0.

    What the first four take away from z on one side, they give back on the other. So each of them is half of z plus
    something that does not see the sign, and tanh and sigmoid - 1/2 have no such part.
    """
    there, back = activation(name, z), activation(name, -z)
    if name in LIKE_RELU:
        says = f"{name}(z) - {name}(-z) is not z."
        assert_close(there - back, z, scale=1 + largest(z), says=says)
    else:
        total = 1.0 if name == "sigmoid" else 0.0
        assert_close(there + back, torch.full_like(z, total), says=f"{name}(z) + {name}(-z) is not {total:g}.")


@given(name=names, z=inputs)
@example(name="swish", z=Z)
@example(name="softplus", z=Z)
@example(name="gelu", z=Z)
def test_bounds(activation: StudentFunction, name: str, z: Tensor) -> None:
    """The sigmoid stays between 0 and 1, tanh between -1 and 1, and the others stay near ReLU.

    swish is at most 0.2785 below ReLU, gelu at most 0.17 below, and softplus at most ln 2 = 0.6931 above.
    """
    values, (low, high) = activation(name, z).double(), BOUNDS[name]
    base = z.double().clamp(min=0) if name in LIKE_RELU else torch.zeros_like(z, dtype=torch.float64)
    slack = 1e-5 * (1 + largest(z))
    assert_at_most(base + low, values, slack=slack, says=f"{name} falls below its lower bound.")
    assert_at_most(values, base + high, slack=slack, says=f"{name} rises above its upper bound.")


@given(z=inputs)
@example(z=Z)
def test_relatives(activation: StudentFunction, z: Tensor) -> None:
    """tanh(z) is 2 sigmoid(2z) - 1, and swish(z) is z sigmoid(z).

    tanh is a sigmoid twice as high and twice as steep, and swish is z behind a gate that the sigmoid opens.
    """
    says = "tanh(z) is not 2 sigmoid(2z) - 1."
    assert_close(activation("tanh", z), 2 * activation("sigmoid", 2 * z).double() - 1, says=says)
    expected = z.double() * activation("sigmoid", z)
    assert_close(activation("swish", z), expected, scale=1 + largest(z), says="swish(z) is not z sigmoid(z).")


@given(z=huge_inputs)
@example(z=HUGE)
def test_huge_inputs(activation: StudentFunction, z: Tensor) -> None:
    """Far from 0 nothing becomes nan or inf: sigmoid and tanh are flat there, and the others are z or 0.

    exp(100) is larger than any float32, and inf divided by inf is nan. A number that is only going to be a tiny part
    of the result has to be computed so that it becomes 0, and not inf.
    """
    returned = {name: activation(name, z) for name in NAMES}
    expected = {name: plain(PLAIN[name], z) for name in NAMES}
    says = "For large entries of z, an activation is not what it should be."
    assert_close(returned, expected, scale=1 + z.double().abs(), says=says)


# Right answers in other styles


@variant
def library(name: str, z: Tensor) -> Tensor:
    """PyTorch's own functions, which are as careful as yours; swish is called silu there."""
    functions = {
        "relu": torch.relu,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "swish": torch.nn.functional.silu,
        "softplus": torch.nn.functional.softplus,
        "gelu": torch.nn.functional.gelu,
    }
    return functions[name](z)


@variant
def by_the_sign(name: str, z: Tensor) -> Tensor:
    """Takes exp of negative numbers only, and torch.where for the two sides."""
    decay = torch.exp(-z.abs())
    sigmoid = torch.where(z >= 0, 1 / (1 + decay), decay / (1 + decay))
    decay2 = decay * decay
    match name:
        case "relu":
            return torch.where(z > 0, z, torch.zeros_like(z))
        case "sigmoid":
            return sigmoid
        case "tanh":
            return z.sign() * (1 - decay2) / (1 + decay2)
        case "swish":
            return z * sigmoid
        case "softplus":
            return torch.logaddexp(z, torch.zeros_like(z))
        case _:
            below: Tensor = torch.special.ndtr(z)
            return z * below


@variant
def all_at_once(name: str, z: Tensor) -> Tensor:
    """Computes all six and chooses one."""
    sigmoid = torch.sigmoid(z)
    beyond: Tensor = torch.special.erfc(-z / 2**0.5)
    return {
        "relu": torch.maximum(z, torch.tensor(0.0)),
        "sigmoid": sigmoid,
        "tanh": 2 * torch.sigmoid(2 * z) - 1,
        "swish": z * sigmoid,
        "softplus": -torch.nn.functional.logsigmoid(-z),
        "gelu": 0.5 * z * beyond,
    }[name]


@variant
def loop(name: str, z: Tensor) -> Tensor:
    """One entry at a time, with the module math."""
    values = []
    for number in z.flatten().tolist():
        decay = math.exp(-abs(number))
        sigmoid = (1 if number > 0 else decay) / (1 + decay)
        value = {
            "relu": max(0, number),
            "sigmoid": sigmoid,
            "tanh": math.tanh(number),
            "swish": number * sigmoid,
            "softplus": max(0, number) + math.log(1 + decay),
            "gelu": number * (0.5 + 0.5 * math.erf(number * 0.5**0.5)),
        }[name]
        values.append(float(value))
    return torch.tensor(values).reshape(z.shape)


@variant
def float32(name: str, z: Tensor) -> Tensor:
    """float32 throughout, with the sum of two ramps for relu."""
    z = z.float()
    if name == "relu":
        return (z + z.abs()) / 2
    if name == "tanh":
        return z.tanh()
    if name == "softplus":
        return torch.relu(z) + (1 + (-z.abs()).exp()).log()
    gate = torch.erf(z * 0.5**0.5) / 2 + 0.5 if name == "gelu" else torch.sigmoid(z)
    return gate if name == "sigmoid" else z * gate


@variant
def numpy(name: str, z: Tensor) -> Tensor:
    """NumPy inside, with the sigmoid as a tanh."""
    values = z.numpy().astype(np.float64)
    sigmoid = (1 + np.tanh(values / 2)) / 2
    result = {
        "relu": np.maximum(values, 0),
        "sigmoid": sigmoid,
        "tanh": np.tanh(values),
        "swish": values * sigmoid,
        "softplus": np.logaddexp(values, 0),
        "gelu": values * np.vectorize(math.erfc)(-values / np.sqrt(2)) / 2,
    }[name]
    return torch.from_numpy(result.astype(np.float32))
