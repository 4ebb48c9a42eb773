"""What several exercises of the lesson use."""

import torch
from torch import Tensor

CORNERS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
"""The four inputs of XOR."""


def product(left: list[list[float]], right: list[list[float]]) -> list[list[float]]:
    """Return the product of two matrices, in plain Python."""
    columns = list(zip(*right, strict=True))
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in left]


def plus(matrix: list[list[float]], bias: list[float]) -> list[list[float]]:
    """Return a matrix with a bias added to every row, in plain Python."""
    return [[value + shift for value, shift in zip(row, bias, strict=True)] for row in matrix]


def relu_outputs(X: Tensor, params: dict[str, Tensor]) -> Tensor:
    """Return the outputs of a ReLU network in float64, where its parameters add no error."""
    W1, b1, W2, b2 = (params[key].double() for key in ("W1", "b1", "W2", "b2"))
    return torch.relu(X.double() @ W1 + b1) @ W2 + b2
