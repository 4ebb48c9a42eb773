"""What must hold in lesson 1.4: the landscape, the descent on it, a slice through it, and the pictures of it."""

import math
from itertools import groupby, product

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    LOSS32,
    PARAM32,
    CheckFailed,
    Numbers,
    StudentFunction,
    as_tensor,
    assert_at_most,
    assert_close,
    data_sets,
    largest,
    numbers,
    row,
    vectors,
)
from grader.sandbox.figure import Picture

# Neither x nor y has the mean 0, and no two mistakes agree on these points.
POINTS = (row(1.0, 2.0, 4.0), row(3.0, -1.0, 2.5))
SMALL = 2.0**-6
UNITS = st.sampled_from([1.0, SMALL])
"""In which y, w and b are measured: rounded to some decimals, small numbers lose their digits."""


def _loss(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the mean squared error in plain Python, one point after the other."""
    errors: list[float] = [target - (w * point + b) for point, target in zip(x.tolist(), y.tolist(), strict=True)]
    return sum(error * error for error in errors) / len(errors)


def _size(x: Tensor, y: Tensor, weights: Numbers, biases: Numbers) -> float:
    """Return the natural size of one squared error: losses are compared with it, for a loss itself may be 0."""
    return (largest(y) + largest(weights) * largest(x) + largest(biases)) ** 2


# compute_grid


@given(data=data_sets(), w_values=vectors(max_size=5), b_values=vectors(max_size=5), unit=UNITS)
@example(data=POINTS, w_values=row(0.5, 2.0), b_values=row(-1.0, 0.0, 1.5), unit=1.0)
@example(data=POINTS, w_values=row(0.5, 2.0), b_values=row(-1.0, 0.0, 1.5), unit=SMALL)
def test_every_entry(
    compute_grid: StudentFunction, data: tuple[Tensor, Tensor], w_values: Tensor, b_values: Tensor, unit: float
) -> None:
    """Entry [i, j] is the mean squared error of the line with the weight w_values[i] and the bias b_values[j].

    The wanted numbers come from plain Python, one point and one pair at a time.
    """
    x, y = data[0], unit * data[1]
    w_values, b_values = unit * w_values, unit * b_values
    wanted = [[_loss(x, y, w, b) for b in b_values.tolist()] for w in w_values.tolist()]
    losses = compute_grid(x, y, w_values, b_values)
    assert_close(losses, wanted, tolerance=LOSS32, scale=_size(x, y, w_values, b_values))


@given(data=data_sets(), w_values=vectors(max_size=5), b_values=vectors(max_size=5))
@example(data=POINTS, w_values=row(0.5, 2.0), b_values=row(-1.0, 0.0, 1.5))
def test_points_repeated(
    compute_grid: StudentFunction, data: tuple[Tensor, Tensor], w_values: Tensor, b_values: Tensor
) -> None:
    """The loss is a mean: with every point taken twice, in another order, the landscape is the same.

    Twice as many errors are added up, and their sum is divided by twice as many points.
    """
    x, y = data
    losses = compute_grid(x, y, w_values, b_values)
    twice = compute_grid(torch.cat([x, x.flip(0)]), torch.cat([y, y.flip(0)]), w_values, b_values)
    assert_close(
        twice,
        losses,
        tolerance=LOSS32,
        scale=_size(x, y, w_values, b_values),
        says="With every point taken twice, the landscape is another one.",
    )


@given(data=data_sets(), w_values=vectors(max_size=5), b_values=vectors(max_size=5))
@example(data=POINTS, w_values=row(0.5, 2.0, 3.0), b_values=row(-1.0, 0.0, 1.5))
def test_axes_reversed(
    compute_grid: StudentFunction, data: tuple[Tensor, Tensor], w_values: Tensor, b_values: Tensor
) -> None:
    """Rows belong to weights and columns to biases: reversing w_values reverses the rows, and b_values the columns.

    An entry depends on its own pair only, wherever the pair stands, so the values may come in any order.
    """
    x, y = data
    size = _size(x, y, w_values, b_values)
    losses = compute_grid(x, y, w_values, b_values)
    weights_reversed = compute_grid(x, y, w_values.flip(0), b_values)
    says = "Reversing w_values does not reverse the rows and leave the columns alone."
    assert_close(weights_reversed, losses.flip(0), tolerance=LOSS32, scale=size, says=says)
    biases_reversed = compute_grid(x, y, w_values, b_values.flip(0))
    says = "Reversing b_values does not reverse the columns and leave the rows alone."
    assert_close(biases_reversed, losses.flip(1), tolerance=LOSS32, scale=size, says=says)


@given(data=data_sets(), w_values=vectors(max_size=5), b_values=vectors(max_size=5), shift=numbers())
@example(data=POINTS, w_values=row(0.5, 2.0), b_values=row(-1.0, 0.0, 1.5), shift=1.0)
def test_data_shifted_and_mirrored(
    compute_grid: StudentFunction, data: tuple[Tensor, Tensor], w_values: Tensor, b_values: Tensor, shift: float
) -> None:
    """Only the errors count: raising y and b alike, or mirroring x and w, changes nothing.

    (y + c) - (w x + b + c) and y - ((-w)(-x) + b) are both y - (w x + b).
    """
    x, y = data
    size = _size(x, y, w_values, b_values) + _size(x, y + shift, w_values, b_values + shift)
    losses = compute_grid(x, y, w_values, b_values)
    shifted = compute_grid(x, y + shift, w_values, b_values + shift)
    says = f"With {shift} added to y and to b_values, the landscape is another one."
    assert_close(shifted, losses, tolerance=LOSS32, scale=size, says=says)
    mirrored = compute_grid(-x, y, -w_values, b_values)
    says = "With the signs of x and of w_values changed, the landscape is another one."
    assert_close(mirrored, losses, tolerance=LOSS32, scale=size, says=says)


@given(data=data_sets(), w=numbers(), b=numbers())
@example(data=POINTS, w=0.5, b=-1.0)
def test_curvature(compute_grid: StudentFunction, data: tuple[Tensor, Tensor], w: float, b: float) -> None:
    """The bowl is bent alike everywhere: second differences are 2 * mean(x**2) along w and 2 along b.

    The loss is a quadratic function of w and of b, so on a grid of spacing 1 its second difference is its second
    derivative exactly.
    """
    x, y = data
    w_values, b_values = w + row(0, 1, 2), b + row(0, 1, 2, 3)
    size = _size(x, y, w_values, b_values)
    losses = compute_grid(x, y, w_values, b_values)
    along_w, along_b = losses.diff(n=2, dim=0), losses.diff(n=2, dim=1)
    wanted = torch.full(along_w.shape, 2 * float((x**2).mean()))
    says = "Along w, the second differences of the losses are not 2 * mean(x**2)."
    assert_close(along_w, wanted, tolerance=10 * LOSS32, scale=size, says=says)
    says = "Along b, the second differences of the losses are not 2."
    assert_close(along_b, torch.full(along_b.shape, 2.0), tolerance=10 * LOSS32, scale=size, says=says)


@given(
    data=data_sets(),
    one_end=st.tuples(numbers(), numbers()),
    other_end=st.tuples(numbers(), numbers()),
)
@example(data=POINTS, one_end=(0.0, -1.0), other_end=(2.0, 2.0))
def test_convex(
    compute_grid: StudentFunction,
    data: tuple[Tensor, Tensor],
    one_end: tuple[float, float],
    other_end: tuple[float, float],
) -> None:
    """The loss is convex: halfway along any line it is at most the average of the ends.

    It is a mean of squares of functions that are linear in w and b, so it is a bowl without hills: whoever walks
    downhill arrives at the bottom. The diagonal of a grid of three values each holds both ends and the middle.
    """
    x, y = data
    ends = row(*one_end), row(*other_end)
    w_values, b_values = torch.stack([ends[0], (ends[0] + ends[1]) / 2, ends[1]], dim=1)
    first, middle, last = compute_grid(x, y, w_values, b_values).diagonal()
    assert_at_most(
        middle,
        (first + last) / 2,
        slack=LOSS32 * _size(x, y, w_values, b_values),
        says="The loss halfway is above the average of the losses at the ends.",
    )


# run_descent

STABLE = (0.25, 0.5, 0.75, 0.9375)
ANY_PACE = (*STABLE, 5.0)


def _learning_rate(x: Tensor, pace: float) -> float:
    """Return a learning rate at which the descent arrives (pace < 1) or runs away (pace > 4).

    The limit is 2 / (largest curvature), and the largest curvature lies between the half and the whole of the sum
    of both, 2 * mean(x**2) + 2. A power of two keeps failing calls readable.
    """
    return pace * 2.0 ** math.floor(-math.log2(float((x**2).mean()) + 1))


def _path_size(path: Numbers, y: Tensor, unit: float = 1.0) -> Tensor:
    """Return the natural size of every point of a path, shape (points, 1): the largest number met so far."""
    reached: Tensor = as_tensor(path).abs().sum(dim=1).cummax(dim=0).values
    return (unit + largest(y) + reached)[:, None]


@given(
    data=data_sets(),
    start=st.tuples(numbers(), numbers()),
    pace=st.sampled_from(ANY_PACE),
    steps=st.integers(0, 8),
)
@example(data=POINTS, start=(0.5, -1.0), pace=5.0, steps=3)
def test_number_of_points(
    run_descent: StudentFunction, data: tuple[Tensor, Tensor], start: tuple[float, float], pace: float, steps: int
) -> None:
    """A path of n steps has n + 1 points, the start and the end included, however large the learning rate is.

    With a learning rate above the limit the loss rises, and the path shows just that.
    """
    x, y = data
    path = run_descent(x, y, *start, _learning_rate(x, pace), steps)
    assert_close(len(path), steps + 1, tolerance=0, says=f"The path of {steps} steps has {len(path)} points.")


@given(
    data=data_sets(),
    start=st.tuples(numbers(), numbers()),
    pace=st.sampled_from(ANY_PACE),
    steps=st.integers(0, 8),
)
@example(data=POINTS, start=(0.5, -1.0), pace=0.75, steps=3)
def test_begins_at_the_start(
    run_descent: StudentFunction, data: tuple[Tensor, Tensor], start: tuple[float, float], pace: float, steps: int
) -> None:
    """The first point of the path is the start (w_start, b_start).

    Nothing has been computed yet: the two numbers are those of the call, the weight first.
    """
    x, y = data
    path = run_descent(x, y, *start, _learning_rate(x, pace), steps)
    says = "The path does not begin with (w_start, b_start)."
    assert_close(path[:1], [start], tolerance=PARAM32, scale=_path_size([start], y), says=says)


@given(
    data=data_sets(),
    start=st.tuples(numbers(), numbers()),
    pace=st.sampled_from(ANY_PACE),
    steps=st.integers(1, 8),
    unit=UNITS,
)
@example(data=POINTS, start=(0.5, -1.0), pace=0.75, steps=2, unit=1.0)
@example(data=POINTS, start=(0.5, -1.0), pace=0.75, steps=2, unit=SMALL)
def test_first_step(
    run_descent: StudentFunction,
    data: tuple[Tensor, Tensor],
    start: tuple[float, float],
    pace: float,
    steps: int,
    unit: float,
) -> None:
    """The first step ends at the start minus lr times the gradient there, for w and for b.

    The loss is a parabola in w and a parabola in b, so its slope is the difference of its values one unit to the
    right and one unit to the left, divided by 2, exactly. That is how the wanted step is found: by the losses only.
    """
    x, y = data[0], unit * data[1]
    start = (unit * start[0], unit * start[1])
    (w, b), lr = start, _learning_rate(x, pace)
    grad_w = (_loss(x, y, w + 1, b) - _loss(x, y, w - 1, b)) / 2
    grad_b = (_loss(x, y, w, b + 1) - _loss(x, y, w, b - 1)) / 2
    wanted = [start, (w - lr * grad_w, b - lr * grad_b)]
    path = run_descent(x, y, *start, lr, steps)
    says = "After its first step the path is not at the start minus lr times the gradient."
    assert_close(path[:2], wanted, tolerance=PARAM32, scale=_path_size(wanted, y, unit), says=says)


@given(
    data=data_sets(),
    start=st.tuples(numbers(), numbers()),
    pace=st.sampled_from(ANY_PACE),
    steps=st.integers(1, 4),
    more_steps=st.integers(1, 4),
)
@example(data=POINTS, start=(0.5, -1.0), pace=0.75, steps=2, more_steps=2)
def test_continued(
    run_descent: StudentFunction,
    data: tuple[Tensor, Tensor],
    start: tuple[float, float],
    pace: float,
    steps: int,
    more_steps: int,
) -> None:
    """A step remembers nothing: to stop at a point of the path and to start again from there gives the same path.

    Where a step leads depends on where it starts and on nothing else, neither on earlier gradients nor on the number
    of steps. So with the first step all others are right.
    """
    x, y = data
    lr = _learning_rate(x, pace)
    path = run_descent(x, y, *start, lr, steps + more_steps)
    assert_close(len(path), steps + more_steps + 1, tolerance=0, says="A path of n steps has n + 1 points.")
    size = _path_size(path, y)
    shorter = run_descent(x, y, *start, lr, steps)
    says = f"The path of {steps} steps is not the beginning of the path of {steps + more_steps} steps."
    assert_close(shorter, path[: steps + 1], tolerance=PARAM32, scale=size[: steps + 1], says=says)
    rest = run_descent(x, y, *path[steps], lr, more_steps)
    says = f"Starting again after {steps} of {steps + more_steps} steps leads elsewhere than going on."
    assert_close(rest, path[steps:], tolerance=PARAM32, scale=size[steps:], says=says)


@given(
    data=data_sets(),
    start=st.tuples(numbers(), numbers()),
    pace=st.sampled_from(STABLE),
    steps=st.integers(1, 8),
)
@example(data=POINTS, start=(0.5, -1.0), pace=0.9375, steps=6)
def test_downhill(
    run_descent: StudentFunction, data: tuple[Tensor, Tensor], start: tuple[float, float], pace: float, steps: int
) -> None:
    """With a learning rate below 2 / (largest curvature), the loss never rises along the path.

    In each direction of the bowl a step multiplies the distance from the bottom by 1 - lr * curvature, and below
    the limit that is no more than 1 in size.
    """
    x, y = data
    path = run_descent(x, y, *start, _learning_rate(x, pace), steps)
    losses = [_loss(x, y, w, b) for w, b in path]
    slack = PARAM32 * (0.01 + _size(x, y, *start))
    assert_at_most(losses[1:], losses[:-1], slack=slack, says="The loss rises from one point of the path to the next.")


@given(
    data=data_sets(),
    start=st.tuples(numbers(), numbers()),
    pace=st.sampled_from(STABLE),
    steps=st.integers(0, 8),
    shift=numbers(),
)
@example(data=POINTS, start=(0.5, -1.0), pace=0.75, steps=2, shift=1.0)
def test_path_shifted_and_mirrored(
    run_descent: StudentFunction,
    data: tuple[Tensor, Tensor],
    start: tuple[float, float],
    pace: float,
    steps: int,
    shift: float,
) -> None:
    """Raising y and b_start by c raises every b of the path by c; mirroring x and w_start mirrors every w.

    The landscape is the same, only moved along b or mirrored in w, and so is the walk down.
    """
    x, y = data
    (w, b), lr = start, _learning_rate(x, pace)
    size = 1 + largest(y) + abs(w) + abs(b) + abs(shift)
    path = run_descent(x, y, w, b, lr, steps)
    shifted = run_descent(x, y + shift, w, b + shift, lr, steps)
    says = f"With {shift} added to y and to b_start, the path is not the same path moved by {shift} along b."
    assert_close(shifted, [(w, b + shift) for w, b in path], tolerance=PARAM32, scale=size, says=says)
    mirrored = run_descent(-x, y, -w, b, lr, steps)
    says = "With the signs of x and of w_start changed, the path is not the same path mirrored in w."
    assert_close(mirrored, [(-w, b) for w, b in path], tolerance=PARAM32, scale=size, says=says)


@given(
    x=vectors(),
    line=st.tuples(numbers(), numbers()),
    pace=st.sampled_from(STABLE),
    steps=st.integers(0, 8),
)
@example(x=POINTS[0], line=(0.5, -1.0), pace=0.75, steps=2)
def test_rests_at_the_bottom(
    run_descent: StudentFunction, x: Tensor, line: tuple[float, float], pace: float, steps: int
) -> None:
    """At the bottom the gradient is zero: a descent that starts with the line of the data stays where it is.

    Every error is 0, so every product and every mean of errors is 0.
    """
    w, b = line
    y = w * x + b
    path = run_descent(x, y, w, b, _learning_rate(x, pace), steps)
    says = "The start fits the data without an error, and the path does not stay there."
    assert_close(path, [line] * (steps + 1), tolerance=PARAM32, scale=1 + largest(y) + abs(w) + abs(b), says=says)


# fixed_bias_slice


@given(data=data_sets(), w_values=vectors(max_size=5), b=numbers(), unit=UNITS)
@example(data=POINTS, w_values=row(0.5, 2.0, -1.0), b=1.5, unit=1.0)
@example(data=POINTS, w_values=row(0.5, 2.0, -1.0), b=1.5, unit=SMALL)
def test_column_of_the_landscape(
    fixed_bias_slice: StudentFunction, data: tuple[Tensor, Tensor], w_values: Tensor, b: float, unit: float
) -> None:
    """The slice is the column of the landscape that belongs to the bias b: entry i is the loss of (w_values[i], b).

    The wanted numbers come from plain Python, one point and one weight at a time.
    """
    x, y = data[0], unit * data[1]
    w_values, b = unit * w_values, unit * b
    wanted = [_loss(x, y, w, b) for w in w_values.tolist()]
    losses = fixed_bias_slice(x, y, w_values, b)
    assert_close(losses, wanted, tolerance=LOSS32, scale=_size(x, y, w_values, b))


@given(data=data_sets().filter(lambda data: bool(data[0].any())), b=numbers(), distance=numbers(1, 5))
@example(data=POINTS, b=1.5, distance=1.0)
def test_parabola(fixed_bias_slice: StudentFunction, data: tuple[Tensor, Tensor], b: float, distance: float) -> None:
    """The slice is a parabola: k to either side of its lowest point it is higher by exactly k**2 * mean(x**2).

    At a fixed bias the loss is mean(x**2) * (w - lowest)**2 + rest, with lowest = mean(x * (y - b)) / mean(x**2).
    """
    x, y = data
    bend = float((x**2).mean())
    lowest = float((x * (y - b)).mean()) / bend
    w_values = lowest + distance * row(-1, 0, 1)
    left, bottom, right = fixed_bias_slice(x, y, w_values, b)
    size = _size(x, y, w_values, b)
    says = f"{distance} to the left and to the right of the lowest point, the losses differ."
    assert_close(left, right, tolerance=LOSS32, scale=size, says=says)
    says = f"{distance} beside the lowest point, the loss is not higher by {distance}**2 * mean(x**2)."
    assert_close(right - bottom, distance**2 * bend, tolerance=LOSS32, scale=size, says=says)


@given(data=data_sets(), beside=vectors(max_size=5, low=-2, high=2), b_beside=numbers(-2, 2))
@example(data=POINTS, beside=row(0.0, 0.5), b_beside=0.0)
def test_never_below_the_bottom(
    fixed_bias_slice: StudentFunction, data: tuple[Tensor, Tensor], beside: Tensor, b_beside: float
) -> None:
    """No slice goes below the bottom of the bowl, the loss of the best line of all.

    A slice is a part of the landscape, so its lowest point is as low as the bottom at most.
    """
    x, y = data
    spread = ((x - x.mean()) ** 2).mean()
    best_w = float(((x - x.mean()) * y).mean() / spread) if spread > 0 else 0.0
    best_b = float(y.mean() - best_w * x.mean())
    w_values, b = best_w + beside, best_b + b_beside
    losses = fixed_bias_slice(x, y, w_values, b)
    slack = LOSS32 * _size(x, y, w_values, b)
    says = f"The slice goes below the bottom of the bowl, which is at w = {best_w:.6g}, b = {best_b:.6g}."
    assert_at_most(torch.full(losses.shape, _loss(x, y, best_w, best_b)), losses, slack=slack, says=says)


# plot_descent

# As many weights as biases, so that exchanged axes go unnoticed by matplotlib; and fewer weights than biases.
SQUARE = (row(0.0, 1.0, 2.5), row(-1.0, 0.5, 2.0), torch.stack([row(7, 4, 5), row(2, 0.5, 3), row(1, 6, 8)]))
WIDE = (row(0.0, 1.0), row(-1.0, 0.5, 2.0), torch.stack([row(7, 4, 5), row(2, 0.5, 3)]))
PATH = [(2.5, 2.0), (0.5, 1.5), (1.25, 0.0), (1.0, 0.25)]


def _joined(curves: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Return the points of all curves one after the other: a path may be drawn point by point or leg by leg."""
    return [point for point, _ in groupby(point for curve in curves for point in curve)]


def _curves(picture: Picture) -> list[list[tuple[float, float]]]:
    return [
        list(zip(curve.xs.tolist(), curve.ys.tolist(), strict=True)) for axes in picture.axes for curve in axes.curves
    ]


def _runs_through(picture: Picture, path: list[tuple[float, float]]) -> bool:
    curves = _curves(picture)
    return path in [*curves, _joined(curves)]


def _exchanged(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(b, w) for w, b in points]


def test_filled(plot_descent: StudentFunction) -> None:
    """The landscape is drawn as filled contours.

    Every place of the picture then has a height to be read from its colour, also between the lines.
    """
    picture: Picture = plot_descent.once(*SQUARE, PATH)
    kinds = [mesh.kind for axes in picture.axes for mesh in axes.meshes]
    if "contourf" not in kinds:
        names = {"contour": "contour_lines_only", "pcolormesh": "coloured_cells", "imshow": "coloured_cells"}
        says = f"The figure is drawn with {kinds[0]}, expected contourf." if kinds else "The figure shows no heights."
        raise CheckFailed(says, mistake=names.get(kinds[0], "") if kinds else "")


def test_height_above_each_pair(plot_descent: StudentFunction) -> None:
    """Where w_values[i] is across and b_values[j] is up, the picture shows the height losses[i, j].

    matplotlib lays the rows of an array along the vertical axis unless it is told the place of every entry, and on
    a landscape with as many weights as biases it cannot notice that the axes are exchanged.
    """
    for grid in (SQUARE, WIDE):
        picture: Picture = plot_descent.once(*grid, PATH)
        shown = [{(x, y): height for x, y, height in mesh.at_points()} for a in picture.axes for mesh in a.meshes]
        heights = _heights(*grid)
        if any(heights.items() <= drawn.items() for drawn in shown):
            continue
        mistake = next((name for name, wrong in _wrong_heights(*grid).items() if wrong in shown), "")
        if mistake == "exchanged":
            mistake = "axes_exchanged" if _runs_through(picture, _exchanged(PATH)) else "untransposed"
        drawn = shown[0] if shown else {}
        (w, b), height = next((place, height) for place, height in heights.items() if drawn.get(place) != height)
        seen = f"the height {drawn[w, b]:g}" if (w, b) in drawn else "no height"
        raise CheckFailed(f"At w = {w:g}, b = {b:g} the picture shows {seen}, expected {height:g}.", mistake=mistake)


def _heights(w_values: Tensor, b_values: Tensor, losses: Tensor) -> dict[tuple[float, float], float]:
    """Return the height above each pair (across, up)."""
    places = product(w_values.tolist(), b_values.tolist())
    return dict(zip(places, losses.flatten().tolist(), strict=True))


def _wrong_heights(w_values: Tensor, b_values: Tensor, losses: Tensor) -> dict[str, dict[tuple[float, float], float]]:
    """Return by mistake what a picture shows that exchanges rows and columns, or leaves the coordinates out."""
    columns, rows = (torch.arange(float(size)) for size in losses.shape)
    wrong = {
        "exchanged": _heights(b_values, w_values, losses.T),
        "without_coordinates": _heights(columns, rows, losses),
    }
    if len(w_values) == len(b_values):
        wrong["untransposed"] = _heights(w_values, b_values, losses.T)
    return wrong


def test_path_on_top(plot_descent: StudentFunction) -> None:
    """A line or a scatter runs through the points of the path in their order, w across and b up.

    Markers for the start, the end or whatever you like may be drawn besides.
    """
    picture: Picture = plot_descent.once(*SQUARE, PATH)
    if not _runs_through(picture, PATH):
        curves = [curve for curve in _curves(picture) if curve]
        mistakes = {
            "path_missing": not curves,
            "path_swapped": _runs_through(picture, _exchanged(PATH)),
            "start_missing": _runs_through(picture, PATH[1:]),
            "end_missing": _runs_through(picture, PATH[:-1]),
            "pairs_plotted": [list(enumerate(values)) for values in zip(*PATH, strict=True)] == curves[:2],
        }
        drawn = ", ".join(f"({x:g}, {y:g})" for x, y in (curves[0] if curves else [])[:5])
        says = "The points (w, b) of the path are not drawn in their order"
        says += f": a line of the figure begins {drawn}." if drawn else ", and the figure has no line at all."
        raise CheckFailed(says, mistake=next((name for name, is_so in mistakes.items() if is_so), ""))


def test_labels(plot_descent: StudentFunction) -> None:
    """The horizontal axis is labelled as w and the vertical axis as b.

    Any words will do that hold the letter, such as "weight w" and "bias".
    """
    picture: Picture = plot_descent.once(*SQUARE, PATH)
    labels = [(axes.xlabel[:40], axes.ylabel[:40]) for axes in picture.axes]
    if not any("w" in xlabel.lower() and "b" in ylabel.lower() for xlabel, ylabel in labels):
        across, up = labels[0] if labels else ("", "")
        is_swapped = "b" in across.lower() and "w" in up.lower() and _runs_through(picture, PATH)
        mistake = "labels_swapped" if is_swapped else "" if across or up else "unlabelled"
        says = f"The horizontal axis is labelled {across!r} and the vertical one {up!r}, expected w and b."
        raise CheckFailed(says, mistake=mistake)


def test_opens_no_window(plot_descent: StudentFunction) -> None:
    """The figure is handed back, not shown: who calls the function decides whether to look at it or to save it.

    A window stops the program until somebody closes it, and save_frames would open one for every frame.
    """
    picture: Picture = plot_descent.once(*SQUARE, PATH)
    if picture.shown:
        raise CheckFailed("The function shows the figure in a window: leave plt.show() to its caller.", mistake="shown")


# save_frames, by way of drivers.py: files do not leave the student's process


def test_one_file_for_each_point(save_frames: StudentFunction) -> None:
    """There is one PNG file in the directory for every point of the path.

    A path of n steps has n + 1 points, and the movie begins before the first step.
    """
    path = PATH[:2]
    found = save_frames.drive("number_of_frames", *WIDE, path)
    if found["files"] != len(path):
        says = f"The path has {len(path)} points, and the number of files is {found['files']}."
        raise CheckFailed(says, found["files"], len(path))
    if found["pictures"] != len(path):
        says = f"Of {len(path)} files, the number of PNG pictures is {found['pictures']}."
        raise CheckFailed(says, found["pictures"], len(path))


def test_names_in_order(save_frames: StudentFunction) -> None:
    """The names of the files are returned in the order of the frames, and sorting them keeps that order.

    Programs that join pictures to a movie take them in the order of their names, and as text "10" comes before "2".
    That shows on a path of eleven points.
    """
    path = [(k / 8, k / 8) for k in range(11)]
    places = save_frames.drive("places_of_names", *WIDE, path)
    if -1 in places:
        raise CheckFailed("A name was returned that no file in the directory has.", places, list(range(11)))
    if places != list(range(11)):
        says = "Sorted, the names are in another order than the frames. These are their places in the sorted directory:"
        raise CheckFailed(says, places, list(range(11)))


def test_path_so_far(save_frames: StudentFunction) -> None:
    """Frame k shows the first k + 1 points of the path and none of the later ones.

    So the path grows from frame to frame. The points are those of the lines and scatters in the figure at the moment
    when it is saved, by their numbers in the path.
    """
    shown = save_frames.drive("points_in_frames", *SQUARE, PATH[:3])
    wanted = ["0", "0 1", "0 1 2"]
    if shown != wanted:
        raise CheckFailed("The frames do not show just these points of the path, by their numbers:", shown, wanted)


def test_landscape_below(save_frames: StudentFunction) -> None:
    """Every frame shows the landscape: other losses give another picture.

    Without the hills a path is a line in the void, and nobody sees that it leads down.
    """
    if not save_frames.drive("landscape_in_frames", *WIDE, PATH[:2]):
        raise CheckFailed("With the losses turned over, a frame is the same picture as before.")
