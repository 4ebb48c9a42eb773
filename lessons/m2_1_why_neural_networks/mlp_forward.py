"""mlp_forward must compute two layers, with the activation between them and nowhere else."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    StudentFunction,
    assert_close,
    largest,
    matrices,
    networks,
    numbers,
    predict,
    variant,
)

from .shared import plus, product

Params = dict[str, Tensor]
Call = tuple[Tensor, Params]
ACTIVATIONS = ("relu", "tanh", "sigmoid", "identity")
PLAIN: dict[str, Callable[[float], float]] = {
    "relu": lambda z: max(z, 0.0),
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "identity": lambda z: z,
}

# N, D, H and O differ, no number is 0, and the hidden sums have both signs in every row.
X = torch.tensor([[1.0, 2.0], [-1.5, 0.5], [0.25, -2.0], [3.0, 1.0], [0.5, -0.75]])
PARAMS = {
    "W1": torch.tensor([[1.0, -0.5, 0.75], [0.5, 1.0, -1.25]]),
    "b1": torch.tensor([0.25, -0.5, 0.375]),
    "W2": torch.tensor([[1.0, -1.5, 0.5, 2.0], [-0.75, 0.25, 1.0, -1.0], [0.5, 1.25, -2.0, 0.375]]),
    "b2": torch.tensor([0.5, -1.0, 0.25, 2.0]),
}
# As many units as inputs: a transposed W1 raises nothing here.
SQUARE = {
    "W1": torch.tensor([[1.0, -0.5], [0.75, 1.5]]),
    "b1": torch.tensor([0.25, -0.5]),
    "W2": torch.tensor([[1.0], [-1.5]]),
    "b2": torch.tensor([0.5]),
}


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Draw inputs and a network for them, as often as not with as many units as inputs."""
    inputs = draw(st.integers(1, 4))
    hidden_units = inputs if draw(st.booleans()) else draw(st.integers(1, 4))
    return draw(matrices((1, 5), inputs)), draw(networks(inputs, hidden_units))


def _size(X: Tensor, params: Params) -> float:
    """Return the natural size of an output: the largest that the sums can get."""
    hidden = len(params["W1"]) * largest(X) * largest(params["W1"]) + largest(params["b1"])
    return 1 + len(params["W2"]) * (1 + hidden) * largest(params["W2"]) + largest(params["b2"])


def _reordered(params: Params, order: list[int]) -> Params:
    return {**params, "W1": params["W1"][:, order], "b1": params["b1"][order], "W2": params["W2"][order]}


@given(call=calls(), activation=st.sampled_from(ACTIVATIONS))
@example(call=(X, PARAMS), activation="relu")
@example(call=(X, PARAMS), activation="tanh")
@example(call=(X, PARAMS), activation="sigmoid")
@example(call=(X, PARAMS), activation="identity")
@example(call=(X, SQUARE), activation="relu")
@example(call=(64 * X, PARAMS), activation="tanh")
def test_outputs(mlp_forward: StudentFunction, call: Call, activation: str) -> None:
    """The outputs are those of two layers, with the activation between them.

    The expected numbers come from plain Python, one sum at a time. The tanh of a large sum is 1, and its exponential is
    infinite in float32.
    """
    X, params = call
    W1, b1, W2, b2 = (params[key].tolist() for key in ("W1", "b1", "W2", "b2"))
    hidden = [[PLAIN[activation](z) for z in row] for row in plus(product(X.tolist(), W1), b1)]
    outputs = torch.tensor(plus(product(hidden, W2), b2), dtype=torch.float64)
    assert_close(mlp_forward(X, params, activation), outputs, scale=_size(X, params))


@given(call=calls(), activation=st.sampled_from(ACTIVATIONS), place=st.integers(0, 4))
@example(call=(X, PARAMS), activation="tanh", place=1)
def test_sample_by_sample(mlp_forward: StudentFunction, call: Call, activation: str, place: int) -> None:
    """Every row of the result depends on its own row of X only: one sample at a time gives the same outputs.

    A row is a sample, and the samples do not know of each other. That is why a batch may have any size.
    """
    X, params = call
    place %= len(X)
    whole, alone = mlp_forward(X, params, activation), mlp_forward(X[place : place + 1], params, activation)
    says = f"Row {place} of X alone does not give row {place} of the result."
    assert_close(whole[place : place + 1], alone, scale=_size(X, params), says=says)


@given(call=calls(), activation=st.sampled_from(ACTIVATIONS), turn=st.integers(1, 3))
@example(call=(X, PARAMS), activation="relu", turn=1)
@example(call=(X, SQUARE), activation="relu", turn=1)
def test_units_in_another_order(mlp_forward: StudentFunction, call: Call, activation: str, turn: int) -> None:
    """The order of the hidden units does not matter: a column of W1 may move, with its b1 and its row of W2.

    Those three are one unit. The output layer adds the units up, and a sum does not depend on the order.
    """
    X, params = call
    units = list(range(len(params["b1"])))
    order = units[turn % len(units) :] + units[: turn % len(units)]
    before = mlp_forward(X, params, activation)
    after = mlp_forward(X, _reordered(params, order), activation)
    says = f"With the hidden units in the order {order}, the outputs change."
    assert_close(after, before, scale=_size(X, params), says=says)


@given(call=calls(), power=st.integers(-2, 2))
@example(call=(X, PARAMS), power=1)
@example(call=(X, SQUARE), power=2)
def test_relu_scaled(mlp_forward: StudentFunction, call: Call, power: int) -> None:
    """With "relu", W1 and b1 times c and W2 divided by c give the same outputs, for any positive c.

    relu(c z) is c relu(z), so what one layer gains the next one loses. Different parameters can be the same network.
    """
    X, params = call
    c = 2.0**power
    scaled = {**params, "W1": c * params["W1"], "b1": c * params["b1"], "W2": params["W2"] / c}
    says = f"With W1 and b1 times {c:g} and W2 divided by {c:g}, the outputs change."
    before, after = mlp_forward(X, params, "relu"), mlp_forward(X, scaled, "relu")
    assert_close(after, before, scale=_size(X, params) + _size(X, scaled), says=says)


@given(call=calls(), shift=numbers())
@example(call=(X, PARAMS), shift=1.5)
def test_identity_is_straight(mlp_forward: StudentFunction, call: Call, shift: float) -> None:
    """With "identity" the network is straight: halfway between two inputs, the output is the mean of theirs.

    Without a bend in the hidden layer there is none anywhere. That is why a network needs an activation.
    """
    X, params = call
    other = X.flip(1) + shift
    ends = mlp_forward(X, params, "identity"), mlp_forward(other, params, "identity")
    middle = mlp_forward((X + other) / 2, params, "identity")
    scale = _size(X, params) + _size(other, params)
    assert_close(middle, (ends[0] + ends[1]) / 2, scale=scale, says="Halfway, the output is not the mean of the ends.")


@predict(
    answer="A straight line",
    because="Without an activation, two layers are one linear layer, however many units lie between them.",
    otherwise={
        "A line with up to 100 bends": "A unit bends where its activation does, and the identity has no bend.",
        "A smooth curve": "Only sums and products with fixed numbers occur, and those draw no curve.",
        "A parabola: the weights of two layers are multiplied": "The weights are multiplied with each other, the"
        " input is not: it occurs once in every product.",
    },
)
def wide_without_activation(mlp_forward: Callable[..., Tensor]) -> dict[str, Tensor]:
    """A network has 2 inputs, 100 hidden units with random weights, and the activation "identity".

    You walk along a straight line through the plane of the inputs and draw the output over the way. What do you see?
    """
    generator = torch.Generator().manual_seed(0)
    shapes = {"W1": (2, 100), "b1": (100,), "W2": (100, 1), "b2": (1,)}
    params = {key: torch.randn(shape, generator=generator, dtype=torch.float64) for key, shape in shapes.items()}
    way = torch.linspace(-3, 3, 25, dtype=torch.float64)
    outputs = mlp_forward(torch.stack([way, 1 - 2 * way], dim=1), params, "identity").flatten()
    assert outputs.diff().diff().abs().max() < 1e-9 * outputs.abs().max()
    return {"way": way, "output": outputs}


# Right answers in other styles


@variant
def loop(X: Tensor, params: Params, activation: str) -> Tensor:
    """A loop over samples and units, in plain Python."""
    rows = []
    for sample in X.tolist():
        output = params["b2"].tolist()
        for unit in range(len(params["b1"])):
            z = params["b1"][unit].item() + sum(
                x * w for x, w in zip(sample, params["W1"][:, unit].tolist(), strict=True)
            )
            h = PLAIN[activation](z)
            output = [value + h * w for value, w in zip(output, params["W2"][unit].tolist(), strict=True)]
        rows.append(output)
    return torch.tensor(rows)


@variant
def layers(X: Tensor, params: Params, activation: str) -> Tensor:
    """nn.Linear, whose weight is W transposed, and nn modules as activations."""
    modules = {"relu": torch.nn.ReLU(), "tanh": torch.nn.Tanh(), "sigmoid": torch.nn.Sigmoid()}
    first, second = torch.nn.Linear(*params["W1"].shape), torch.nn.Linear(*params["W2"].shape)
    with torch.no_grad():
        for layer, number in ((first, 1), (second, 2)):
            layer.weight.copy_(params[f"W{number}"].T)
            layer.bias.copy_(params[f"b{number}"])
        result: Tensor = second(modules.get(activation, torch.nn.Identity())(first(X)))
        return result


@variant
def float32(X: Tensor, params: Params, activation: str) -> Tensor:
    """float32 throughout, with the activations written out."""
    W1, b1, W2, b2 = (params[key].float() for key in ("W1", "b1", "W2", "b2"))
    z = X.float() @ W1 + b1
    if activation == "relu":
        z = z * (z > 0)
    elif activation == "tanh":
        z = 2 / (1 + (-2 * z).exp()) - 1
    elif activation == "sigmoid":
        z = 1 / (1 + (-z).exp())
    return z @ W2 + b2


@variant
def numpy(X: Tensor, params: Params, activation: str) -> Tensor:
    """NumPy inside, with einsum."""
    W1, b1, W2, b2 = (params[key].numpy() for key in ("W1", "b1", "W2", "b2"))
    z = np.einsum("nd,dh->nh", X.numpy(), W1) + b1
    bent = {"relu": np.maximum(z, 0), "tanh": np.tanh(z), "sigmoid": 1 / (1 + np.exp(-z)), "identity": z}
    return torch.from_numpy(np.einsum("nh,ho->no", bent[activation], W2) + b2)


@variant
def ones_appended(X: Tensor, params: Params, activation: str) -> Tensor:
    """A column of ones beside the data, and the biases as one more row of the weights."""
    function = getattr(torch, activation, lambda z: z)
    ones = torch.ones(len(X), 1, dtype=X.dtype)
    hidden = function(torch.cat([X, ones], 1) @ torch.cat([params["W1"], params["b1"][None]]))
    return torch.cat([hidden, ones], 1) @ torch.cat([params["W2"], params["b2"][None]])
