"""relu_through_points must return a network that joins points with straight pieces; only its graph is judged."""

import itertools
from collections.abc import Callable
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    PARAM32,
    CheckFailed,
    StudentFunction,
    assert_at_most,
    assert_close,
    driver,
    largest,
    predict,
    row,
    variant,
    vectors,
)

Points = tuple[Tensor, Tensor]
Params = dict[str, Tensor]

# The slopes 2, -0.5, 3 and 0.25 differ, x does not begin at 0, and neither does y.
POINTS = (row(-1.5, -0.5, 1.5, 2.0, 6.0), row(1.0, 3.0, 2.0, 3.5, 4.5))
LINE = (row(-1.0, 1.0, 2.0), row(0.5, 4.5, 6.5))
PAIR = (row(1.0, 3.0), row(-2.0, 4.0))


@st.composite
def points(draw: st.DrawFn) -> Points:
    """Draw points whose distances are powers of two, so that every slope is exact."""
    gaps = draw(st.lists(st.sampled_from([0.5, 1.0, 2.0, 4.0]), min_size=1, max_size=6))
    start = draw(st.integers(-16, 16)) / 4
    x = torch.tensor([start, *gaps]).cumsum(dim=0)
    return x, draw(vectors(len(x), len(x)))


def _size(x: Tensor, y: Tensor) -> float:
    """Return the natural size of a value on the way to an output: the steepest piece over the whole width."""
    return 1 + largest(y) + largest(y.diff() / x.diff()) * float(x[-1] - x[0] + largest(x))


def _graph(relu_through_points: StudentFunction, x: Tensor, y: Tensor) -> Tensor:
    """Return the outputs of the student's network, four for each piece and the last point; fails without a network."""
    found = relu_through_points.drive("form", x, y)
    if found != "as described":
        raise CheckFailed(f"Your function returns no such network: {found}.", found, "as described")
    outputs: Tensor = relu_through_points.drive("outputs", x, y)
    return outputs


def _on_the_pieces(x: Tensor, y: Tensor) -> Tensor:
    """Return the heights of the straight pieces at the places of `outputs`, in plain Python."""
    heights = [low + (high - low) * part / 4 for low, high in itertools.pairwise(y.tolist()) for part in range(4)]
    return torch.tensor([*heights, y.tolist()[-1]], dtype=torch.float64)


@given(points=points())
@example(points=POINTS)
@example(points=PAIR)
def test_few_units(relu_through_points: StudentFunction, points: Points) -> None:
    """The network has at most one hidden unit for each piece, K - 1 for K points, and its four shapes fit together.

    Each unit adds one bend. K points have K - 2 of them inside, and one more unit gives the first piece its slope.
    """
    _graph(relu_through_points, *points)


@given(points=points())
@example(points=POINTS)
@example(points=PAIR)
@example(points=LINE)
def test_through_the_points(relu_through_points: StudentFunction, points: Points) -> None:
    """The graph goes through every point: at x[k] the output is y[k]."""
    x, y = points
    outputs = _graph(relu_through_points, x, y)[::4]
    assert_close(outputs, y, tolerance=PARAM32, scale=_size(x, y), says="The outputs at the points are not y.")


@given(points=points())
@example(points=POINTS)
@example(points=LINE)
def test_straight_between(relu_through_points: StudentFunction, points: Points) -> None:
    """Between two neighbouring points the graph is straight, so every bend is at one of the points.

    The outputs are compared at every quarter of every piece; the expected ones come from plain Python.
    """
    x, y = points
    outputs = _graph(relu_through_points, x, y)
    says = "The outputs at the quarters of every piece are not on the straight lines that join the points."
    assert_close(outputs, _on_the_pieces(x, y), tolerance=PARAM32, scale=_size(x, y), says=says)


@given(points=points())
@example(points=POINTS)
def test_never_outside(relu_through_points: StudentFunction, points: Points) -> None:
    """Between two neighbouring points the output never leaves the interval of their heights.

    Straight pieces do not overshoot, as a polynomial through the same points would.
    """
    x, y = points
    outputs = _graph(relu_through_points, x, y)[:-1].reshape(-1, 4)
    low, high = torch.minimum(y[1:], y[:-1])[:, None], torch.maximum(y[1:], y[:-1])[:, None]
    slack = PARAM32 * _size(x, y)
    assert_at_most(low.expand(-1, 4), outputs, slack=slack, says="The graph runs below both ends of a piece.")
    assert_at_most(outputs, high.expand(-1, 4), slack=slack, says="The graph runs above both ends of a piece.")


@given(points=points(), turn=st.integers(1, 6))
@example(points=POINTS, turn=2)
def test_sum_of_two(relu_through_points: StudentFunction, points: Points, turn: int) -> None:
    """For y + v the graph is the sum of the graphs for y and for v, at the same x.

    Straight pieces with the same bends add up to straight pieces with these bends. Here v is 2 - y, in another order.
    """
    x, y = points
    v = 2 - y.roll(turn)
    one, other, both = (_graph(relu_through_points, x, heights) for heights in (y, v, y + v))
    scale = _size(x, y) + _size(x, v)
    assert_close(one + other, both, tolerance=PARAM32, scale=scale, says="The graphs for y and v do not add up.")


@driver
def form(relu_through_points: Callable[..., Any], x: Tensor, y: Tensor) -> Any:
    """Return what keeps the result from being a network with few units, in words, or "as described"."""
    params, most = relu_through_points(x, y), len(x) - 1
    if params is None:
        return None
    if not isinstance(params, dict):
        return f"the result is of type {type(params).__name__}, and not a dict"
    for key in ("W1", "b1", "W2", "b2"):
        if key not in params:
            return f'the dict has no key "{key}"'
        if not isinstance(params[key], Tensor):
            return f'"{key}" is of type {type(params[key]).__name__}, and not a tensor'
    units = params["b1"].numel()
    for key, shape in {"b1": (units,), "W1": (1, units), "W2": (units, 1), "b2": (1,)}.items():
        if (found := tuple(params[key].shape)) != shape:
            return f'"{key}" has shape {found}; with {units} hidden units, one input and one output it must be {shape}'
    return (
        "as described" if units <= most else f"it has {units} hidden units, and for {len(x)} points {most} are enough"
    )


@driver
def outputs(relu_through_points: Callable[..., Any], x: Tensor, y: Tensor) -> Any:
    """Return what the network says at every quarter of every piece, in float64."""
    params = {key: part.detach().double() for key, part in relu_through_points(x, y).items()}
    starts, lengths = x[:-1, None].double(), (x[1:] - x[:-1])[:, None].double()
    places = torch.cat([(starts + lengths * torch.arange(4) / 4).flatten(), x[-1:].double()])
    hidden = torch.relu(places[:, None] @ params["W1"] + params["b1"])
    return (hidden @ params["W2"] + params["b2"]).flatten()


@predict(
    answer="It becomes a quarter.",
    because="Over a piece of length h, a parabola rises above or falls below its chord by at most h * h / 4. Half the"
    " length leaves a quarter of that.",
    otherwise={
        "It becomes half.": "The number of pieces doubles, but the gap is more than proportional to their length: a"
        " shorter piece of a curve is also straighter.",
        "It stays as it is: a parabola has no straight piece.": "No piece fits exactly, but shorter ones fit better.",
        "It becomes 0: a network with enough units is exact.": "Straight pieces never become a curve. They come as"
        " close as you like, and that is what the approximation theorem says.",
    },
)
def twice_as_many_pieces(
    mlp_forward: Callable[..., Tensor], relu_through_points: Callable[..., Params]
) -> dict[str, list[float]]:
    """A ReLU network goes through points of a parabola, at equal distances. Now you double the number of its pieces.

    What happens to the largest gap between the network and the parabola?
    """
    counts, gaps = [2, 4, 8, 16], []
    places = torch.linspace(-2, 2, 257, dtype=torch.float64)
    for count in counts:
        x = torch.linspace(-2, 2, count + 1, dtype=torch.float64)
        params = {key: part.double() for key, part in relu_through_points(x, x**2).items()}
        gaps.append((mlp_forward(places[:, None], params, "relu").flatten() - places**2).abs().max().item())
    assert all(abs(after / before - 0.25) < 1e-4 for before, after in itertools.pairwise(gaps))
    return {"pieces": [float(count) for count in counts], "largest gap": gaps}


# Right answers in other styles


@variant
def loop(x: Tensor, y: Tensor) -> Params:
    """A loop that keeps the slope so far, in plain Python."""
    slope, changes = 0.0, []
    for (x0, x1), (y0, y1) in zip(itertools.pairwise(x.tolist()), itertools.pairwise(y.tolist()), strict=True):
        changes.append([(y1 - y0) / (x1 - x0) - slope])
        slope = (y1 - y0) / (x1 - x0)
    b1 = [-left for left in x.tolist()[:-1]]
    return {"W1": torch.ones(1, len(b1)), "b1": torch.tensor(b1), "W2": torch.tensor(changes), "b2": y[:1].clone()}


@variant
def from_the_right(x: Tensor, y: Tensor) -> Params:
    """Units that switch on to the left, counted from the last point."""
    slopes = (y.diff() / x.diff()).flip(0)
    changes = torch.cat([-slopes[:1], -slopes.diff()])
    return {"W1": -torch.ones(1, len(changes)), "b1": x[1:].flip(0), "W2": changes[:, None], "b2": y[-1:].clone()}


@variant
def only_where_it_bends(x: Tensor, y: Tensor) -> Params:
    """No unit where the slope does not change: fewer than K - 1."""
    changes = (y.diff() / x.diff()).diff(prepend=torch.zeros(1))
    used = changes != 0
    return {"W1": torch.ones(1, int(used.sum())), "b1": -x[:-1][used], "W2": changes[used][:, None], "b2": y[:1] + 0}


@variant
def float32(x: Tensor, y: Tensor) -> Params:
    """float32, with units of another scale, and the heights of the bends from a linear system."""
    units = 2 * torch.ones(1, len(x) - 1)
    hidden = torch.relu(x[:, None].float() @ units - 2 * x[:-1])
    weights = torch.linalg.solve_triangular(hidden[1:], (y[1:] - y[0])[:, None].float(), upper=False)
    return {"W1": units, "b1": -2 * x[:-1], "W2": weights, "b2": y[:1].clone()}


@variant
def second_differences(x: Tensor, y: Tensor) -> Params:
    """Slopes and their changes by `diff`, in float64."""
    slopes = y.double().diff() / x.double().diff()
    W2 = slopes.diff(prepend=torch.zeros(1, dtype=torch.float64)).unsqueeze(1)
    return {"b1": -x.double()[:-1], "b2": y.double()[0].reshape(1), "W1": torch.ones_like(W2).T, "W2": W2}
