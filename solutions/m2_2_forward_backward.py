"""Exercises of lesson 2.2: forward and backward passes.

Read lessons/m2_2_forward_backward/README.md, fill in the functions, and run: grade 2.2
"""

import math
from collections.abc import Callable

import matplotlib.pyplot as plt
import torch
from torch import Tensor


def mul_add_backward(a: float, b: float, c: float) -> dict[str, float]:
    """Return `f = tanh(a * b + a + c)` and its slopes along a, b and c.

    All numbers are floats. In the result, "f" is the value, and "a", "b" and "c" are the slopes: how fast f grows
    when this one number grows and the other two stay.

    >>> mul_add_backward(2.0, -3.0, 4.0)
    {'f': 0.0, 'a': -2.0, 'b': 2.0, 'c': 1.0}
    """
    product = a * b
    z = product + a + c
    f = math.tanh(z)
    grad_z = 1 - f**2
    grad_product = grad_z
    grad_a = grad_product * b + grad_z
    grad_b = grad_product * a
    return {"f": f, "a": grad_a, "b": grad_b, "c": grad_z}


def linear_backward(X: Tensor, W: Tensor, grad_out: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gradients of the loss along X, W and b of the layer `Y = X @ W + b`, as `(dX, dW, db)`.

    `X` has shape (N, D_in), `W` has shape (D_in, D_out), and `grad_out`, the gradient along Y, has shape (N, D_out).
    Each gradient has the shape of what it belongs to; `b` has shape (D_out,). The numbers in `b` have no part in it.

    >>> X, W = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[1.0], [-1.0]])
    >>> linear_backward(X, W, torch.tensor([[1.0], [2.0]]))
    (tensor([[ 1., -1.],
            [ 2., -2.]]), tensor([[ 7.],
            [10.]]), tensor([3.]))
    """
    return grad_out @ W.T, X.T @ grad_out, grad_out.sum(dim=0)


def unbroadcast(grad: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return the gradient along a tensor of this shape, given the gradient along what it was broadcast to.

    Broadcasting stretched a tensor of shape `shape` to the shape of `grad`: it put new axes in front, and repeated
    along axes of length 1. The result has shape `shape`: each entry collects the gradients of all its copies.

    >>> grad = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    >>> unbroadcast(grad, (3,))
    tensor([5., 7., 9.])
    """
    while grad.ndim > len(shape):
        grad = grad.sum(dim=0)
    for axis, length in enumerate(shape):
        if length == 1:
            grad = grad.sum(dim=axis, keepdim=True)
    return grad


def _as_value(number: "Value | float") -> "Value":
    """Return a value as it is, and an ordinary number as a new value."""
    return number if isinstance(number, Value) else Value(number)


class Value:
    """A number that remembers which values it was computed from, so that `backward` can find the slopes.

    `data` is the number, and `grad` is the slope along it: 0.0 at first, and `backward` adds to it. Values combine with
    each other and with ordinary numbers, in either order: `a + b`, `a + 1`, `2 * a`, `a - b`, `a * b`, `a**3`.
    After `f.backward()`, every value that f was computed from has in its `grad` how fast f grows when it grows.

    >>> a, b = Value(2.0), Value(-3.0)
    >>> f = a * b + a
    >>> f.backward()
    >>> f.data, a.grad, b.grad
    (-4.0, -2.0, 2.0)
    """

    def __init__(self, data: float, parents: tuple["Value", ...] = ()) -> None:
        self.data = data
        self.grad = 0.0
        self.parents = parents  # the values that this one was computed from
        self.pass_on: Callable[[], None] = lambda: None  # adds to the grad of each parent; nothing without parents

    def __add__(self, other: "Value | float") -> "Value":
        """Return the value `self + other`, which passes its gradient on to both."""
        other = _as_value(other)
        out = Value(self.data + other.data, (self, other))

        def pass_on() -> None:
            self.grad += out.grad
            other.grad += out.grad

        out.pass_on = pass_on
        return out

    def __mul__(self, other: "Value | float") -> "Value":
        """Return the value `self * other`, which passes its gradient on to both, each time times the other."""
        other = _as_value(other)
        out = Value(self.data * other.data, (self, other))

        def pass_on() -> None:
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.pass_on = pass_on
        return out

    def __pow__(self, exponent: int) -> "Value":
        """Return the value `self**exponent`, for an exponent that is an ordinary number."""
        out = Value(self.data**exponent, (self,))

        def pass_on() -> None:
            self.grad += exponent * self.data ** (exponent - 1) * out.grad

        out.pass_on = pass_on
        return out

    def tanh(self) -> "Value":
        """Return the value `tanh(self)`."""
        out = Value(math.tanh(self.data), (self,))

        def pass_on() -> None:
            self.grad += (1 - out.data**2) * out.grad

        out.pass_on = pass_on
        return out

    def relu(self) -> "Value":
        """Return this value where it is positive, and otherwise 0, whose slope is 0."""
        out = Value(max(0.0, self.data), (self,))

        def pass_on() -> None:
            self.grad += (self.data > 0) * out.grad

        out.pass_on = pass_on
        return out

    def backward(self) -> None:
        """Add to the `grad` of every value that this one was computed from, and give this one the gradient 1."""
        order: list[Value] = []
        seen: set[Value] = set()

        def visit(value: "Value") -> None:
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.pass_on()

    # Everything else is made of the operations above.

    def __radd__(self, other: float) -> "Value":
        return self + other

    def __rmul__(self, other: float) -> "Value":
        return self * other

    def __neg__(self) -> "Value":
        return self * -1

    def __sub__(self, other: "Value | float") -> "Value":
        return self + -other

    def __rsub__(self, other: float) -> "Value":
        return -self + other

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"


if __name__ == "__main__":
    generator = torch.Generator().manual_seed(4)
    corners = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
    hidden = [[Value(number) for number in torch.randn(3, generator=generator).tolist()] for _ in range(3)]
    output = [Value(number) for number in torch.randn(4, generator=generator).tolist()]
    losses = []
    try:
        for _ in range(400):
            loss = Value(0.0)
            for x1, x2, target in corners:
                units = [(w1 * x1 + w2 * x2 + bias).tanh() for w1, w2, bias in hidden]
                prediction = output[-1]
                for weight, unit in zip(output, units, strict=False):
                    prediction = prediction + weight * unit
                loss = loss + (prediction - target) ** 2
            loss.backward()
            losses.append(loss.data)
            for parameter in [*hidden[0], *hidden[1], *hidden[2], *output]:
                parameter.data -= 0.1 * parameter.grad
                parameter.grad = 0.0
    except NotImplementedError:
        raise SystemExit("Nothing to draw yet: write Value first, then run this file again.") from None
    plt.semilogy(losses)
    plt.xlabel("step")
    plt.ylabel("sum of squared errors")
    plt.title("Your Value trains a network on XOR")
    plt.savefig("my_training.png")
    print("Drawn: my_training.png")
    plt.show()
