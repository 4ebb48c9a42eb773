"""collapse_linear must return the one layer that does what two layers do."""

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, largest, matrices, networks, variant

from .shared import plus, product

Layers = dict[str, Tensor]

# D, H and O differ, and no number is 0.
LAYERS = {
    "W1": torch.tensor([[1.0, -0.5, 0.75, 2.0], [0.5, 1.0, -1.25, 0.25]]),
    "b1": torch.tensor([0.25, -0.5, 0.375, 1.5]),
    "W2": torch.tensor([[1.0, -1.5, 0.5], [-0.75, 0.25, 1.0], [0.5, 1.25, -2.0], [1.75, -0.625, 0.875]]),
    "b2": torch.tensor([0.5, -1.0, 0.25]),
}
# All sizes agree, so that products in the wrong order, and sums, raise nothing.
SQUARE = {
    "W1": torch.tensor([[1.0, -0.5], [0.75, 1.5]]),
    "b1": torch.tensor([0.25, -0.5]),
    "W2": torch.tensor([[0.5, 2.0], [-1.5, 1.0]]),
    "b2": torch.tensor([0.5, 1.25]),
}
ONE_UNIT = {
    "W1": torch.tensor([[1.0], [-2.0]]),
    "b1": torch.tensor([0.5]),
    "W2": torch.tensor([[1.5, 0.25]]),
    "b2": torch.tensor([-1.0, 0.75]),
}
X = torch.tensor([[1.0, 2.0], [-1.5, 0.5], [0.25, -2.0]])


@st.composite
def data_and_layers(draw: st.DrawFn) -> tuple[Tensor, Layers]:
    """Draw two layers and inputs for them."""
    inputs = draw(st.integers(1, 4))
    return draw(matrices((1, 4), inputs)), draw(networks(inputs))


@st.composite
def three_layers(draw: st.DrawFn) -> tuple[Layers, Tensor, Tensor]:
    """Draw two layers, and the weight and the bias of a third one."""
    layers, outputs = draw(networks()), draw(st.integers(1, 3))
    W3 = draw(matrices(len(layers["b2"]), outputs, low=-2, high=2))
    return layers, W3, draw(matrices(1, outputs, low=-2, high=2))[0]


def _size(layers: Layers) -> float:
    """Return the natural size of an entry of the result."""
    units = len(layers["W2"])
    first = largest(layers["W1"]) + largest(layers["b1"])
    return units * first * largest(layers["W2"]) + largest(layers["b2"]) + 1


def _arguments(layers: Layers) -> tuple[Tensor, ...]:
    return layers["W1"], layers["b1"], layers["W2"], layers["b2"]


@given(layers=networks())
@example(layers=LAYERS)
@example(layers=SQUARE)
def test_weight_and_bias(collapse_linear: StudentFunction, layers: Layers) -> None:
    """W and b are the numbers that are left when the brackets of the two layers are multiplied out.

    The expected numbers come from plain Python, one sum at a time.
    """
    W1, b1, W2, b2 = (part.tolist() for part in _arguments(layers))
    W, b = torch.tensor(product(W1, W2)), torch.tensor(plus(product([b1], W2), b2)[0])
    assert_close(collapse_linear(*_arguments(layers)), (W, b), scale=_size(layers))


@given(call=data_and_layers())
@example(call=(X, LAYERS))
@example(call=(X, SQUARE))
def test_same_outputs(collapse_linear: StudentFunction, call: tuple[Tensor, Layers]) -> None:
    """For any X, the one layer gives the outputs of the two.

    That is what "collapse" means: without an activation the hidden layer adds nothing.
    """
    X, layers = call
    W1, b1, W2, b2 = (part.double() for part in _arguments(layers))
    W, b = collapse_linear(*_arguments(layers))
    outputs = (X.double() @ W1 + b1) @ W2 + b2
    scale = _size(layers) * (1 + len(W1) * largest(X))
    assert_close(X.double() @ W.double() + b.double(), outputs, scale=scale, says="X @ W + b differs from two layers.")


@given(call=three_layers())
@example(call=(SQUARE, SQUARE["W1"] + 1, SQUARE["b1"]))
def test_three_layers(collapse_linear: StudentFunction, call: tuple[Layers, Tensor, Tensor]) -> None:
    """Of three layers, the first two or the last two may be collapsed first: the end is the same.

    So any number of linear layers is one linear layer.
    """
    layers, W3, b3 = call
    W1, b1, W2, b2 = _arguments(layers)
    first = collapse_linear(*collapse_linear(W1, b1, W2, b2), W3, b3)
    last = collapse_linear(W1, b1, *collapse_linear(W2, b2, W3, b3))
    scale = _size(layers) * (1 + len(W3) * largest(W3)) + largest(b3)
    assert_close(first, last, scale=scale, says="The order in which three layers are collapsed changes the result.")


@given(layers=networks(hidden_units=1))
@example(layers=ONE_UNIT)
def test_bottleneck(collapse_linear: StudentFunction, layers: Layers) -> None:
    """Through a single hidden unit, all rows of W are multiples of one row.

    Whatever the inputs are, one number goes on to the second layer: W has rank 1. So `W[i, j] * W[k, l]` is
    `W[i, l] * W[k, j]`.
    """
    W, _ = collapse_linear(*_arguments(layers))
    says = "With one hidden unit, the rows of W are not multiples of one row."
    straight, crossed = (torch.einsum(term, W, W) for term in ("ij,kl->ijkl", "il,kj->ijkl"))
    assert_close(straight, crossed, scale=1 + largest(W) ** 2, says=says)


# Right answers in other styles


@variant
def probed(W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> tuple[Tensor, Tensor]:
    """Asks the two layers: what they say about zero is b, and what each input adds to that is a row of W."""

    def both(X: Tensor) -> Tensor:
        return (X @ W1 + b1) @ W2 + b2

    b = both(torch.zeros(1, len(W1), dtype=W1.dtype))
    return both(torch.eye(len(W1), dtype=W1.dtype)) - b, b[0]


@variant
def loop(W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> tuple[Tensor, Tensor]:
    """Loops over all indices, in plain Python."""
    inputs, units, outputs = len(W1), len(W2), len(b2)
    W, b = torch.zeros(inputs, outputs), b2.clone()
    for o in range(outputs):
        for h in range(units):
            b[o] += b1[h] * W2[h, o]
            for d in range(inputs):
                W[d, o] += W1[d, h] * W2[h, o]
    return W, b


@variant
def float32(W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> tuple[Tensor, Tensor]:
    """float32, with the bias as one more row of the weights."""
    rows = torch.einsum("dh,ho->do", torch.cat([W1, b1.reshape(1, -1)]).float(), W2.float())
    return rows[:-1], rows[-1] + b2


@variant
def numpy(W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> list[Tensor]:
    """NumPy inside, and a list of two tensors."""
    W, b = W1.numpy().dot(W2.numpy()), W2.numpy().T @ b1.numpy() + b2.numpy()
    return [torch.from_numpy(W), torch.from_numpy(b)]
