"""What several exercises of the lesson use."""

import torch
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import largest, matrices, networks, numbers

Params = dict[str, Tensor]
Net = tuple[Params, Tensor, Tensor]
"""params, X and Y."""
KEYS = ("W1", "b1", "W2", "b2")

# N, D, H and O all differ, no number is 0, and no column has mean 0.
X = torch.tensor([[1.0, 0.5], [-1.5, 0.25], [0.25, -1.0], [0.75, 2.0], [0.5, -0.75]])
Y = torch.tensor(
    [
        [1.0, -0.5, 2.0, 0.25],
        [0.5, 1.5, -1.0, 1.0],
        [-2.0, 0.75, 1.0, 0.5],
        [1.5, 1.0, -0.5, 2.0],
        [0.25, -1.0, 1.0, 1.5],
    ]
)
PARAMS = {
    "W1": torch.tensor([[0.5, -0.25, 0.75], [0.25, 1.0, -0.625]]),
    "b1": torch.tensor([0.25, -0.5, 0.375]),
    "W2": torch.tensor([[1.0, -1.5, 0.5, 1.25], [-0.75, 0.25, 1.0, -1.0], [0.5, 1.25, -1.0, 0.375]]),
    "b2": torch.tensor([0.5, -1.0, 0.25, 1.5]),
}
FULL: Net = (PARAMS, X, Y)
# As many inputs as units as outputs as samples: a transposed weight raises nothing here.
SQUARE: Net = (
    {
        "W1": torch.tensor([[0.5, -0.75], [0.25, 1.0]]),
        "b1": torch.tensor([0.25, -0.5]),
        "W2": torch.tensor([[1.0, 0.5], [-1.5, 0.75]]),
        "b2": torch.tensor([0.5, -0.25]),
    },
    X[:2],
    Y[:2, :2],
)
# One input and one output, as in the lesson's picture.
CURVE: Net = (
    {
        "W1": torch.tensor([[1.5, -0.5, 0.75]]),
        "b1": torch.tensor([0.25, 0.5, -1.0]),
        "W2": torch.tensor([[0.5], [-1.0], [1.5]]),
        "b2": torch.tensor([0.25]),
    },
    torch.tensor([[-2.0], [-0.5], [1.0], [1.75]]),
    torch.tensor([[-1.0], [0.5], [2.0], [0.25]]),
)


@st.composite
def nets(draw: st.DrawFn) -> Net:
    """Draw a network, inputs for it and targets, as often as not with square weights."""
    d, h, o = (draw(st.integers(1, 3)) for _ in range(3))
    if draw(st.booleans()):
        h = o = d
    params, samples = draw(networks(d, h, o)), draw(st.integers(1, 5))
    return params, draw(matrices(samples, d, low=-2, high=2)), draw(matrices(samples, o, low=-2, high=2))


def outputs_of(params: Params, X: Tensor) -> Tensor:
    """Return the outputs of a tanh network in float64."""
    W1, b1, W2, b2 = (params[key].double() for key in KEYS)
    return torch.tanh(X.double() @ W1 + b1) @ W2 + b2


def by_autograd(params: Params, X: Tensor, Y: Tensor) -> tuple[float, Params]:
    """Return the loss and the four gradients in float64, found by autograd."""
    leaves = {key: params[key].detach().double().requires_grad_() for key in KEYS}
    with torch.enable_grad():
        loss = ((outputs_of(leaves, X) - Y.double()) ** 2).mean()
        grads = torch.autograd.grad(loss, list(leaves.values()))
    return loss.item(), dict(zip(KEYS, grads, strict=True))


def descent(params: Params, X: Tensor, Y: Tensor, lr: float, steps: int) -> tuple[list[Params], list[float]]:
    """Return the parameters at every step, the start included, and the losses before each update, in float64."""
    path, losses = [{key: params[key].double() for key in KEYS}], []
    for _ in range(steps):
        loss, grads = by_autograd(path[-1], X, Y)
        losses.append(loss)
        path.append({key: path[-1][key] - lr * grads[key] for key in KEYS})
    return path, losses


def error_size(params: Params, Y: Tensor) -> float:
    """Return the natural size of an error: no unit says more than 1."""
    return 1 + largest(Y) + len(params["W2"]) * largest(params["W2"]) + largest(params["b2"])


def grad_size(params: Params, X: Tensor, Y: Tensor) -> float:
    """Return the natural size of an entry of a gradient, which may itself be 0."""
    return 2 * error_size(params, Y) * (1 + largest(params["W2"]) * (1 + largest(X)))


def reordered(params: Params, order: list[int]) -> Params:
    """Return the same network with its hidden units in another order, or the gradients in that order."""
    moved = {"W1": params["W1"][:, order], "b1": params["b1"][order], "W2": params["W2"][order]}
    return {**moved, "b2": params["b2"]}


def turned(params: Params, turn: int) -> list[int]:
    """Return an order of the hidden units: each moves on by some places."""
    units = list(range(len(params["b1"])))
    return units[turn % len(units) :] + units[: turn % len(units)]


small = numbers(-2, 2)
