"""What several exercises of the lesson use."""

import torch
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import matrices

Shape = tuple[int, ...]

# N, D, the widths and O all differ, no entry is 0, and no column has mean 0.
X = torch.tensor([[1.0, 0.5], [-1.5, 0.25], [0.25, -1.0], [0.75, 2.0], [0.5, -0.75]])
WEIGHTS = [
    torch.tensor([[0.5, -0.25], [0.75, 1.0], [-0.625, 0.5]]),
    torch.tensor([[1.0, -0.5, 0.5], [0.25, 0.75, -1.0], [-0.5, 1.0, 0.25], [0.75, 0.5, 1.0]]),
    torch.tensor([[0.5, -1.0, 0.75, 0.25]]),
]


@st.composite
def depth_nets(draw: st.DrawFn, depth: int | tuple[int, int] = (1, 3)) -> tuple[list[Tensor], Tensor]:
    """Draw the weights of a network with up to three layers, each of shape (out, in), and its inputs."""
    layers = depth if isinstance(depth, int) else draw(st.integers(*depth))
    sizes = [draw(st.integers(1, 3)) for _ in range(layers + 1)]
    weights = [draw(matrices(sizes[k + 1], sizes[k], low=-2, high=2)) for k in range(layers)]
    return weights, draw(matrices((1, 4), sizes[0], low=-2, high=2))
