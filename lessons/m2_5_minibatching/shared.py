"""What several exercises of the lesson use."""

import torch
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import matrices, vectors

Samples = tuple[Tensor, Tensor]
"""X with a row for each sample, and Y with an entry for each."""
# N, D and the last batch differ, and no two entries are equal.
FIVE: Samples = (
    torch.tensor([[0.5, 1.0], [-1.5, 2.0], [3.0, -2.5], [4.0, 0.25], [-3.5, 1.5]]),
    torch.tensor([1.0, -2.0, 0.5, 3.0, 4.0]),
)
SEVEN: Samples = (torch.arange(7.0)[:, None] / 2, torch.arange(7.0))


@st.composite
def samples(draw: st.DrawFn, min_size: int = 1, max_size: int = 6) -> Samples:
    """Draw samples whose targets are numbers, or rows with one or two numbers."""
    size = draw(st.integers(min_size, max_size))
    X, columns = draw(matrices(size, (1, 3))), draw(st.integers(0, 2))
    return X, draw(matrices(size, columns)) if columns else draw(vectors(size, size))


def numbered(size: int) -> Samples:
    """Return samples whose targets are their numbers, so that a batch says which samples it holds."""
    return torch.arange(float(size))[:, None] / 2, torch.arange(size)
