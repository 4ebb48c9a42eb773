"""linear_backward must return the gradients along X, W and b: exact, in their shapes, and summed over the samples."""

from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, numbers, row, variant

from .shared import product_size, tensors

Layer = tuple[Tensor, Tensor, Tensor]
"""X, W and grad_out."""

# Three samples, two features, two outputs: N differs from both, and W is square, so that W and W.T fit alike.
SQUARE = (
    torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]]),
    torch.tensor([[2.0, -1.0], [0.5, 3.0]]),
    torch.tensor([[1.0, -2.0], [3.0, 0.5], [-1.0, 2.0]]),
)
# Two samples, three features, one output.
FLAT = (torch.tensor([[1.0, 2.0, -3.0], [4.0, 0.5, 1.0]]), row(2.0, -1.0, 0.5)[:, None], row(1.0, -3.0)[:, None])
# Every number of samples, features and outputs is the same.
CUBE = (SQUARE[0][:2], SQUARE[1], SQUARE[2][:2])


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    """Draw a layer of up to 4 features and outputs, and a batch of up to 4 samples."""
    samples, features, outputs = (draw(st.integers(1, 4)) for _ in range(3))
    X, W = draw(tensors((samples, features))), draw(tensors((features, outputs)))
    return X, W, draw(tensors((samples, outputs)))


def _summed(layer: Layer) -> tuple[list[list[float]], list[list[float]], list[float]]:
    """Return the three gradients in plain Python: one sum for each entry, over the indices that it does not have."""
    X, W, G = (part.tolist() for part in layer)
    samples, features, outputs = range(len(X)), range(len(W)), range(len(W[0]))
    dX = [[sum(G[n][o] * W[d][o] for o in outputs) for d in features] for n in samples]
    dW = [[sum(X[n][d] * G[n][o] for n in samples) for o in outputs] for d in features]
    return dX, dW, [sum(G[n][o] for n in samples) for o in outputs]


def _sizes(layer: Layer) -> tuple[float, float, float]:
    X, W, G = layer
    return product_size(G, W), product_size(X, G), product_size(G, torch.ones(1))


@given(layer=layers())
@example(layer=SQUARE)
@example(layer=FLAT)
@example(layer=CUBE)
def test_every_entry(linear_backward: StudentFunction, layer: Layer) -> None:
    """Every entry of dX, dW and db is the sum, over everything it takes part in, of its local slope times grad_out.

    X[n, d] takes part in the outputs of its sample, W[d, o] in one output of every sample, and b[o] as well. The
    expected sums come from plain Python.
    """
    expected, sizes = _summed(layer), _sizes(layer)
    for name, mine, wanted, size in zip(("dX", "dW", "db"), linear_backward(*layer), expected, sizes, strict=True):
        assert_close(mine, wanted, scale=size, says=f"{name} is not what the sums give.")


@st.composite
def moved_layers(draw: st.DrawFn) -> tuple[Layer, Layer]:
    """Draw a layer, and how far each entry of X, W and b is moved."""
    X, W, G = draw(layers())
    return (X, W, G), (draw(tensors(tuple(X.shape))), draw(tensors(tuple(W.shape))), draw(tensors((W.shape[1],))))


@given(moved=moved_layers())
@example(moved=(SQUARE, (SQUARE[0].flip(0), SQUARE[1].flip(1), row(1.0, -2.0))))
@example(moved=(FLAT, (FLAT[0].flip(1), FLAT[1].flip(0), row(3.0))))
def test_promise(linear_backward: StudentFunction, moved: tuple[Layer, Layer]) -> None:
    """The gradients promise how the loss reacts: move X, W and b a little, and it moves by the sum of slope times way.

    Y moves by `way_X @ W + X @ way_W + way_b`, and the loss by that times grad_out. No derivative is needed on this
    side, and both sides must be the same number.
    """
    (X, W, G), ways = moved
    dY = ways[0] @ W + X @ ways[1] + ways[2]
    gradients = linear_backward(X, W, G)
    promised = sum(float((gradient.double() * way).sum()) for gradient, way in zip(gradients, ways, strict=True))
    size = sum(float((gradient.double() * way).abs().sum()) for gradient, way in zip(gradients, ways, strict=True))
    says = "The loss does not move as far as the three gradients promise."
    assert_close(promised, float((G * dY).sum()), scale=1 + size, says=says)


@given(layer=layers(), factor=numbers())
@example(layer=SQUARE, factor=-3.0)
@example(layer=FLAT, factor=0.0)
def test_upstream_scaled(linear_backward: StudentFunction, layer: Layer, factor: float) -> None:
    """With grad_out multiplied by a number, all three gradients are multiplied by it; without any, they are 0.

    A backward pass is linear in what arrives: it only multiplies and adds.
    """
    X, W, G = layer
    before, after = linear_backward(X, W, G), linear_backward(X, W, factor * G)
    for name, one, other, size in zip(("dX", "dW", "db"), after, before, _sizes(layer), strict=True):
        says = f"With grad_out multiplied by {factor}, {name} is not multiplied by it."
        assert_close(one, factor * other.double(), scale=(1 + abs(factor)) * size, says=says)


@given(layer=layers())
@example(layer=SQUARE)
@example(layer=(FLAT[0].repeat(2, 1), FLAT[1], FLAT[2].repeat(2, 1)))
def test_batch_split(linear_backward: StudentFunction, layer: Layer) -> None:
    """Split the batch in two: dW and db of the parts add up to those of the whole, and the rows of dX stay as they are.

    The parameters are shared by all samples, so what comes from each sample adds up. Nothing is divided by N here: if
    the loss is a mean, its 1/N has come with grad_out.
    """
    X, W, G = layer
    half = len(X) // 2
    whole, first, rest = (
        linear_backward(X, W, G),
        linear_backward(X[:half], W, G[:half]),
        linear_backward(X[half:], W, G[half:]),
    )
    sizes = _sizes(layer)
    says = "The rows of dX change if the batch is split."
    assert_close(torch.cat([first[0], rest[0]]), whole[0], scale=sizes[0], says=says)
    for i, name in ((1, "dW"), (2, "db")):
        says = f"{name} of the two halves of the batch do not add up to {name} of the whole."
        assert_close(first[i].double() + rest[i].double(), whole[i], scale=sizes[i], says=says)


# Right answers in other styles


@variant
def autograd(X: Tensor, W: Tensor, grad_out: Tensor) -> Any:
    """PyTorch walks back through the layer; the result is the tuple of autograd.grad."""
    leaves = [X.clone().requires_grad_(), W.clone().requires_grad_(), torch.zeros(W.shape[1], requires_grad=True)]
    return torch.autograd.grad(leaves[0] @ leaves[1] + leaves[2], leaves, grad_out)


@variant
def einsum(X: Tensor, W: Tensor, grad_out: Tensor) -> Any:
    """The index form, written down; the result is a list."""
    return [
        torch.einsum("no,do->nd", grad_out, W),
        torch.einsum("nd,no->do", X, grad_out),
        torch.einsum("no->o", grad_out),
    ]


@variant
def sample_by_sample(X: Tensor, W: Tensor, grad_out: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """One outer product for each sample, added up."""
    dX, dW, db = torch.zeros_like(X), torch.zeros_like(W), torch.zeros(W.shape[1])
    for n in range(len(X)):
        dX[n] = W @ grad_out[n]
        dW += torch.outer(X[n], grad_out[n])
        db += grad_out[n]
    return dX, dW, db


@variant
def broadcast(X: Tensor, W: Tensor, grad_out: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """All products at once in three dimensions, then sums."""
    dX = (grad_out[:, None, :] * W[None]).sum(dim=-1)
    dW = (X[:, :, None] * grad_out[:, None, :]).sum(dim=0)
    return dX, dW, torch.ones(len(X)) @ grad_out


@variant
def float32(X: Tensor, W: Tensor, grad_out: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """float32 throughout, with the transposes written as functions."""
    X, W, grad_out = X.float(), W.float(), grad_out.float()
    return grad_out.mm(W.t()), X.t().mm(grad_out), torch.sum(grad_out, 0)
