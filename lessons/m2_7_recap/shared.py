"""What several exercises of the lesson use."""

import torch
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import largest, matrices, networks

Params = dict[str, Tensor]
Pair = tuple[Params, Params]
KEYS = ("W1", "b1", "W2", "b2")

# Two networks of the same shapes. D, H and O differ, and no number of FIRST is in SECOND at the same place.
FIRST = {
    "W1": torch.tensor([[0.5, -0.25, 0.75], [0.25, 1.0, -0.625]]),
    "b1": torch.tensor([0.25, -0.5, 0.375]),
    "W2": torch.tensor([[1.0, -1.5, 0.5, 1.25], [-0.75, 0.25, 1.0, -1.0], [0.5, 1.25, -1.0, 0.375]]),
    "b2": torch.tensor([0.5, -1.0, 0.25, 1.5]),
}
SECOND = {
    "W1": torch.tensor([[-1.0, 0.5, 1.5], [0.75, -0.25, 0.5]]),
    "b1": torch.tensor([-0.75, 0.5, 1.0]),
    "W2": torch.tensor([[-0.5, 0.75, 1.0, 0.25], [1.25, -1.0, 0.5, 0.5], [-1.5, 0.25, 0.75, -1.0]]),
    "b2": torch.tensor([-0.5, 0.25, 1.0, -1.25]),
}
# As many inputs as units as outputs: an index along the wrong axis raises nothing here.
SQUARE = {
    "W1": torch.tensor([[0.5, -0.75, 1.0], [0.25, 1.0, -0.5], [-1.25, 0.375, 0.75]]),
    "b1": torch.tensor([0.25, -0.5, 0.75]),
    "W2": torch.tensor([[1.0, 0.5, -0.25], [-1.5, 0.75, 1.25], [0.375, -1.0, 0.5]]),
    "b2": torch.tensor([0.5, -0.25, 1.0]),
}
# Trained on one wave of the sine, with the inputs WAVE: its loss there is 0.0005.
TRAINED = {
    "W1": torch.tensor([[1.15625, 0.375, 0.65625, 0.8125]]),
    "b1": torch.tensor([0.59375, 0.21875, -1.96875, -0.53125]),
    "W2": torch.tensor([[0.78125], [-1.0625], [-1.5], [1.3125]]),
    "b2": torch.tensor([-0.96875]),
}
WAVE = torch.linspace(-2, 4.25, 11)[:, None]
WAVE_TARGETS = WAVE.sin()


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """Draw two networks of the same shapes, as often as not with square weights."""
    d, h, o = draw(st.integers(1, 3)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    if draw(st.booleans()):
        d = o = h
    return draw(networks(d, h, o)), draw(networks(d, h, o))


@st.composite
def ordered_nets(draw: st.DrawFn) -> tuple[Params, list[int]]:
    """Draw a network and an order of its hidden units."""
    params, _ = draw(pairs())
    return params, draw(orders(len(params["b1"])))


def orders(units: int) -> st.SearchStrategy[list[int]]:
    """Draw an order of so many hidden units."""
    return st.permutations(range(units)).map(list)


@st.composite
def samples(draw: st.DrawFn, params: Params) -> tuple[Tensor, Tensor]:
    """Draw inputs and targets for a network."""
    size, d, o = draw(st.integers(1, 4)), len(params["W1"]), len(params["b2"])
    return draw(matrices(size, d, low=-2, high=2)), draw(matrices(size, o, low=-2, high=2))


def outputs_of(params: Params, X: Tensor) -> Tensor:
    """Return the outputs of a tanh network in float64."""
    W1, b1, W2, b2 = (params[key].double() for key in KEYS)
    return torch.tanh(X.double() @ W1 + b1) @ W2 + b2


def loss_of(params: Params, X: Tensor, Y: Tensor) -> float:
    """Return the loss of a tanh network in float64."""
    return ((outputs_of(params, X) - Y.double()) ** 2).mean().item()


def between(params_a: Params, params_b: Params, alpha: float) -> Params:
    """Return the network on the straight line through two others, in float64."""
    return {key: (1 - alpha) * params_a[key].double() + alpha * params_b[key].double() for key in KEYS}


def reordered(params: Params, order: list[int]) -> Params:
    """Return the same network with its hidden units in another order, one unit after the other."""
    units = [(params["W1"][:, old], params["b1"][old], params["W2"][old]) for old in order]
    W1, b1, W2 = (torch.stack(parts) for parts in zip(*units, strict=True))
    return {"W1": W1.T, "b1": b1, "W2": W2, "b2": params["b2"]}


def error_size(params: Params, Y: Tensor) -> float:
    """Return the natural size of an error: no unit says more than 1."""
    return 1 + largest(Y) + len(params["W2"]) * largest(params["W2"]) + largest(params["b2"])
