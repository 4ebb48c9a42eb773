"""dead_units must list exactly the hidden ReLU units that fire on no sample."""

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, matrices, variant

Layer = tuple[Tensor, Tensor]
"""W1 and b1."""

X = torch.tensor([[1.0, 2.0], [-0.5, 1.0], [2.0, -1.0]])
# The sums of the six units: off on the second sample only; always off, because of the bias; off on the third sample,
# and on average; 0 on one sample and negative on the others; 0 everywhere; off on the first sample, and on average.
W1 = torch.tensor([[0.5, 0.5, -1.0, -1.0, 0.0, -2.0], [0.25, 0.25, 1.0, -1.0, 0.0, 1.0]])
b1 = torch.tensor([-0.25, -1.5, 0.0, 0.5, 0.0, -1.0])
# As many units as samples and as inputs.
SQUARE = (torch.tensor([[1.0, 2.0], [-1.0, 3.0]]), torch.tensor([[-1.0, 2.0], [-2.0, -0.5]]), torch.tensor([0.25, 0.5]))
# It fires weakly.
WEAK = (torch.tensor([[1.0], [-2.0]]), torch.tensor([[2.0**-20]]), torch.tensor([0.0]))
# It fires on one of 128 samples.
RARE = (torch.tensor([[-1.0]] * 127 + [[1.0]]), torch.tensor([[1.0]]), torch.tensor([0.0]))
OTHER = torch.tensor([[-3.0, -1.0], [4.0, 0.5]])
FAR = 1000.0


@st.composite
def calls(draw: st.DrawFn) -> tuple[Tensor, Tensor, Tensor]:
    """Draw data and a layer with biases that are often negative."""
    inputs, units = draw(st.integers(1, 3)), draw(st.integers(1, 5))
    X, W1 = draw(matrices((1, 4), inputs)), draw(matrices(inputs, units, low=-2, high=2))
    return X, W1, draw(matrices(1, units, low=-5, high=2))[0]


def _dead(X: Tensor, W1: Tensor, b1: Tensor) -> list[int]:
    """Return the dead units, in plain Python."""
    rows, columns = X.tolist(), list(zip(*W1.tolist(), strict=True))
    return [
        unit
        for unit, (weights, bias) in enumerate(zip(columns, b1.tolist(), strict=True))
        if all(sum(x * w for x, w in zip(row, weights, strict=True)) + bias <= 0 for row in rows)
    ]


def _says(returned: list[int], expected: list[int]) -> str:
    return f"The units that never fire are {expected}, and your list is {list(returned)}."


@given(call=calls())
@example(call=(X, W1, b1))
@example(call=SQUARE)
@example(call=WEAK)
@example(call=RARE)
def test_listed(dead_units: StudentFunction, call: tuple[Tensor, Tensor, Tensor]) -> None:
    """The list has every unit whose sum is 0 or less on all samples, and no other, in ascending order.

    The sums come from plain Python.
    """
    returned, expected = dead_units(*call), _dead(*call)
    assert_close(returned, expected, tolerance=0, says=_says(returned, expected))


@given(call=calls())
@example(call=(X, W1, b1))
@example(call=SQUARE)
def test_no_gradient(dead_units: StudentFunction, call: tuple[Tensor, Tensor, Tensor]) -> None:
    """The listed units are those whose bias gets no gradient: training cannot wake them.

    The gradient that comes back to the bias of a unit is multiplied by the slope of ReLU on each sample, and for a dead
    unit all of these slopes are 0. It is computed with autograd here.
    """
    X, W1, b1 = call
    leaf = b1.clone().requires_grad_()
    torch.relu(X @ W1 + leaf).sum().backward()
    assert leaf.grad is not None
    expected = [unit for unit, slope in enumerate(leaf.grad.tolist()) if slope == 0]
    returned = dead_units(X, W1, b1)
    says = f"The units whose bias gets no gradient are {expected}, and your list is {list(returned)}."
    assert_close(returned, expected, tolerance=0, says=says)


@given(call=calls(), rows=st.integers(1, 3))
@example(call=(X, W1, b1), rows=2)
def test_more_samples(dead_units: StudentFunction, call: tuple[Tensor, Tensor, Tensor], rows: int) -> None:
    """On two data sets together, those units are dead that are dead on each of them.

    One sample is enough to wake a unit, so more data never add a dead one.
    """
    X, W1, b1 = call
    more = (-2 * X).flip(1)[:rows]
    first, second = dead_units(X, W1, b1), dead_units(more, W1, b1)
    together, both = dead_units(torch.cat([X, more]), W1, b1), [unit for unit in first if unit in list(second)]
    says = f"Dead on the first data set: {first}; on the second: {second}; on both together: {together}."
    assert_close(together, both, tolerance=0, says=says)


@given(call=calls())
@example(call=(X, W1, b1))
def test_bias_decides(dead_units: StudentFunction, call: tuple[Tensor, Tensor, Tensor]) -> None:
    """With 1000 added to every bias no unit is dead, and with 1000 subtracted all of them are.

    That is how units die: a long step moves the bias so far down that no sample reaches it any more.
    """
    X, W1, b1 = call
    awake = dead_units(X, W1, b1 + FAR)
    assert_close(awake, [], tolerance=0, says=f"With 1000 added to every bias, your list is {list(awake)}.")
    dead, everyone = dead_units(X, W1, b1 - FAR), list(range(len(b1)))
    assert_close(dead, everyone, tolerance=0, says=f"With 1000 subtracted from every bias, your list is {list(dead)}.")


# Right answers in other styles


@variant
def by_the_outputs(X: Tensor, W1: Tensor, b1: Tensor) -> list[int]:
    """Adds up what ReLU lets through: nothing for a dead unit."""
    fired = torch.relu(torch.addmm(b1, X, W1)).sum(dim=0)
    return (fired == 0).nonzero().flatten().tolist()


@variant
def by_the_largest(X: Tensor, W1: Tensor, b1: Tensor) -> Tensor:
    """The largest sum of each unit decides; the result is a tensor."""
    return torch.where((X @ W1 + b1).amax(dim=0) <= 0)[0]


@variant
def loop(X: Tensor, W1: Tensor, b1: Tensor) -> list[int]:
    """A loop over the units and the samples."""
    dead = []
    for j in range(W1.shape[1]):
        fires = False
        for sample in X:
            if torch.dot(sample, W1[:, j]) + b1[j] > 0:
                fires = True
        if not fires:
            dead.append(j)
    return dead


@variant
def float32(X: Tensor, W1: Tensor, b1: Tensor) -> tuple[int, ...]:
    """float32 throughout, nn.Linear for the sums, a set of those that fire; the result is a tuple."""
    layer = torch.nn.Linear(*W1.shape)
    with torch.no_grad():
        layer.weight.copy_(W1.T)
        layer.bias.copy_(b1)
        fires = {int(unit) for _, unit in (layer(X.float()) > 0).nonzero()}
    return tuple(unit for unit in range(len(b1)) if unit not in fires)


@variant
def by_the_gradient(X: Tensor, W1: Tensor, b1: Tensor) -> list[int]:
    """Autograd: a dead unit has no gradient."""
    leaf = b1.clone().requires_grad_()
    torch.relu(X @ W1 + leaf).sum().backward()
    assert leaf.grad is not None
    return [j for j in range(len(b1)) if not leaf.grad[j]]
