"""What several exercises of the lesson use."""

from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import largest, numbers, row

Run = tuple[Tensor, list[Tensor]]
"""Where a run begins, and the gradient of each step."""
# No two numbers agree in size, and signs change from step to step.
RUN: Run = (row(1.0, -2.0, 0.5), [row(0.5, -1.5, 2.0), row(-1.0, 3.0, 0.25), row(0.75, 1.25, -4.0), row(0.0, 2.5, 1.0)])
SQUARE: Run = (torch.tensor([[1.0, -3.0], [2.0, 0.25]]), [torch.tensor([[2.0, -1.0], [0.5, 4.0]])] * 2)
TINY = 1e-15
"""An eps that changes nothing where gradients are 1/8 or more, and is not 0."""
some_rates = st.sampled_from([1 / 16, 1 / 8, 1 / 4])
shapes = st.sampled_from([(1,), (2,), (3,), (2, 2), (1, 3)])


@st.composite
def tensors(draw: st.DrawFn, shape: tuple[int, ...], *, nonzero: bool = False, low: int = -4) -> Tensor:
    """Draw a tensor of this shape with multiples of 1/8 from `low` to 4."""
    count = torch.Size(shape).numel()
    entries = numbers(low, 4).filter(bool) if nonzero else numbers(low, 4)
    return torch.tensor(draw(st.lists(entries, min_size=count, max_size=count))).reshape(shape)


@st.composite
def triples(draw: st.DrawFn) -> tuple[Tensor, Tensor, Tensor]:
    """Draw three tensors of the same shape: parameters, a gradient without a 0, and a state of 0 or more."""
    shape = draw(shapes)
    return draw(tensors(shape)), draw(tensors(shape, nonzero=True)), draw(tensors(shape, low=0))


@st.composite
def runs(draw: st.DrawFn, max_steps: int = 4) -> Run:
    """Draw a start and the gradients of some steps, all of the same shape."""
    shape, steps = draw(shapes), draw(st.integers(1, max_steps))
    return draw(tensors(shape)), [draw(tensors(shape)) for _ in range(steps)]


def torch_run(kind: Any, run: Run, **settings: Any) -> list[Tensor]:
    """Return where an optimizer of PyTorch stands after each step of a run, computed in float64."""
    leaf = torch.nn.Parameter(run[0].double())
    optimizer = kind([leaf], **settings)
    path = []
    for grad in run[1]:
        leaf.grad = grad.double()
        optimizer.step()
        path.append(leaf.detach().float())
    return path


def size_of(run: Run, lr: float) -> float:
    """Return the natural size of a parameter: where it begins, and how far the steps of momentum lead."""
    return 1 + largest(run[0]) + 4 * lr * sum(largest(grad) for grad in run[1])
