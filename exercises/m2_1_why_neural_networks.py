"""Lesson 2.1: From linear to nonlinear.

A network with one hidden layer, why it needs its activation, and two networks whose weights you choose by hand.
"""

import matplotlib.pyplot as plt
import torch
from torch import Tensor


def mlp_forward(X: Tensor, params: dict[str, Tensor], activation: str) -> Tensor:
    """Return the outputs of a network with one hidden layer, one row for each sample.

    `X` has shape (N, D). In `params`, "W1" has shape (D, H), "b1" (H,), "W2" (H, O) and "b2" (O,). `activation` is
    "relu", "tanh", "sigmoid" or "identity", and acts on the hidden layer only. The result has shape (N, O).

    >>> params = {
    ...     "W1": torch.tensor([[1.0, 2.0], [-1.0, 1.0]]),
    ...     "b1": torch.tensor([0.0, -1.0]),
    ...     "W2": torch.tensor([[1.0], [2.0]]),
    ...     "b2": torch.tensor([0.5]),
    ... }
    >>> mlp_forward(torch.tensor([[1.0, 2.0], [3.0, -1.0]]), params, "relu")
    tensor([[ 6.5000],
            [12.5000]])
    """
    raise NotImplementedError("TODO: mlp_forward")


def collapse_linear(W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> tuple[Tensor, Tensor]:
    """Return the single linear layer (W, b) that gives the same outputs as two linear layers one after the other.

    The first layer is `X @ W1 + b1` with `W1` of shape (D, H) and `b1` of shape (H,), and the second takes its outputs,
    with `W2` of shape (H, O) and `b2` of shape (O,). There is no activation between them. In the result, `W` has shape
    (D, O) and `b` has shape (O,).

    >>> W1, b1 = torch.tensor([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]]), torch.tensor([1.0, 0.0, -1.0])
    >>> W2, b2 = torch.tensor([[2.0], [1.0], [-1.0]]), torch.tensor([0.5])
    >>> collapse_linear(W1, b1, W2, b2)
    (tensor([[ 4.],
            [-2.]]), tensor([3.5000]))
    """
    raise NotImplementedError("TODO: collapse_linear")


def solve_xor() -> dict[str, Tensor]:
    """Return the parameters of a ReLU network with two hidden units that computes XOR.

    Its outputs for the inputs (0, 0), (0, 1), (1, 0) and (1, 1) are 0, 1, 1 and 0, to within 0.001. In the result,
    "W1" has shape (2, 2), "b1" (2,), "W2" (2, 1) and "b2" (1,), all of them float32. Many answers are right.

    >>> corners = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> mlp_forward(corners, solve_xor(), "relu")
    tensor([[0.],
            [1.],
            [1.],
            [0.]])
    """
    raise NotImplementedError("TODO: solve_xor")


def relu_through_points(x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return the parameters of a ReLU network whose graph goes through given points, in straight pieces.

    `x` and `y` have shape (K,) with K of at least 2, and `x` is ascending, without repetitions. The network has one
    input, one output and at most K - 1 hidden units. At every `x[k]` its output is `y[k]`, and between two neighbouring
    points its graph is the straight line that joins them. In the result, "W1" has shape (1, H), "b1" (H,), "W2" (H, 1)
    and "b2" (1,). Many answers are right.

    >>> x, y = torch.tensor([0.0, 1.0, 3.0]), torch.tensor([1.0, 3.0, 2.0])
    >>> mlp_forward(torch.tensor([[0.0], [0.5], [1.0], [2.0], [3.0]]), relu_through_points(x, y), "relu")
    tensor([[1.0000],
            [2.0000],
            [3.0000],
            [2.5000],
            [2.0000]])
    """
    raise NotImplementedError("TODO: relu_through_points")


if __name__ == "__main__":
    steps = torch.linspace(-0.5, 1.5, 101)
    plane = torch.cartesian_prod(steps, steps)
    x = torch.linspace(-3.0, 3.0, 9)
    many = torch.linspace(-4.0, 4.0, 401)
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 5))
    drawn = []
    try:
        outputs = mlp_forward(plane, solve_xor(), "relu").reshape(101, 101).T
        left.contourf(steps, steps, outputs, levels=21)
        left.contour(steps, steps, outputs, levels=[0.5], colors="black")
        left.plot([0, 1], [0, 1], "wo", [0, 1], [1, 0], "ws", markeredgecolor="black", markersize=10)
        left.set(xlabel="first input", ylabel="second input", title="XOR: circles below 1/2, squares above")
        drawn.append("solve_xor")
    except NotImplementedError:
        left.set_title("still to do: solve_xor")
    try:
        right.plot(x, torch.sin(2 * x), "o", color="C7")
        right.plot(many, mlp_forward(many[:, None], relu_through_points(x, torch.sin(2 * x)), "relu"))
        right.set(xlabel="x", ylabel="output", title="A ReLU network through nine points")
        drawn.append("relu_through_points")
    except NotImplementedError:
        right.set_title("still to do: relu_through_points")
    if not drawn:
        raise SystemExit("Nothing to draw yet: write mlp_forward and solve_xor first, then run this file again.")
    figure.savefig("my_networks.png")
    print("Drawn: my_networks.png, with", " and ".join(drawn))
    plt.show()
