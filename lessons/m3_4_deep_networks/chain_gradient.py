"""chain_gradient must carry the output and the derivative through a chain of units, one factor for each unit."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from grader.authoring import StudentFunction, assert_at_most, assert_close, numbers, predict, variant

Chain = tuple[list[float], float]
"""The weights and x."""

FUNCTIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "identity": torch.clone,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}
names = st.sampled_from(sorted(FUNCTIONS))
weights_of = st.lists(numbers(-2, 2), min_size=1, max_size=6)
chains = st.tuples(weights_of, numbers(-2, 2))
UNIT: Chain = ([1.5], 0.5)
PAIR: Chain = ([1.5, -0.75], 0.5)
# No two weights agree, not even in size, and none of them is 1.
FULL: Chain = ([1.5, -0.75, 2.0, 0.5], -0.5)


def _by_autograd(weights: list[float], x: float, activation: str) -> tuple[float, float]:
    """Return the output and its derivative, from autograd in float64."""
    start = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    a = start
    for w in weights:
        a = FUNCTIONS[activation](w * a)
    a.backward()
    assert start.grad is not None
    return a.item(), start.grad.item()


def _size(weights: list[float], x: float) -> float:
    """Return the natural size of output and derivative: no chain with these weights has larger ones."""
    return (1 + abs(x)) * math.prod(max(1.0, abs(w)) for w in weights)


@given(chain=chains)
@example(chain=([2.0], 3.0))
@example(chain=PAIR)
@example(chain=FULL)
def test_identity(chain_gradient: StudentFunction, chain: Chain) -> None:
    """With the identity, the output is x times all weights, and the derivative is the product of all weights.

    So |w| above 1 makes the derivative grow without limit as the chain gets longer, and |w| below 1 makes it vanish.
    """
    weights, x = chain
    product = math.prod(weights)
    assert_close(chain_gradient(weights, x, "identity"), (product * x, product), scale=_size(*chain))


@given(w=numbers(-2, 2), x=numbers(-2, 2), activation=names)
@example(w=1.5, x=0.5, activation="tanh")
@example(w=1.5, x=0.5, activation="sigmoid")
@example(w=2.0, x=2.0, activation="tanh")
def test_one_unit(chain_gradient: StudentFunction, w: float, x: float, activation: str) -> None:
    """A single unit has the derivative w times the slope of its activation, taken where the unit stands: at w * x.

    The expected values come from autograd.
    """
    says = f"A single unit with {activation} has another output, or another derivative."
    assert_close(chain_gradient([w], x, activation), _by_autograd([w], x, activation), scale=_size([w], x), says=says)


@given(chain=chains, activation=names)
@example(chain=PAIR, activation="tanh")
@example(chain=PAIR, activation="sigmoid")
@example(chain=FULL, activation="tanh")
@example(chain=FULL, activation="sigmoid")
def test_as_autograd(chain_gradient: StudentFunction, chain: Chain, activation: str) -> None:
    """For any chain, autograd gives the same output and the same derivative."""
    assert_close(chain_gradient(*chain, activation), _by_autograd(*chain, activation), scale=_size(*chain))


@given(chain=chains, more=weights_of, activation=names)
@example(chain=PAIR, more=[2.0, 0.5], activation="tanh")
@example(chain=UNIT, more=[-0.75], activation="sigmoid")
def test_cut_in_two(chain_gradient: StudentFunction, chain: Chain, more: list[float], activation: str) -> None:
    """Cut a chain in two, and feed the output of the first part to the second: the two derivatives multiply.

    That is the chain rule, and it holds wherever you cut.
    """
    weights, x = chain
    middle, first = map(float, chain_gradient(weights, x, activation))
    end, second = map(float, chain_gradient(more, middle, activation))
    says = f"The two parts have the derivatives {first:.6g} and {second:.6g}; the whole chain has another product."
    whole = chain_gradient(weights + more, x, activation)
    assert_close(whole, (end, first * second), scale=_size(weights + more, x), says=says)


@given(chain=chains)
@example(chain=([2.0, 2.0, 2.0], 1.0))
@example(chain=([-2.0, 1.0, 1.5, 2.0, -1.0, 2.0], -2.0))
def test_sigmoid_bound(chain_gradient: StudentFunction, chain: Chain) -> None:
    """With sigmoid, the derivative is at most 1/4 times |w| for each unit.

    The slope of sigmoid is nowhere above 1/4: ten units with weights of size 1 leave less than a millionth.
    """
    weights, x = chain
    bound = math.prod(abs(w) / 4 for w in weights)
    _, gradient = chain_gradient(weights, x, "sigmoid")
    says = f"With {len(weights)} units the derivative can be at most {bound:.3g} in size."
    assert_at_most(abs(float(gradient)), bound, slack=1e-5 * (bound + 1e-6), says=says)


@given(x=numbers(-2, 2), activation=names)
@example(x=3.0, activation="tanh")
def test_no_units(chain_gradient: StudentFunction, x: float, activation: str) -> None:
    """A chain without units gives x itself, with the derivative 1.

    The empty product is 1: the derivative of x with respect to x.
    """
    assert_close(chain_gradient([], x, activation), (x, 1.0), scale=1 + abs(x))


@predict(
    answer="Less than a millionth",
    because="Every slope of sigmoid is at most a quarter, and 0.25 to the power 10 is just below a millionth.",
    otherwise={
        "About 1, since all weights are 1": "The weights are only half of each factor: the other half is the slope of"
        " the activation, which is at most a quarter for sigmoid.",
        "About a quarter": "That is one unit. Each of the ten multiplies by a slope of at most a quarter.",
        "About 10 times a quarter": "The factors of the chain rule multiply along a chain; they add up only where paths"
        " meet.",
    },
)
def ten_units(chain_gradient: Callable[..., tuple[float, float]]) -> dict[str, list[float]]:
    """Ten sigmoid units stand in a row, and every weight is 1.

    How large is the derivative of the last output with respect to the input?
    """
    sizes = [chain_gradient([1.0] * length, 0.0, "sigmoid")[1] for length in range(11)]
    assert 0 < sizes[-1] < 1e-6
    return {"units": [float(length) for length in range(11)], "derivative": sizes}


@predict(
    answer="It vanishes all the same",
    because="The slope is a quarter only where the sum is 0. A sigmoid is positive, so with weights of 4 the sums are"
    " around 3.9, where the slope is below 0.02.",
    otherwise={
        "It stays about 1": "That would need a slope of a quarter in every unit. The slope is so large only at a sum of"
        " 0, and the sums of these units are not near 0.",
        "It explodes": "A factor is 4 times the slope, and a slope of sigmoid is never above a quarter: no factor is"
        " above 1.",
    },
)
def weights_of_four(chain_gradient: Callable[..., tuple[float, float]]) -> dict[str, list[float]]:
    """The slope of sigmoid is at most a quarter. So give every unit the weight 4, and start at x = 0.

    What happens to the derivative in a chain of ten units?
    """
    sizes = [chain_gradient([4.0] * length, 0.0, "sigmoid")[1] for length in range(11)]
    assert 0 < sizes[-1] < 1e-6
    return {"units": [float(length) for length in range(11)], "derivative": sizes}


# Right answers in other styles


@variant
def autograd(weights: list[float], x: float, activation: str) -> tuple[float, float]:
    """Autograd, in float32 throughout."""
    start = torch.tensor(x, dtype=torch.float32, requires_grad=True)
    a = start * 1
    for w in weights:
        z = w * a
        a = z if activation == "identity" else getattr(torch, activation)(z)
    a.backward()
    assert start.grad is not None
    return a.item(), start.grad.item()


@variant
def recursive(weights: list[float], x: float, activation: str) -> tuple[float, float]:
    """The first unit, and then the chain of all others."""
    if not weights:
        return x, 1.0
    z = weights[0] * x
    if activation == "identity":
        a, slope = z, 1.0
    elif activation == "tanh":
        a, slope = math.tanh(z), 1 / math.cosh(z) ** 2
    else:
        a, slope = 1 / (1 + math.exp(-z)), 1 / (2 + math.exp(z) + math.exp(-z))
    end, rest = recursive(weights[1:], a, activation)
    return end, weights[0] * slope * rest


@variant
def forward_then_backward(weights: list[float], x: float, activation: str) -> tuple[float, float]:
    """All outputs first, and then the factors from the end to the beginning, as backpropagation does."""
    outputs = [x]
    for w in weights:
        z = w * outputs[-1]
        outputs.append({"identity": z, "tanh": np.tanh(z), "sigmoid": 1 / (1 + np.exp(-z))}[activation])
    gradient = 1.0
    for w, a in zip(reversed(weights), reversed(outputs[1:]), strict=True):
        gradient *= w * {"identity": 1, "tanh": 1 - a * a, "sigmoid": a - a * a}[activation]
    return float(outputs[-1]), float(gradient)


@variant
def tensors(weights: list[float], x: float, activation: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Tensors without dimensions, in a tuple."""
    a, gradient = torch.tensor(x), torch.tensor(1.0)
    for w in weights:
        a = w * a
        gradient = gradient * w
        if activation == "tanh":
            a = torch.tanh(a)
            gradient = gradient * (1 - a**2)
        if activation == "sigmoid":
            a = torch.sigmoid(a)
            gradient = gradient * a * (1 - a)
    return a, gradient
