"""loss_and_grads must return the mean squared error of a tanh network and its gradient along all four parameters."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, examples, largest, predict, variant

from .shared import (
    CURVE,
    FULL,
    KEYS,
    SQUARE,
    Net,
    Params,
    by_autograd,
    error_size,
    grad_size,
    nets,
    outputs_of,
    reordered,
    small,
    turned,
)


@examples(8)
@given(net=nets())
@example(net=FULL)
@example(net=CURVE)
@example(net=SQUARE)
def test_loss(loss_and_grads: StudentFunction, net: Net) -> None:
    """The loss is the mean of the squared errors over all N * O outputs.

    The expected loss comes from plain Python, one output at a time.
    """
    params, X, Y = net
    W1, b1, W2, b2 = (params[key].tolist() for key in KEYS)
    squares = []
    for sample, targets in zip(X.tolist(), Y.tolist(), strict=True):
        sums = [b + sum(x * row[j] for x, row in zip(sample, W1, strict=True)) for j, b in enumerate(b1)]
        h = [math.tanh(z) for z in sums]
        for o, target in enumerate(targets):
            squares.append((b2[o] + sum(unit * row[o] for unit, row in zip(h, W2, strict=True)) - target) ** 2)
    loss, _ = loss_and_grads(params, X, Y)
    assert_close(loss, sum(squares) / len(squares), scale=error_size(params, Y) ** 2, says="The loss is wrong.")


@examples(8)
@given(net=nets())
@example(net=FULL)
@example(net=CURVE)
@example(net=SQUARE)
def test_gradients(loss_and_grads: StudentFunction, net: Net) -> None:
    """The four gradients are those of the loss.

    The expected ones come from PyTorch's autograd, in float64.
    """
    _, grads = loss_and_grads(*net)
    _, expected = by_autograd(*net)
    for key in ("W2", "b2", "W1", "b1"):  # on the way back, the output layer comes first
        assert_close(grads[key], expected[key], scale=grad_size(*net), says=f'The gradient along "{key}" is wrong.')


@examples(8)
@given(net=nets())
@example(net=FULL)
@example(net=SQUARE)
def test_nothing_to_learn(loss_and_grads: StudentFunction, net: Net) -> None:
    """Where Y is what the network says already, the loss and all four gradients are 0.

    Every gradient begins with the errors, and there are none.
    """
    params, X, _ = net
    Y = outputs_of(params, X).float()
    loss, grads = loss_and_grads(params, X, Y)
    assert_close(loss, 0.0, scale=error_size(params, Y) ** 2, says="Without any error, the loss is not 0.")
    nothing = {key: torch.zeros_like(params[key]) for key in KEYS}
    says = "Without any error, the gradients are not 0."
    assert_close({key: grads[key] for key in KEYS}, nothing, scale=grad_size(params, X, Y), says=says)


@examples(8)
@given(net=nets())
@example(net=FULL)
@example(net=CURVE)
def test_output_layer_scaled(loss_and_grads: StudentFunction, net: Net) -> None:
    """With targets 0, W2 times its gradient plus b2 times its gradient, all added up, is twice the loss.

    The outputs are then proportional to the output layer, so the loss is proportional to its square, and the slope of
    c**2 at c = 1 is 2. No derivative is needed to know that.
    """
    params, X, Y = net
    loss, grads = loss_and_grads(params, X, torch.zeros_like(Y))
    total = sum(float((grads[key].double() * params[key]).sum()) for key in ("W2", "b2"))
    scale = 1 + 2 * error_size(params, torch.zeros_like(Y)) ** 2
    assert_close(
        total, 2 * float(loss), scale=scale, says="W2 and b2, each times its gradient, do not add up to 2 loss."
    )


@examples(8)
@given(net=nets(), v=small)
@example(net=FULL, v=1.5)
@example(net=CURVE, v=-0.5)
def test_bias_is_a_weight(loss_and_grads: StudentFunction, net: Net, v: float) -> None:
    """A bias is the weight of an input that is always 1: with a column of ones in X, its row of W1 gets b1's gradient.

    The new row begins at v, and b1 gives v up, so that the network says the same as before.
    """
    params, X, Y = net
    longer = {**params, "W1": torch.cat([params["W1"], torch.full((1, len(params["b1"])), v)]), "b1": params["b1"] - v}
    with_ones = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    loss, grads = loss_and_grads(params, X, Y)
    same_loss, longer_grads = loss_and_grads(longer, with_ones, Y)
    size = error_size(params, Y) ** 2 * (1 + abs(v))
    assert_close(same_loss, loss, scale=size, says="With a column of ones and the bias in it, the loss changes.")
    says = "The gradient along the weights of an input that is always 1 is not the gradient along b1."
    assert_close(longer_grads["W1"][-1], grads["b1"], scale=(1 + abs(v)) * grad_size(params, X, Y), says=says)


@examples(8)
@given(net=nets(), turn=st.integers(1, 3))
@example(net=FULL, turn=1)
@example(net=SQUARE, turn=1)
def test_gradients_reordered(loss_and_grads: StudentFunction, net: Net, turn: int) -> None:
    """With the hidden units in another order, the loss is the same, and the gradients are in that order.

    A column of W1, its b1 and its row of W2 are one unit, and the units have no places of their own.
    """
    params, X, Y = net
    order = turned(params, turn)
    loss, grads = loss_and_grads(params, X, Y)
    same_loss, moved = loss_and_grads(reordered(params, order), X, Y)
    says = f"With the hidden units in the order {order}, the loss changes."
    assert_close(same_loss, loss, scale=error_size(params, Y) ** 2, says=says)
    says = f"With the hidden units in the order {order}, the gradients are not in that order."
    assert_close(moved, reordered(grads, order), scale=grad_size(params, X, Y), says=says)


@examples(8)
@given(net=nets())
@example(net=FULL)
@example(net=CURVE)
def test_every_sample_twice(loss_and_grads: StudentFunction, net: Net) -> None:
    """With every sample twice, neither the loss nor any gradient changes.

    The loss is a mean, and a mean does not grow because there is more of the same.
    """
    params, X, Y = net
    loss, grads = loss_and_grads(params, X, Y)
    same_loss, same_grads = loss_and_grads(params, X.repeat(2, 1), Y.repeat(2, 1))
    says = "With every sample twice, the loss changes."
    assert_close(same_loss, loss, scale=error_size(params, Y) ** 2, says=says)
    says = "With every sample twice, the gradients change."
    assert_close(same_grads, grads, scale=grad_size(params, X, Y), says=says)


@predict(
    answer="Only b2",
    because="tanh(0) = 0, so all hidden units say 0, and W2 gets 0. The gradient that goes back to them is multiplied"
    " by W2, and that is 0 too, so nothing arrives at W1 and b1. The network stays a constant for ever.",
    otherwise={
        "All four": "Every gradient is a product, and with the weights 0 most of the products have a factor 0.",
        "b1 and b2": "What goes back to the hidden layer is multiplied by W2 first, and W2 is 0.",
        "None of them": "The error itself is not 0, and b2 gets it directly: no weight lies between them.",
    },
)
def all_weights_zero(loss_and_grads: Callable[..., tuple[float, Params]]) -> dict[str, list[float]]:
    """All weights and biases of a tanh network are 0. The targets are not, so there is something to learn.

    Which of W1, b1, W2 and b2 get a gradient that is not 0?
    """
    params = {key: torch.zeros(shape) for key, shape in {"W1": (1, 3), "b1": (3,), "W2": (3, 1), "b2": (1,)}.items()}
    x = torch.linspace(-2, 3, 11)[:, None]
    _, grads = loss_and_grads(params, x, x.sin())
    sizes = {key: largest(grads[key]) for key in KEYS}
    assert sizes["b2"] > 0
    assert not any(sizes[key] for key in ("W1", "b1", "W2"))
    return {"number of the parameter": [1.0, 2.0, 3.0, 4.0], "largest entry of its gradient": list(sizes.values())}


# Right answers in other styles


@variant
def autograd(params: Params, X: Tensor, Y: Tensor) -> tuple[float, Params]:
    """PyTorch walks back."""
    leaves = {key: part.clone().requires_grad_() for key, part in params.items()}
    outputs = torch.tanh(X @ leaves["W1"] + leaves["b1"]) @ leaves["W2"] + leaves["b2"]
    loss = torch.nn.functional.mse_loss(outputs, Y)
    return loss.item(), dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values())), strict=True))


def _linear_backward(X: Tensor, W: Tensor, grad_out: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    return grad_out @ W.T, X.T @ grad_out, grad_out.sum(dim=0)


@variant
def layer_by_layer(params: Params, X: Tensor, Y: Tensor) -> tuple[Tensor, Params]:
    """linear_backward of lesson 2.2, twice; the loss is a tensor without dimensions."""
    W1, b1, W2, b2 = (params[key] for key in KEYS)
    z = X @ W1 + b1
    h = z.tanh()
    outputs = h @ W2 + b2
    grad_out = (outputs - Y) * 2 / (Y.shape[0] * Y.shape[1])
    grad_h, dW2, db2 = _linear_backward(h, W2, grad_out)
    _, dW1, db1 = _linear_backward(X, W1, grad_h / torch.cosh(z) ** 2)
    return (outputs - Y).square().mean(), {"b2": db2, "W2": dW2, "b1": db1, "W1": dW1}


@variant
def sample_by_sample(params: Params, X: Tensor, Y: Tensor) -> tuple[float, Params]:
    """One sample at a time, with outer products that add up."""
    grads = {key: torch.zeros_like(part) for key, part in params.items()}
    loss, count = 0.0, Y.numel()
    for x, y in zip(X, Y, strict=True):
        h = torch.tanh(x @ params["W1"] + params["b1"])
        error = h @ params["W2"] + params["b2"] - y
        loss += (error**2).sum().item() / count
        back = 2 * error / count
        into = (1 - h) * (1 + h) * (params["W2"] @ back)
        grads["W2"] += torch.outer(h, back)
        grads["b2"] += back
        grads["W1"] += torch.outer(x, into)
        grads["b1"] += into
    return loss, grads


@variant
def float32(params: Params, X: Tensor, Y: Tensor) -> tuple[float, Params]:
    """float32 throughout, with einsum, and the biases as a row of ones."""
    X, Y = X.float(), Y.float()
    h = torch.tanh(torch.einsum("nd,dh->nh", X, params["W1"]) + params["b1"])
    error = torch.einsum("nh,ho->no", h, params["W2"]) + params["b2"] - Y
    back = error * (2.0 / error.numel())
    into = torch.einsum("no,ho->nh", back, params["W2"]) * (1 - h.square())
    ones = torch.ones(len(X))
    gradients = torch.einsum("nd,nh->dh", X, into), ones @ into, torch.einsum("nh,no->ho", h, back), ones @ back
    return float((error * error).mean()), dict(zip(KEYS, gradients, strict=True))


@variant
def numpy(params: Params, X: Tensor, Y: Tensor) -> tuple[float, Params]:
    """NumPy inside, in float64."""
    W1, b1, W2, b2 = (params[key].double().numpy() for key in KEYS)
    h = np.tanh(X.numpy() @ W1 + b1)
    error = h @ W2 + b2 - Y.numpy()
    back = 2 * error / error.size
    into = back @ W2.T * (1 - h**2)
    arrays = X.double().numpy().T @ into, into.sum(axis=0), h.T @ back, back.sum(axis=0)
    return float(np.mean(error**2)), {
        key: torch.from_numpy(array).float() for key, array in zip(KEYS, arrays, strict=True)
    }
