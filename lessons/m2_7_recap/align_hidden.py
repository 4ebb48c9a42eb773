"""align_hidden must find the order of the least distance; where several are equally near, each of them is right."""

import itertools
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    CheckFailed,
    StudentFunction,
    as_tensor,
    assert_at_most,
    assert_close,
    examples,
    networks,
    predict,
    variant,
)

from .shared import (
    FIRST,
    KEYS,
    SECOND,
    SQUARE,
    TRAINED,
    WAVE,
    WAVE_TARGETS,
    Pair,
    Params,
    between,
    loss_of,
    ordered_nets,
    orders,
    pairs,
    reordered,
)

CYCLE = [1, 2, 0]


def _net(*units: tuple[float, float, float], b2: float = 0.0) -> Params:
    """Return a network of units, each with the weight of its input, its bias, and the weight of its output."""
    W1, b1, W2 = torch.tensor(units).T.clone()
    return {"W1": W1[None], "b1": b1, "W2": W2[:, None], "b2": torch.tensor([b2])}


# Unit 0 of the first and unit 0 of the second are the nearest pair, and yet not a pair of the best order.
CROWDED: Pair = (_net((0.0, 0.0, 0.0), (-3.0, 0.0, 0.0)), _net((-1.0, 0.0, 0.0), (4.0, 0.0, 0.0), b2=1.0))
# Every exchange of two units leads farther away, and all three moving on leads nearer.
CIRCLE: Pair = (
    _net((2.0, 0.0, 0.0), (0.0, 2.0, 0.0), (0.0, 0.0, 2.0)),
    _net((1.0, -2.0, 1.5), (1.5, 1.0, -2.0), (-2.0, 1.5, 1.0)),
)
# The nearest order by squared distances is not the one by distances, nor the one by absolute differences.
HALFWAY: Pair = (_net((0.0, 0.0, 0.0), (1.0, 0.5, 0.0)), _net((2.0, 0.0, 0.0), (1.0, 0.5, 0.0)))
# Trained on the same wave as TRAINED, from another start.
OTHER = {
    "W1": torch.tensor([[-1.15625, -0.65625, -0.71875, 0.3125]]),
    "b1": torch.tensor([-0.34375, 1.875, 0.53125, -0.09375]),
    "W2": torch.tensor([[-0.65625], [1.5625], [-1.375], [-0.84375]]),
    "b2": torch.tensor([-1.125]),
}
# Six units, of which some are alike in W1, some in b1 and some in W2.
SIX: Pair = (
    _net(
        (1.0, 0.5, 0.25), (1.0, -0.5, 0.25), (-0.5, 0.5, 1.5), (-0.5, 0.5, -1.0), (0.25, -1.0, 1.5), (2.0, 0.125, -1.0)
    ),
    _net((1.5, 0.25, -0.5), (0.0, -1.0, 1.0), (-1.0, 0.5, 2.0), (0.5, 1.0, 0.5), (1.0, -1.0, 0.0), (-0.25, 0.0, -1.5)),
)


def _order_of(returned: object, units: int) -> list[int]:
    """Return the numbers of the units; fails unless each of them occurs once."""
    numbers: list[float] = as_tensor(returned).flatten().tolist()  # type: ignore[arg-type]
    if sorted(numbers) != list(range(units)):
        says = f"Your list must hold each of the numbers 0 to {units - 1} once."
        raise CheckFailed(says, returned, list(range(units)))
    return [int(number) for number in numbers]


def _distance(params_a: Params, params_b: Params) -> float:
    """Return the sum of the squared differences of all parameters."""
    return sum(((params_a[key].double() - params_b[key].double()) ** 2).sum().item() for key in KEYS)


def _reached(align_hidden: StudentFunction, params_a: Params, params_b: Params) -> float:
    """Return how far apart the networks are with the order that the student's function finds."""
    order = _order_of(align_hidden(params_a, params_b), len(params_a["b1"]))
    return _distance(params_a, reordered(params_b, order))


def _least(params_a: Params, params_b: Params) -> float:
    """Return the least distance of all orders, unit by unit: what the best places for the first units leave over."""
    units_a, units_b = (
        [
            [*net["W1"][:, unit].tolist(), net["b1"][unit].item(), *net["W2"][unit].tolist()]
            for unit in range(len(net["b1"]))
        ]
        for net in (params_a, params_b)
    )
    best = {frozenset[int](): 0.0}
    for unit in units_a:
        longer: dict[frozenset[int], float] = {}
        for taken, so_far in best.items():
            for j in set(range(len(units_b))) - taken:
                gap = sum((one - other) ** 2 for one, other in zip(unit, units_b[j], strict=True))
                longer[taken | {j}] = min(so_far + gap, longer.get(taken | {j}, so_far + gap))
        best = longer
    apart = ((params_a["b2"].double() - params_b["b2"].double()) ** 2).sum().item()
    return best[frozenset(range(len(units_b)))] + apart


def _size(params_a: Params, params_b: Params) -> float:
    """Return the natural size of a distance."""
    return 1 + sum((net[key].double() ** 2).sum().item() for net in (params_a, params_b) for key in KEYS)


@st.composite
def _noisy_copies(draw: st.DrawFn) -> tuple[Params, list[int], Params]:
    params, order = draw(ordered_nets())
    noise = draw(networks(len(params["W1"]), len(params["b1"]), len(params["b2"])))
    return params, order, {key: part / 16 for key, part in noise.items()}


@examples(8)
@given(pair=pairs())
@example(pair=CROWDED)
@example(pair=(FIRST, SECOND))
def test_each_unit_once(align_hidden: StudentFunction, pair: Pair) -> None:
    """The result holds each of the numbers 0 to H - 1 once: no unit is used twice, and none is left out.

    Two units of params_a may have the same nearest unit in params_b, and only one of them can have it.
    """
    _order_of(align_hidden(*pair), len(pair[0]["b1"]))


@examples(8)
@given(call=ordered_nets())
@example(call=(FIRST, CYCLE))
@example(call=(SQUARE, CYCLE))
@example(call=(TRAINED, [2, 0, 3, 1]))
def test_copy(align_hidden: StudentFunction, call: tuple[Params, list[int]]) -> None:
    """If params_b is params_a with its units in another order, your order brings it back exactly.

    Then the distance is 0, the least there is. Your list says which unit of params_b comes to place 0, which to
    place 1, and so on.
    """
    params, order = call
    copy = reordered(params, order)
    found = _order_of(align_hidden(params, copy), len(order))
    says = f"params_b is params_a in the order {order}, and your order does not bring it back."
    assert_close(reordered(copy, found), params, tolerance=0, says=says)


@examples(8)
@given(copy=_noisy_copies())
@example(copy=(FIRST, CYCLE, {key: part / 32 for key, part in SECOND.items()}))
def test_noisy_copy(align_hidden: StudentFunction, copy: tuple[Params, list[int], Params]) -> None:
    """If params_b is params_a in another order and with some noise, your order is at least as near as the one undone.

    The order that made the copy, undone, leaves the noise alone as the distance. The best order is never worse.
    """
    params, order, noise = copy
    noisy = {key: part + noise[key] for key, part in params.items()}
    left = _distance(params, noisy)
    reached = _reached(align_hidden, params, reordered(noisy, order))
    says = f"With your order the networks are {reached:g} apart, and with the noise alone it would be {left:g}."
    assert_at_most(reached, left, slack=1e-5 * _size(params, noisy), says=says)


@examples(8)
@given(pair=pairs())
@example(pair=CROWDED)
@example(pair=HALFWAY)
@example(pair=CIRCLE)
@example(pair=(FIRST, SECOND))
@example(pair=SIX)
def test_nearest(align_hidden: StudentFunction, pair: Pair) -> None:
    """Of all orders, none brings params_b nearer to params_a than yours.

    The distance is the sum of the squared differences of all parameters. If several orders are equally near, each is
    right: only the distance is compared.
    """
    least, reached = _least(*pair), _reached(align_hidden, *pair)
    says = f"With your order the networks are {reached:g} apart, and there is an order with {least:g}."
    assert_close(reached, least, scale=_size(*pair), says=says)


@examples(8)
@given(pair=pairs(), turn=st.integers(1, 3))
@example(pair=CROWDED, turn=1)
@example(pair=CIRCLE, turn=1)
@example(pair=SIX, turn=2)
def test_numbering_is_free(align_hidden: StudentFunction, pair: Pair, turn: int) -> None:
    """Whichever units of params_a come first, the aligned networks are equally far apart.

    The best order is best for all units together. Giving the first unit what is best for it alone makes the result
    depend on which one is first.
    """
    params_a, params_b = pair
    units = list(range(len(params_a["b1"])))
    turned = reordered(params_a, units[turn % len(units) :] + units[: turn % len(units)])
    before, after = _reached(align_hidden, params_a, params_b), _reached(align_hidden, turned, params_b)
    says = f"The aligned networks are {before:g} apart, and with the units of params_a in another order {after:g}."
    assert_close(after, before, scale=_size(*pair), says=says)


@examples(4)
@given(order=orders(4))
@example(order=[1, 2, 3, 0])
@example(order=[2, 0, 3, 1])
def test_wall_gone(align_hidden: StudentFunction, order: list[int]) -> None:
    """Between a trained network and its reordered copy stands a wall; after the alignment it is gone.

    The losses at a quarter, halfway and three quarters of the way are those of the trained network, 0.0005.
    """
    copy = reordered(TRAINED, order)
    aligned = reordered(copy, _order_of(align_hidden(TRAINED, copy), len(order)))
    losses = [loss_of(between(TRAINED, aligned, part / 4), WAVE, WAVE_TARGETS) for part in (1, 2, 3)]
    expected = [loss_of(TRAINED, WAVE, WAVE_TARGETS)] * 3
    says = f"With your order, a wall of {max(losses):.3g} is left."
    assert_close(losses, expected, says=says)


@predict(
    answer="It may even be higher",
    because="The order of the least distance brings the parameters together, and the wall is made by what the networks"
    " between say. Here it rises from 0.46 to 1.47: two pairs of units differ by their signs, and no order changes a"
    " sign. For a copy the least distance is 0, and only then is the wall sure to go.",
    otherwise={
        "It is gone: aligned networks are the same": "That holds for a copy. Two trainings from different starts do not"
        " end as copies of each other.",
        "It is lower, though perhaps not gone: they are nearer": "Nearer they are, but the loss between two networks"
        " does not follow their distance.",
        "It is as high as before: the functions have not changed": "The two ends are the same functions as before, and"
        " the networks between them are others.",
    },
)
def wall_between_strangers(align_hidden: Callable[[Params, Params], list[int]]) -> dict[str, list[float]]:
    """Two networks learn the same wave from different starts, and both do well. Between them stands a wall of 0.46.

    You align the second with the first, and their squared distance falls from 32 to 19. What about the wall?
    """
    alphas = [step / 16 for step in range(17)]
    aligned = reordered(OTHER, align_hidden(TRAINED, OTHER))
    walls = {}
    for name, end in (("before", OTHER), ("aligned", aligned)):
        walls[name] = [loss_of(between(TRAINED, end, alpha), WAVE, WAVE_TARGETS) for alpha in alphas]
    assert _distance(TRAINED, aligned) < 0.6 * _distance(TRAINED, OTHER)
    assert max(walls["aligned"]) > 3 * max(walls["before"])
    return {"alpha": alphas, "loss, aligned": walls["aligned"]}


# Right answers in other styles


def _rows(params: Params) -> Tensor:
    return torch.cat([params["W1"].T, params["b1"][:, None], params["W2"]], dim=1)


@variant
def every_network(params_a: Params, params_b: Params) -> tuple[int, ...]:
    """Reorders the whole network for every order; the result is a tuple."""
    best: tuple[int, ...] = ()
    least = float("inf")
    for order in itertools.permutations(range(len(params_b["b1"]))):
        picked = list(order)
        moved = {"W1": params_b["W1"][:, picked], "b1": params_b["b1"][picked], "W2": params_b["W2"][picked]}
        distance = sum(float((params_a[key] - part).square().sum()) for key, part in moved.items())
        if distance < least:
            best, least = order, distance
    return best


@variant
def hungarian(params_a: Params, params_b: Params) -> list[int]:
    """The Hungarian algorithm: shortest augmenting paths with potentials."""
    gaps = torch.cdist(_rows(params_a).double(), _rows(params_b).double()).square().tolist()
    n = len(gaps)
    of_row, of_column, matched, way = [0.0] * (n + 1), [0.0] * (n + 1), [0] * (n + 1), [0] * (n + 1)
    for row in range(1, n + 1):
        matched[0], column = row, 0
        least, used = [float("inf")] * (n + 1), [False] * (n + 1)
        while matched[column]:
            used[column] = True
            at, delta, following = matched[column], float("inf"), 0
            for j in range(1, n + 1):
                if not used[j]:
                    rest = gaps[at - 1][j - 1] - of_row[at] - of_column[j]
                    if rest < least[j]:
                        least[j], way[j] = rest, column
                    if least[j] < delta:
                        delta, following = least[j], j
            for j in range(n + 1):
                if used[j]:
                    of_row[matched[j]] += delta
                    of_column[j] -= delta
                else:
                    least[j] -= delta
            column = following
        while column:
            matched[column], column = matched[way[column]], way[column]
    return [matched[1:].index(row) for row in range(1, n + 1)]


@variant
def inner_products(params_a: Params, params_b: Params) -> list[int]:
    """The largest sum of inner products is the smallest sum of squared distances: the lengths are the same anyway."""
    products = (_rows(params_a) @ _rows(params_b).T).numpy()
    places = np.arange(len(products))
    best = max(itertools.permutations(places), key=lambda order: products[places, list(order)].sum())
    return [int(unit) for unit in best]


@variant
def recursive(params_a: Params, params_b: Params) -> list[int]:
    """Tries every unit for the first place, and the best of the rest for the other places."""
    units_a, units_b = _rows(params_a).tolist(), _rows(params_b).tolist()

    def best(place: int, free: frozenset[int]) -> tuple[float, list[int]]:
        if not free:
            return 0.0, []
        found = []
        for unit in sorted(free, reverse=True):
            gap = sum((one - other) ** 2 for one, other in zip(units_a[place], units_b[unit], strict=True))
            rest, order = best(place + 1, free - {unit})
            found.append((gap + rest, [unit, *order]))
        return min(found)

    return best(0, frozenset(range(len(units_b))))[1]


@variant
def float32(params_a: Params, params_b: Params) -> Tensor:
    """float32 throughout, all orders in one tensor of indices; the result is a tensor."""
    a, b = _rows(params_a).float(), _rows(params_b).float()
    every = torch.tensor(list(itertools.permutations(range(len(a)))))
    return every[(a - b[every]).pow(2).sum(dim=(1, 2)).argmin()]
