"""dropout must leave every value as it is on average, and be the identity in evaluation."""

import itertools

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, matrices, variant

Call = tuple[Tensor, Tensor, float]
"""h, mask and p."""

H = torch.tensor([[1.0, 2.0, -3.0], [0.5, -1.5, 4.0]])
# Of the six units five are kept, so the share that is kept is not 1 - p for any p below.
MASK = torch.tensor([[1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
FEW = torch.tensor([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
some_p = st.sampled_from([0.0, 0.125, 0.25, 0.5, 0.75, 0.875])


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Draw the outputs of a layer, a mask for them, and p."""
    h = draw(matrices((1, 4), (1, 4)))
    bits = draw(st.lists(st.booleans(), min_size=h.numel(), max_size=h.numel()))
    return h, torch.tensor(bits, dtype=torch.float32).reshape(h.shape), draw(some_p)


def _masks(h: Tensor) -> list[Tensor]:
    """Return all masks for h."""
    return [torch.tensor(bits).reshape(h.shape) for bits in itertools.product([0.0, 1.0], repeat=h.numel())]


def _chance(mask: Tensor, p: float) -> float:
    """Return the probability of a mask."""
    kept = int(mask.sum())
    return float((1 - p) ** kept * p ** (mask.numel() - kept))


@given(call=calls())
@example(call=(torch.tensor([[3.0]]), torch.tensor([[1.0]]), 0.25))
@example(call=(torch.tensor([[3.0]]), torch.tensor([[0.0]]), 0.25))
@example(call=(H, MASK, 0.25))
@example(call=(H, FEW, 0.75))
def test_kept_and_dropped(dropout: StudentFunction, call: Call) -> None:
    """In training a kept unit is divided by 1 - p, and a dropped one is 0.

    The expected numbers come from plain Python, one unit at a time.
    """
    h, mask, p = call
    expected = [
        [value / (1 - p) if kept else 0.0 for value, kept in zip(values, row, strict=True)]
        for values, row in zip(h.tolist(), mask.tolist(), strict=True)
    ]
    says = f"In training, with p = {p:g}, a kept unit is not its value / {1 - p:g}, or a dropped one is not 0."
    assert_close(dropout(h, mask, p, training=True), expected, scale=5 / (1 - p), says=says)


@given(call=calls())
@example(call=(torch.tensor([[3.0]]), torch.tensor([[0.0]]), 0.5))
@example(call=(H, MASK, 0.25))
@example(call=(H, FEW, 0.75))
def test_evaluation(dropout: StudentFunction, call: Call) -> None:
    """In evaluation the result is h, whatever the mask and p.

    The scaling has been done in training, so nothing is left to do.
    """
    h, mask, p = call
    says = f"In evaluation, with p = {p:g}, the result is not h."
    assert_close(dropout(h, mask, p, training=False), h.double(), scale=5, says=says)


@given(h=matrices(1, (1, 3)), p=some_p)
@example(h=torch.tensor([[4.0]]), p=0.5)
@example(h=torch.tensor([[1.0, -2.0, 3.0]]), p=0.25)
def test_average(dropout: StudentFunction, h: Tensor, p: float) -> None:
    """The average over all masks, each with its probability, is h.

    So the next layer gets sums of the same size in training and in evaluation. With three units there are eight masks,
    and all of them are tried.
    """
    average = sum(_chance(mask, p) * dropout(h, mask, p, training=True).double() for mask in _masks(h))
    says = f"With p = {p:g}, the average of your results over all masks is not h."
    assert_close(average, h.double(), scale=5 / (1 - p), says=says)


@given(h=matrices(1, (1, 3)), p=some_p)
@example(h=torch.tensor([[4.0]]), p=0.5)
@example(h=torch.tensor([[1.0, -2.0, 3.0]]), p=0.75)
def test_noise(dropout: StudentFunction, h: Tensor, p: float) -> None:
    """The variance over all masks is p / (1 - p) times the square of the unit.

    Dropout is noise: large units get more of it, and it grows without limit as p goes to 1.
    """
    spread = sum(_chance(mask, p) * (dropout(h, mask, p, training=True).double() - h) ** 2 for mask in _masks(h))
    says = f"With p = {p:g}, the variance of your results over all masks is not p / (1 - p) times h squared."
    assert_close(spread, p / (1 - p) * h.double() ** 2, scale=25 / (1 - p) ** 2, says=says)


@given(seed=st.integers(0, 1000), p=some_p)
@example(seed=0, p=0.5)
@example(seed=1, p=0.25)
def test_as_nn_dropout(dropout: StudentFunction, seed: int, p: float) -> None:
    """With the mask that nn.Dropout draws, the result is that of nn.Dropout, in training and in evaluation."""
    layer = torch.nn.Dropout(p)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        mask = (layer(torch.ones_like(H)) > 0).float()
        torch.manual_seed(seed)
        expected = layer(H)
    says = f"nn.Dropout({p:g}) gives something else in training, with the same mask."
    assert_close(dropout(H, mask, p, training=True), expected.double(), scale=5 / (1 - p), says=says)
    says = f"nn.Dropout({p:g}) gives something else in evaluation."
    assert_close(dropout(H, mask, p, training=False), layer.eval()(H).double(), scale=5, says=says)


# Right answers in other styles


@variant
def where(h: Tensor, mask: Tensor, p: float, training: bool) -> Tensor:
    """torch.where and a boolean mask."""
    return torch.where(mask.bool(), h / (1 - p), torch.zeros_like(h)) if training else h.clone()


@variant
def scale_first(h: Tensor, mask: Tensor, p: float, training: bool) -> Tensor:
    """A factor for every unit, which is 1 in evaluation."""
    factor = mask * (1 / (1 - p)) if training else torch.ones_like(mask)
    return factor * h


@variant
def in_place(h: Tensor, mask: Tensor, p: float, training: bool) -> Tensor:
    """A clone that is changed in place."""
    out = h.clone()
    if training:
        out[mask == 0] = 0
        out /= 1 - p
    return out


@variant
def loop(h: Tensor, mask: Tensor, p: float, training: bool) -> Tensor:
    """Two loops and nested lists."""
    out = []
    for i in range(h.shape[0]):
        row = [0.0] * h.shape[1]
        for j in range(h.shape[1]):
            if not training:
                row[j] = h[i, j].item()
            elif mask[i, j] > 0.5:
                row[j] = h[i, j].item() / (1.0 - p)
        out.append(row)
    return torch.tensor(out)


@variant
def float32(h: Tensor, mask: Tensor, p: float, training: bool) -> Tensor:
    """float32 throughout, with p as a tensor."""
    if training is True:
        return torch.div(torch.mul(h, mask), torch.tensor(1.0) - torch.tensor(p))
    return h.float()


@variant
def numpy(h: Tensor, mask: Tensor, p: float, training: bool) -> Tensor:
    """NumPy inside, in float64."""
    values = h.numpy().astype(np.float64)
    return torch.from_numpy(np.where(mask.numpy() == 1, values / (1 - p), 0.0) if training else values)
