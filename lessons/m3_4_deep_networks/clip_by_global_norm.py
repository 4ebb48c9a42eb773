"""clip_by_global_norm must measure all gradients together, and shorten them by one common factor."""

import math
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import PARAM32, StudentFunction, assert_close, matrices, predict, row, variant, vectors

Grads = list[Tensor]

PAIR: Grads = [row(3.0), torch.tensor([[0.0, 4.0]])]
# One tensor is short and one is long, signs differ, and so do the numbers of entries.
FULL: Grads = [torch.tensor([[1.0, -2.0], [0.5, 4.0]]), row(-0.25, 0.5), torch.tensor([[6.0], [-3.0], [2.0]])]


@st.composite
def gradients(draw: st.DrawFn) -> Grads:
    """Draw one to three gradients that are not all 0; a gradient is a vector or a matrix."""
    kinds = st.one_of(vectors(1, 4), matrices((1, 3), (1, 3)))
    return draw(st.lists(kinds, min_size=1, max_size=3).filter(lambda grads: any(bool(grad.any()) for grad in grads)))


def _norm(grads: Grads) -> float:
    """Return the global norm, in plain Python."""
    return math.sqrt(sum(value * value for grad in grads for value in grad.double().flatten().tolist()))


def _joined(grads: Grads) -> Tensor:
    return torch.cat([grad.double().flatten() for grad in grads])


def _doubled(grads: Grads) -> Grads:
    return [grad.double() for grad in grads]


@given(grads=gradients())
@example(grads=[row(4.0)])
@example(grads=[row(3.0, 4.0)])
@example(grads=PAIR)
@example(grads=FULL)
def test_norm_before(clip_by_global_norm: StudentFunction, grads: Grads) -> None:
    """The number is the length of all entries as one vector, before clipping: the root of the sum of all squares.

    It is what you log: a sudden jump shows that something went wrong, however short the clipped gradient is.
    """
    _, norm = clip_by_global_norm(grads, _norm(grads) / 2)
    assert_close(norm, _norm(grads), scale=_norm(grads))
    _, norm = clip_by_global_norm(grads, 2 * _norm(grads))
    assert_close(norm, _norm(grads), scale=_norm(grads), says="Where nothing is clipped, the number is another one.")


@given(grads=gradients())
@example(grads=[row(4.0)])
@example(grads=PAIR)
@example(grads=FULL)
def test_below_the_limit(clip_by_global_norm: StudentFunction, grads: Grads) -> None:
    """Gradients whose norm is at most max_norm keep their values.

    Clipping only shortens. A run whose gradients are all short is the same with it and without it.
    """
    clipped, _ = clip_by_global_norm(grads, 1.5 * _norm(grads))
    says = f"The norm is {_norm(grads):.4g} and max_norm {1.5 * _norm(grads):.4g}, and the values have changed."
    assert_close(clipped, _doubled(grads), scale=_norm(grads), says=says)


@given(grads=gradients(), part=st.sampled_from([0.125, 0.5, 0.75]))
@example(grads=[row(4.0)], part=0.5)
@example(grads=[row(3.0, 4.0)], part=0.5)
@example(grads=PAIR, part=0.5)
@example(grads=FULL, part=0.125)
def test_norm_after(clip_by_global_norm: StudentFunction, grads: Grads, part: float) -> None:
    """Gradients that are too long have the norm max_norm afterwards, and keep it when they are clipped once more."""
    max_norm = part * _norm(grads)
    clipped, _ = clip_by_global_norm(grads, max_norm)
    found = _norm(list(clipped))
    says = f"After clipping to {max_norm:.4g} the norm is {found:.4g}."
    assert_close(found, max_norm, tolerance=PARAM32, scale=max_norm, says=says)
    again, _ = clip_by_global_norm([grad.clone() for grad in clipped], max_norm)
    says = "Clipping the clipped gradients once more changes them."
    assert_close(again, _doubled(list(clipped)), tolerance=PARAM32, scale=max_norm, says=says)


@given(grads=gradients(), part=st.sampled_from([0.125, 0.5, 0.75]))
@example(grads=PAIR, part=0.5)
@example(grads=FULL, part=0.125)
@example(grads=FULL, part=0.75)
def test_direction(clip_by_global_norm: StudentFunction, grads: Grads, part: float) -> None:
    """The direction stays: every entry, of every tensor, is multiplied by the same factor.

    The step still goes straight down the slope, only not so far.
    """
    max_norm = part * _norm(grads)
    before, after = _joined(grads), _joined(list(clip_by_global_norm(grads, max_norm)[0]))
    length = float(after.norm())
    says = "Divided by their lengths, the gradients before and after clipping differ: the direction has changed."
    assert_close(after * _norm(grads), before * length, tolerance=PARAM32, scale=_norm(grads) * max_norm, says=says)


@given(grads=gradients(), part=st.sampled_from([0.125, 0.5, 0.75, 2.0]))
@example(grads=PAIR, part=0.5)
@example(grads=FULL, part=0.5)
@example(grads=FULL, part=2.0)
def test_as_clip_grad_norm(clip_by_global_norm: StudentFunction, grads: Grads, part: float) -> None:
    """torch.nn.utils.clip_grad_norm_ leaves the same gradients and returns the same norm.

    It adds 1e-6 to the norm it divides by, so the last digits may differ.
    """
    max_norm = part * _norm(grads)
    leaves = [torch.nn.Parameter(grad.double()) for grad in grads]
    for leaf, grad in zip(leaves, grads, strict=True):
        leaf.grad = grad.double()
    norm = torch.nn.utils.clip_grad_norm_(leaves, max_norm)
    expected = ([leaf.grad for leaf in leaves], norm.item())
    clipped, returned = clip_by_global_norm(grads, max_norm)
    assert_close((list(clipped), returned), expected, tolerance=PARAM32, scale=[max_norm, _norm(grads)])


@given(count=st.integers(1, 3), max_norm=st.sampled_from([0.5, 1.0, 4.0]))
@example(count=1, max_norm=1.0)
@example(count=2, max_norm=0.5)
def test_zeros(clip_by_global_norm: StudentFunction, count: int, max_norm: float) -> None:
    """Gradients of 0 stay 0, with the norm 0: nothing is divided by it.

    At the bottom of a loss, and where no ReLU unit is alive, all gradients are 0.
    """
    grads = [torch.zeros(number + 1) for number in range(count)]
    says = "All gradients are 0, so the result is the same zeros and the norm 0."
    assert_close(clip_by_global_norm(grads, max_norm), (_doubled(grads), 0.0), scale=max_norm, says=says)


@given(grads=gradients(), factor=st.sampled_from([2.0, 8.0, 64.0]))
@example(grads=PAIR, factor=64.0)
@example(grads=FULL, factor=8.0)
def test_explosion(clip_by_global_norm: StudentFunction, grads: Grads, factor: float) -> None:
    """A gradient that explodes to many times itself gives the same clipped one; only the returned norm shows it.

    So the longest step of gradient descent is lr times max_norm.
    """
    max_norm = 0.5 * _norm(grads)
    usual, _ = clip_by_global_norm(grads, max_norm)
    exploded, norm = clip_by_global_norm([factor * grad for grad in grads], max_norm)
    says = f"With all gradients times {factor:g}, the clipped ones differ."
    assert_close(exploded, _doubled(list(usual)), tolerance=PARAM32, scale=max_norm, says=says)
    says = f"With all gradients times {factor:g}, the returned norm is not {factor:g} times as large."
    assert_close(norm, factor * _norm(grads), scale=factor * _norm(grads), says=says)


@predict(
    answer="3",
    because="Together they have the norm 10, the root of 36 + 64. One factor, 5 / 10, is for both: 6 becomes 3, and 8"
    " becomes 4.",
    otherwise={
        "5": "Then each tensor would be clipped by itself, and the direction of the step would turn: the short gradient"
        " would lose less than the long one.",
        "6, it keeps its value": "It is above the limit by itself already, and what counts is all gradients together.",
        "2.14, that is 5 / 14 of it": "14 is the sum of the norms. The norm of both together is the root of the sum of"
        " their squares.",
    },
)
def two_gradients(clip_by_global_norm: Callable[..., tuple[list[Tensor], float]]) -> dict[str, list[float]]:
    """A weight has a gradient of norm 6, and a bias one of norm 8. They are clipped by their global norm to 5.

    What is the norm of the first one afterwards?
    """
    grads = [row(6.0), row(8.0)]
    limits = [float(limit) for limit in range(1, 15)]
    first = [clip_by_global_norm(grads, limit)[0][0].item() for limit in limits]
    assert abs(first[4] - 3) < 1e-6
    return {"max_norm": limits, "norm of the first gradient": first}


# Right answers in other styles


@variant
def clip_grad(grads: list[Tensor], max_norm: float) -> tuple[list[Tensor], float]:
    """PyTorch's own function, on parameters made for it."""
    leaves = [torch.nn.Parameter(torch.zeros_like(grad)) for grad in grads]
    for leaf, grad in zip(leaves, grads, strict=True):
        leaf.grad = grad.clone()
    norm = torch.nn.utils.clip_grad_norm_(leaves, max_norm)
    return [leaf.grad for leaf in leaves if leaf.grad is not None], norm.item()


@variant
def joined(grads: list[Tensor], max_norm: float) -> tuple[list[Tensor], Tensor]:
    """One long vector in float32, cut into pieces again; the norm is a tensor."""
    long = torch.cat([grad.reshape(-1) for grad in grads])
    norm = torch.linalg.vector_norm(long)
    if norm > max_norm:
        long = long * (max_norm / norm)
    pieces = long.split([grad.numel() for grad in grads])
    return [piece.reshape(grad.shape).clone() for piece, grad in zip(pieces, grads, strict=True)], norm


@variant
def norm_of_norms(grads: list[Tensor], max_norm: float) -> tuple[list[Tensor], float]:
    """The norm of the norms, and a factor that is clamped, with torch's 1e-6."""
    norm = torch.stack([grad.norm() for grad in grads]).norm()
    factor = torch.clamp(max_norm / (norm + 1e-6), max=1.0)
    return [grad * factor for grad in grads], float(norm)


@variant
def numpy(grads: list[Tensor], max_norm: float) -> tuple[list[Tensor], float]:
    """NumPy in double precision."""
    arrays = [grad.double().numpy() for grad in grads]
    norm = float(np.sqrt(sum((array**2).sum() for array in arrays)))
    factor = 1.0 if norm <= max_norm else max_norm / norm
    return [torch.tensor(array * factor, dtype=torch.float32) for array in arrays], norm


@variant
def copies(grads: list[Tensor], max_norm: float) -> tuple[tuple[Tensor, ...], float]:
    """Copies that are shortened in place; the result is a tuple."""
    total = torch.zeros(())
    for grad in grads:
        total += (grad * grad).sum()
    norm = total.sqrt().item()
    clipped = tuple(grad.clone() for grad in grads)
    for grad in clipped:
        if norm > max_norm:
            grad.mul_(max_norm).div_(norm)
    return clipped, norm
