"""unbroadcast must add up the gradients of all copies of an entry, over exactly the axes that were stretched."""

import itertools
import math

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, largest, row, variant

from .shared import tensors

Shape = tuple[int, ...]
Case = tuple[Tensor, Shape]
"""grad, and the shape before it was broadcast."""

GRAD = torch.tensor([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])
BLOCK = torch.arange(1.0, 13.0).reshape(2, 3, 2) ** 2
CASES: tuple[Case, ...] = (
    (GRAD, (3,)),
    (GRAD, (2, 1)),
    (GRAD, (1, 3)),
    (GRAD, ()),
    (BLOCK, (3, 1)),
    (BLOCK, (2, 1, 2)),
    (BLOCK, (1, 2)),
    # Any axis has the right length here: the new ones stand in front.
    (GRAD[:, :2], (2,)),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a gradient with up to three axes, and a shape that broadcasts to its shape."""
    full = tuple(draw(st.lists(st.integers(1, 4), max_size=3)))
    kept = full[draw(st.integers(0, len(full))) :]
    shape = tuple(draw(st.sampled_from([length, 1])) for length in kept)
    return draw(tensors(full)), shape


def _collected(grad: Tensor, shape: Shape) -> Tensor:
    """Return what every entry collects, one entry of the gradient after the other."""
    total = torch.zeros(shape, dtype=torch.float64)
    for place in itertools.product(*map(range, grad.shape)):
        own = place[len(place) - len(shape) :]
        total[tuple(0 if length == 1 else i for i, length in zip(own, shape, strict=True))] += grad[place].item()
    return total


def _size(grad: Tensor) -> float:
    """Return the natural size of a sum of entries: the sum itself may be 0."""
    return 1 + largest(grad) * math.sqrt(grad.numel())


@given(case=cases())
@example(case=CASES[0])
@example(case=CASES[1])
@example(case=CASES[2])
@example(case=CASES[3])
@example(case=CASES[4])
@example(case=CASES[5])
@example(case=CASES[6])
@example(case=CASES[7])
def test_copies_add_up(unbroadcast: StudentFunction, case: Case) -> None:
    """Each entry collects the gradients of all its copies, and nothing else.

    Going forward, broadcasting copied the entry to several places. Going back, each place sends its gradient to it. The
    expected numbers are added up in plain Python.
    """
    grad, shape = case
    assert_close(unbroadcast(grad, shape), _collected(grad, shape), scale=_size(grad))


@st.composite
def cases_with_a_tensor(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    """Draw a gradient, and a tensor that broadcasts to its shape."""
    grad, shape = draw(cases())
    return grad, draw(tensors(shape))


@given(case=cases_with_a_tensor())
@example(case=(GRAD, row(1.0, -2.0, 3.0)))
@example(case=(GRAD, row(1.0, -2.0)[:, None]))
@example(case=(BLOCK, row(1.0, -2.0, 3.0)[:, None]))
def test_same_loss(unbroadcast: StudentFunction, case: tuple[Tensor, Tensor]) -> None:
    """Multiplied and summed, the stretched tensor and grad give the same number as the tensor and its own gradient.

    That number is how far the loss moves. It must not matter whether you move the entries of the tensor, or all their
    copies.
    """
    grad, tensor = case
    own = unbroadcast(grad, tuple(tensor.shape))
    promised, moved = float((own.double() * tensor).sum()), float((grad.double() * tensor).sum())
    size = 1 + float((grad.double() * tensor).abs().sum())
    assert_close(promised, moved, scale=size, says="The loss does not move as far as the result promises.")


@given(case=cases())
@example(case=CASES[0])
@example(case=CASES[4])
def test_nothing_lost(unbroadcast: StudentFunction, case: Case) -> None:
    """The entries of the result add up to the same number as those of grad: nothing is lost, and nothing counts twice.

    Every entry of grad belongs to exactly one entry of the result.
    """
    grad, shape = case
    total = float(unbroadcast(grad, shape).double().sum())
    says = "The entries of the result do not add up to what those of grad add up to."
    assert_close(total, float(grad.double().sum()), scale=_size(grad), says=says)


@given(case=cases(), which=st.integers(0, 1))
@example(case=(BLOCK, (1, 2)), which=0)
@example(case=(BLOCK, (2, 1, 2)), which=1)
def test_in_two_steps(unbroadcast: StudentFunction, case: Case, which: int) -> None:
    """Broadcasting in two steps is undone in two steps: first to the shape in between, then to the first one.

    The shape in between has the axes of length 1 stretched already, or else the axes in front added already.
    """
    grad, shape = case
    front = tuple(grad.shape[: grad.ndim - len(shape)])
    between = tuple(grad.shape[len(front) :]) if which == 0 else (*front, *shape)
    at_once, in_two = unbroadcast(grad, shape), unbroadcast(unbroadcast(grad, between), shape)
    says = f"By way of the shape {between} the result is another one."
    assert_close(in_two, at_once.double(), scale=_size(grad), says=says)


# Right answers in other styles


@variant
def sum_to_size(grad: Tensor, shape: Shape) -> Tensor:
    """PyTorch has a method for it."""
    return grad.sum_to_size(shape)


@variant
def autograd(grad: Tensor, shape: Shape) -> Tensor:
    """PyTorch walks back through expand."""
    tensor = torch.zeros(shape, requires_grad=True)
    return torch.autograd.grad(tensor.expand(grad.shape), tensor, grad)[0]


@variant
def all_axes_at_once(grad: Tensor, shape: Shape) -> Tensor:
    """The axes are found first, and summed in one call; the result is a view in the end."""
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    axes = [axis for axis, length in enumerate(padded) if length == 1]
    return (grad.sum(dim=axes, keepdim=True) if axes else grad).reshape(shape)


@variant
def with_numpy(grad: Tensor, shape: Shape) -> Tensor:
    """NumPy adds into the places where the entries came from."""
    total = np.zeros(shape, dtype=np.float32)
    places = np.broadcast_to(np.arange(total.size).reshape(shape), grad.shape)
    np.add.at(total.reshape(-1), places.reshape(-1), grad.numpy().reshape(-1))
    return torch.from_numpy(total)


@variant
def float32(grad: Tensor, shape: Shape) -> Tensor:
    """float32 throughout, one axis after the other from the last to the first."""
    total, missing = grad.float(), grad.ndim - len(shape)
    for axis in reversed(range(grad.ndim)):
        if axis < missing:
            total = total.sum(axis)
        elif shape[axis - missing] == 1 != grad.shape[axis]:
            total = total.sum(axis).unsqueeze(axis)
    return total
