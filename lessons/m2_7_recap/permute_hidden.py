"""permute_hidden must move whole units: a column of W1, its entry of b1 and its row of W2 together."""

from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, examples, largest, predict, variant

from .shared import (
    FIRST,
    KEYS,
    SQUARE,
    TRAINED,
    WAVE,
    WAVE_TARGETS,
    Params,
    error_size,
    loss_of,
    ordered_nets,
    orders,
    outputs_of,
    samples,
)

CYCLE = [1, 2, 0]
"""Three units move on; backwards it is another order."""
Call = tuple[Params, list[int]]


@st.composite
def _calls_with_inputs(draw: st.DrawFn) -> tuple[Params, list[int], Tensor]:
    params, order = draw(ordered_nets())
    return params, order, draw(samples(params))[0]


@st.composite
def _calls_with_two_orders(draw: st.DrawFn) -> tuple[Params, list[int], list[int]]:
    params, order = draw(ordered_nets())
    return params, order, draw(orders(len(order)))


@examples(10)
@given(call=ordered_nets())
@example(call=(SQUARE, CYCLE))
@example(call=(FIRST, CYCLE))
@example(call=(SQUARE, [0, 1, 2]))
def test_whole_units(permute_hidden: StudentFunction, call: Call) -> None:
    """Unit j of the result is unit order[j] of params, with all that belongs to it; b2 belongs to no hidden unit.

    A hidden unit is a column of W1, an entry of b1 and a row of W2. The entries are compared one by one.
    """
    params, order = call
    W1, b1, W2 = (params[key].tolist() for key in ("W1", "b1", "W2"))
    expected = {
        "W1": torch.tensor([[row[old] for old in order] for row in W1]),
        "b1": torch.tensor([b1[old] for old in order]),
        "W2": torch.tensor([W2[old] for old in order]),
        "b2": params["b2"],
    }
    says = f"With the order {order}, unit j is not unit order[j] of params."
    assert_close(permute_hidden(params, order), expected, tolerance=0, says=says)


@examples(10)
@given(call=_calls_with_inputs())
@example(call=(FIRST, CYCLE, torch.tensor([[1.0, 0.5], [-1.5, 0.25]])))
@example(call=(SQUARE, CYCLE, torch.tensor([[1.0, 0.5, -0.75]])))
def test_same_outputs(permute_hidden: StudentFunction, call: tuple[Params, list[int], Tensor]) -> None:
    """The reordered network has the outputs of the network, for every input.

    The output layer adds up what the units say, and a sum does not depend on the order of its terms. The outputs are
    computed from your parameters here, with tanh.
    """
    params, order, X = call
    outputs = outputs_of(permute_hidden(params, order), X)
    says = f"With its units in the order {order}, the network says something else."
    assert_close(outputs, outputs_of(params, X), scale=error_size(params, torch.zeros(1)), says=says)


@examples(10)
@given(call=ordered_nets())
@example(call=(FIRST, CYCLE))
@example(call=(SQUARE, CYCLE))
def test_back_again(permute_hidden: StudentFunction, call: Call) -> None:
    """An order and then its inverse bring every unit back to its place, to the last bit.

    In the inverse order, place i has the number of the place to which unit i was moved. Numbers are moved here, not
    computed, so nothing is rounded.
    """
    params, order = call
    inverse = [order.index(unit) for unit in range(len(order))]
    back = permute_hidden(permute_hidden(params, order), inverse)
    assert_close(back, params, tolerance=0, says=f"The order {order} and then {inverse} do not give params again.")


@examples(10)
@given(call=_calls_with_two_orders())
@example(call=(FIRST, CYCLE, [1, 0, 2]))
@example(call=(SQUARE, [0, 2, 1], CYCLE))
def test_two_orders(permute_hidden: StudentFunction, call: tuple[Params, list[int], list[int]]) -> None:
    """Two orders one after the other are one order: unit j of the end is unit first[second[j]] of the start.

    The second order picks from the units as the first one has left them.
    """
    params, first, second = call
    together = [first[unit] for unit in second]
    twice = permute_hidden(permute_hidden(params, first), second)
    says = f"The order {first} and then {second} are not the order {together}."
    assert_close(twice, permute_hidden(params, together), tolerance=0, says=says)


@predict(
    answer="It is the same.",
    because="The output layer adds up what the units say, each times its own weight. In another order the same terms"
    " are added, so every output stays, and with it the loss.",
    otherwise={
        "It rises: the weights have been trained for their places.": "A weight has been trained for its unit, and the"
        " two move together. No place in the layer is special.",
        "It rises a little, until some steps of training repair it.": "There is nothing to repair: the network says"
        " exactly what it said before.",
        "It depends on the order.": "There are H! orders, and the network says the same in each of them.",
    },
)
def loss_after_reordering(permute_hidden: Callable[[Params, list[int]], Params]) -> dict[str, list[float]]:
    """A trained network has four hidden units. You put whole units in another order: columns of W1, b1, rows of W2.

    What happens to its loss?
    """
    ways = [[0, 1, 2, 3], [1, 0, 2, 3], [1, 2, 3, 0], [3, 2, 1, 0]]
    losses = [loss_of(permute_hidden(TRAINED, order), WAVE, WAVE_TARGETS) for order in ways]
    assert largest([loss - losses[0] for loss in losses]) < 1e-9
    return {"order": [float(number) for number in range(len(ways))], "loss": losses}


# Right answers in other styles


@variant
def loop(params: Params, order: list[int]) -> Params:
    """One unit after the other, into empty tensors."""
    moved = {key: torch.empty_like(params[key]) for key in KEYS}
    for new, old in enumerate(order):
        moved["W1"][:, new] = params["W1"][:, old]
        moved["b1"][new] = params["b1"][old]
        moved["W2"][new, :] = params["W2"][old, :]
    moved["b2"] = params["b2"]
    return moved


@variant
def index_select(params: Params, order: list[int]) -> Params:
    """index_select with a tensor of indices, and the keys in another order."""
    picked = torch.tensor(order)
    return {
        "b2": params["b2"].detach(),
        "b1": params["b1"].index_select(0, picked),
        "W2": params["W2"].index_select(0, picked),
        "W1": params["W1"].index_select(1, picked),
    }


@variant
def permutation_matrix(params: Params, order: list[int]) -> Params:
    """Products with a permutation matrix."""
    matrix = torch.eye(len(order))[order]
    return {
        "W1": params["W1"] @ matrix.T,
        "b1": matrix @ params["b1"],
        "W2": matrix @ params["W2"],
        "b2": params["b2"] + 0,
    }


@variant
def float32(params: Params, order: list[int]) -> Params:
    """float32 throughout, copies that are then overwritten."""
    copies = {key: part.float().clone() for key, part in params.items()}
    copies["W1"].copy_(torch.stack([copies["W1"][:, old].clone() for old in order], dim=1))
    copies["b1"] = torch.tensor([copies["b1"][old].item() for old in order])
    copies["W2"] = torch.cat([copies["W2"][old : old + 1] for old in order])
    return copies


@variant
def numpy(params: Params, order: list[int]) -> Params:
    """NumPy inside, with take."""
    axes = {"W1": 1, "b1": 0, "W2": 0}
    moved = {key: torch.from_numpy(np.take(params[key].numpy(), order, axis=axis)) for key, axis in axes.items()}
    return {**params, **moved}
