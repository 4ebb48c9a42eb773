"""The figure shows filled contours at the right places with the path on top, labels its axes, and opens no window."""

from itertools import groupby, product

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.figure import Figure
from torch import Tensor

from grader.authoring import CheckFailed, Picture, StudentFunction, variant

from .shared import PATH, SQUARE, WIDE, Pair, Walk

Heights = dict[Pair, float]
"""The height at each place (across, up)."""


def _curves(picture: Picture) -> list[Walk]:
    curves = [curve for axes in picture.axes for curve in axes.curves]
    return [list(zip(curve.xs.tolist(), curve.ys.tolist(), strict=True)) for curve in curves]


def _runs_through(picture: Picture, path: Walk) -> bool:
    """Return whether the path is drawn, as one curve or as several curves, point by point or leg by leg."""
    curves = _curves(picture)
    return path in [*curves, [point for point, _ in groupby(point for curve in curves for point in curve)]]


def _swapped(points: Walk) -> Walk:
    return [(b, w) for w, b in points]


def _heights(w_values: Tensor, b_values: Tensor, losses: Tensor) -> Heights:
    places = product(w_values.tolist(), b_values.tolist())
    return dict(zip(places, losses.flatten().tolist(), strict=True))


def _wrong_heights(w_values: Tensor, b_values: Tensor, losses: Tensor) -> dict[str, Heights]:
    """Return by mistake what a picture shows that exchanges rows and columns, or leaves the coordinates out."""
    columns, rows = (torch.arange(float(size)) for size in losses.shape)
    wrong = {
        "exchanged": _heights(b_values, w_values, losses.T),
        "without_coordinates": _heights(columns, rows, losses),
    }
    if len(w_values) == len(b_values):
        wrong["untransposed"] = _heights(w_values, b_values, losses.T)
    return wrong


def test_filled(plot_descent: StudentFunction) -> None:
    """The landscape is drawn as filled contours.

    Then the colour tells the height at every place of the picture, also between the lines.
    """
    picture: Picture = plot_descent.once(*SQUARE, PATH)
    kinds = [mesh.kind for axes in picture.axes for mesh in axes.meshes]
    if "contourf" not in kinds:
        names = {"contour": "contour_lines_only", "pcolormesh": "coloured_cells", "imshow": "coloured_cells"}
        says = f"The figure is drawn with {kinds[0]}, expected contourf." if kinds else "The figure shows no heights."
        raise CheckFailed(says, mistake=names.get(kinds[0], "") if kinds else "")


def test_height_above_each_pair(plot_descent: StudentFunction) -> None:
    """Where w_values[i] is across and b_values[j] is up, the picture shows the height losses[i, j].

    matplotlib lays the rows of an array along the vertical axis unless you tell it the place of every entry, and on
    a landscape with as many weights as biases it cannot notice that the axes are swapped.
    """
    for grid in (SQUARE, WIDE):
        picture: Picture = plot_descent.once(*grid, PATH)
        shown = [{(x, y): height for x, y, height in mesh.at_points()} for a in picture.axes for mesh in a.meshes]
        heights = _heights(*grid)
        if any(heights.items() <= drawn.items() for drawn in shown):
            continue
        mistake = next((name for name, wrong in _wrong_heights(*grid).items() if wrong in shown), "")
        if mistake == "exchanged":
            mistake = "axes_exchanged" if _runs_through(picture, _swapped(PATH)) else "untransposed"
        drawn = shown[0] if shown else {}
        (w, b), height = next((place, height) for place, height in heights.items() if drawn.get(place) != height)
        seen = f"the height {drawn[w, b]:g}" if (w, b) in drawn else "no height"
        raise CheckFailed(f"At w = {w:g}, b = {b:g} the picture shows {seen}, expected {height:g}.", mistake=mistake)


def test_path_on_top(plot_descent: StudentFunction) -> None:
    """A line or a scatter runs through the points of the path in their order, w across and b up.

    You may add markers for the start, the end or whatever you like.
    """
    picture: Picture = plot_descent.once(*SQUARE, PATH)
    if not _runs_through(picture, PATH):
        curves = [curve for curve in _curves(picture) if curve]
        mistakes = {
            "path_missing": not curves,
            "path_swapped": _runs_through(picture, _swapped(PATH)),
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

    Any words that contain the letter will do, such as "weight w" and "bias".
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
    """The figure is returned, not shown: the caller decides whether to look at it or to save it.

    A window stops the program until you close it, and save_frames would open one for every frame.
    """
    picture: Picture = plot_descent.once(*SQUARE, PATH)
    if picture.shown:
        raise CheckFailed("The function shows the figure in a window: leave plt.show() to its caller.", mistake="shown")


# Right answers in other styles


@variant
def pyplot_state(w_values: Tensor, b_values: Tensor, losses: Tensor, path: Walk) -> Figure:
    """Pyplot alone, without an axes object: the losses transposed, markers for start and end, and plt.gcf()."""
    weights, biases = zip(*path, strict=True)
    plt.figure(figsize=(8, 6))
    plt.contourf(w_values.numpy(), b_values.numpy(), losses.T.numpy(), levels=50, cmap="viridis")
    plt.plot(weights, biases, marker="o", color="red", label="path")
    plt.scatter(weights[0], biases[0], color="white", edgecolor="black", s=100, label="start")
    plt.scatter(weights[-1], biases[-1], color="yellow", edgecolor="black", s=100, label="end")
    plt.xlabel("Weight (w)")
    plt.ylabel("Bias (b)")
    plt.legend()
    return plt.gcf()


@variant
def lines_and_fill(w_values: Tensor, b_values: Tensor, losses: Tensor, path: Walk) -> Figure:
    """Contour lines over filled contours, and the path as a line below a scatter."""
    figure, axes = plt.subplots()
    w_grid, b_grid = (values.numpy() for values in torch.meshgrid(w_values, b_values, indexing="xy"))
    axes.contourf(w_grid, b_grid, losses.T.numpy(), levels=25, cmap="magma")
    axes.contour(w_grid, b_grid, losses.T.numpy(), levels=25, colors="black", linewidths=0.5)
    weights, biases = [w for w, _ in path], [b for _, b in path]
    axes.plot(weights, biases, color="white")
    axes.scatter(weights, biases, c=range(len(path)))
    axes.set(xlabel="w (slope)", ylabel="b (height)")
    return figure


@variant
def figure_object(w_values: Tensor, b_values: Tensor, losses: Tensor, path: Walk) -> Figure:
    """A Figure made directly, without pyplot."""
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.add_subplot(1, 1, 1)
    figure.colorbar(axes.contourf(w_values.numpy(), b_values.numpy(), losses.numpy().transpose(), 20), ax=axes)
    points = np.array(path)
    axes.plot(points[:, 0], points[:, 1], "w.-")
    axes.set(xlabel="$w$", ylabel="$b$")
    return figure
