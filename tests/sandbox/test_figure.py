"""A figure as data: whatever draws the same landscape and the same path is described by the same numbers."""

import datetime
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib.axes
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from grader.sandbox import figure, wire
from grader.sandbox.figure import MESH_METHODS, Axes, Curve, Mesh, Picture, describe, record_meshes
from tests.conftest import ROOT

XS, YS = [0.0, 1.0, 3.0], [-1.0, 0.5]
VALUES = [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]
"""Row i belongs to YS[i], column j to XS[j]."""
POINTS = sorted((x, y, VALUES[i][j]) for i, y in enumerate(YS) for j, x in enumerate(XS))


@pytest.fixture(scope="module", autouse=True)
def _recorded() -> None:
    """Draw as the worker does."""
    record_meshes()


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Leave no figure behind."""
    yield
    plt.close("all")


def flat() -> Any:
    """Return fresh flat axes."""
    return plt.figure().add_subplot()


def spatial() -> Any:
    """Return fresh axes with a third dimension."""
    return plt.figure().add_subplot(projection="3d")


def described(axes: Any) -> Axes:
    """Return the description of the only axes of a figure."""
    picture = describe(axes.figure)
    assert len(picture.axes) == 1
    return picture.axes[0]


def numbers(curve: Curve) -> tuple[list[float], list[float]]:
    """Return the coordinates of a flat curve."""
    return curve.xs.tolist(), curve.ys.tolist()


def points(mesh: Mesh) -> list[tuple[float, float, float]]:
    """Return what a mesh shows, in an order of its own."""
    return sorted(mesh.at_points())


# ---- Labels ----------------------------------------------------------------------------------------------------------


def test_a_figure_with_nothing_in_it_is_an_empty_picture() -> None:
    assert describe(plt.figure()) == Picture()


def test_axes_without_anything_are_axes_with_nothing_said() -> None:
    assert described(flat()) == Axes()


def test_title_labels_and_projection_are_told() -> None:
    axes = flat()
    axes.set(title="The loss", xlabel="weight w", ylabel="bias b")
    assert described(axes) == Axes(title="The loss", xlabel="weight w", ylabel="bias b")


def test_a_third_dimension_has_a_label_too() -> None:
    axes = spatial()
    axes.set(xlabel="w", ylabel="b", zlabel="loss")
    assert described(axes) == Axes(xlabel="w", ylabel="b", zlabel="loss", projection="3d")


def test_the_legend_is_its_texts_in_order() -> None:
    axes = flat()
    axes.plot([1], [2], label="path")
    axes.plot([1], [3], label="start")
    assert described(axes).legend == ()
    axes.legend()
    assert described(axes).legend == ("path", "start")


def test_every_coordinate_system_of_a_figure_is_described_in_order() -> None:
    drawn, _ = plt.subplots(1, 3)
    for number, axes in enumerate(drawn.axes):
        axes.set_title(str(number))
    assert [axes.title for axes in describe(drawn).axes] == ["0", "1", "2"]


# ---- Curves ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [list, tuple, np.array, torch.tensor], ids=["list", "tuple", "array", "tensor"])
def test_a_line_is_its_coordinates_whatever_held_them(make: Callable[[list[float]], Any]) -> None:
    axes = flat()
    axes.plot(make([1.0, 2.0]), make([3.0, 4.5]), "o-", color="white")
    (curve,) = described(axes).curves
    assert numbers(curve) == ([1.0, 2.0], [3.0, 4.5])
    assert (curve.zs, curve.label, curve.xs.dtype) == (None, "", torch.float64)


def test_a_line_of_values_alone_counts_its_points() -> None:
    axes = flat()
    axes.plot([3.0, 4.0, 5.0])
    assert numbers(described(axes).curves[0]) == ([0.0, 1.0, 2.0], [3.0, 4.0, 5.0])


def test_one_call_may_draw_several_lines() -> None:
    axes = flat()
    axes.plot([1, 2], [[1, 2], [3, 4]])
    assert [numbers(curve) for curve in described(axes).curves] == [([1, 2], [1, 3]), ([1, 2], [2, 4])]


def test_a_scatter_is_a_curve_without_a_line() -> None:
    axes = flat()
    axes.scatter([1.0, 2.0], [3.0, 4.0], c=[0, 1], label="steps")
    (curve,) = described(axes).curves
    assert numbers(curve) == ([1.0, 2.0], [3.0, 4.0])
    assert curve.label == "steps"


def test_a_scatter_in_space_is_a_curve_too() -> None:
    axes = spatial()
    axes.scatter([1.0, 2.0], [3.0, 4.0], [5.0, 6.0])
    (curve,) = described(axes).curves
    assert numbers(curve) == ([1.0, 2.0], [3.0, 4.0])
    assert curve.zs is not None
    assert curve.zs.tolist() == [5.0, 6.0]


def test_a_line_in_space_has_three_coordinates() -> None:
    axes = spatial()
    axes.plot([1.0, 2.0], [3.0, 4.0], [5.0, 6.0], label="path")
    (curve,) = described(axes).curves
    assert numbers(curve) == ([1.0, 2.0], [3.0, 4.0])
    assert curve.zs is not None
    assert (curve.zs.tolist(), curve.label) == ([5.0, 6.0], "path")


def test_a_label_that_matplotlib_made_up_is_none() -> None:
    axes = flat()
    axes.plot([1], [2])
    axes.plot([1], [2], label="_hidden")
    axes.plot([1], [2], label="shown")
    assert [curve.label for curve in described(axes).curves] == ["", "", "shown"]


def test_a_line_without_points_is_a_line_without_points() -> None:
    axes = flat()
    axes.plot([], [])
    assert numbers(described(axes).curves[0]) == ([], [])


@pytest.mark.parametrize(
    ("xs", "ys"),
    [
        (["before", "after"], [1.0, 2.0]),
        ([datetime.date(2025, 1, 1), datetime.date(2025, 1, 2)], [1.0, 2.0]),
        ([1.0, 2.0], ["low", "high"]),
    ],
    ids=["words", "dates", "words upwards"],
)
def test_a_line_over_words_or_dates_is_described_by_its_places(xs: list[Any], ys: list[Any]) -> None:
    """Else a right figure would end in an exception inside of the grader."""
    axes = flat()
    axes.plot(xs, ys)
    (curve,) = described(axes).curves
    assert len(curve.xs) == len(curve.ys) == 2
    assert curve.xs[1] - curve.xs[0] == curve.ys[1] - curve.ys[0] == 1


# ---- Meshes ----------------------------------------------------------------------------------------------------------


FLAT = ("contour", "contourf", "pcolormesh")
tensors_are_arrays = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
"""pcolormesh asks a tensor of torch for something that it does not know yet."""


def test_the_methods_that_are_recorded_are_these() -> None:
    assert set(MESH_METHODS) == {*FLAT, "imshow", "plot_surface"}


@tensors_are_arrays
@pytest.mark.parametrize("make", [list, np.array, torch.tensor], ids=["list", "array", "tensor"])
@pytest.mark.parametrize("kind", FLAT)
def test_a_mesh_over_two_rows_of_coordinates(kind: str, make: Callable[[Any], Any]) -> None:
    axes = flat()
    getattr(axes, kind)(make(XS), make(YS), make(VALUES))
    (mesh,) = described(axes).meshes
    assert mesh.kind == kind
    assert (mesh.xs.tolist(), mesh.ys.tolist(), mesh.values.tolist()) == (XS, YS, VALUES)
    assert points(mesh) == POINTS


@tensors_are_arrays
@pytest.mark.parametrize("indexing", ["xy", "ij"])
@pytest.mark.parametrize("kind", FLAT)
def test_a_mesh_over_two_grids_shows_the_same_points_in_both_orders(kind: str, indexing: str) -> None:
    axes, values = flat(), torch.tensor(VALUES)
    grids = torch.meshgrid(torch.tensor(XS), torch.tensor(YS), indexing=indexing)
    getattr(axes, kind)(*grids, values if indexing == "xy" else values.T)
    assert points(described(axes).meshes[0]) == POINTS


@pytest.mark.parametrize("indexing", ["xy", "ij"])
def test_a_surface_shows_the_same_points_in_both_orders(indexing: str) -> None:
    axes, values = spatial(), torch.tensor(VALUES)
    grids = torch.meshgrid(torch.tensor(XS), torch.tensor(YS), indexing=indexing)
    axes.plot_surface(*(grid.numpy() for grid in grids), (values if indexing == "xy" else values.T).numpy())
    (mesh,) = described(axes).meshes
    assert mesh.kind == "plot_surface"
    assert points(mesh) == POINTS


def test_a_surface_that_is_drawn_with_keywords_is_the_same_surface() -> None:
    axes = spatial()
    xs, ys = np.meshgrid(XS, YS)
    axes.plot_surface(X=xs, Y=ys, Z=np.array(VALUES))
    assert points(described(axes).meshes[0]) == POINTS


@pytest.mark.parametrize("kind", ["contour", "contourf"])
def test_contours_in_space_are_recorded_once(kind: str) -> None:
    axes = spatial()
    getattr(axes, kind)(*np.meshgrid(XS, YS), np.array(VALUES))
    (mesh,) = described(axes).meshes
    assert points(mesh) == POINTS


@pytest.mark.parametrize("kind", FLAT)
def test_values_alone_count_their_rows_and_columns(kind: str) -> None:
    axes = flat()
    getattr(axes, kind)(VALUES)
    (mesh,) = described(axes).meshes
    assert (mesh.xs.tolist(), mesh.ys.tolist()) == ([0.0, 1.0, 2.0], [0.0, 1.0])


@pytest.mark.parametrize("levels", [5, [1.0, 5.0, 20.0], np.linspace(0, 30, 4)], ids=["number", "list", "array"])
def test_levels_are_not_taken_for_values(levels: Any) -> None:
    axes = flat()
    axes.contour(XS, YS, VALUES, levels)
    axes.contourf(XS, YS, VALUES, levels=levels)
    axes.contour(VALUES, levels)
    meshes = described(axes).meshes
    assert [mesh.values.tolist() for mesh in meshes] == [VALUES] * 3
    assert [points(mesh) for mesh in meshes[:2]] == [POINTS] * 2


def test_edges_belong_to_the_cells_that_begin_there() -> None:
    axes = flat()
    axes.pcolormesh([*XS, 4.0], [*YS, 1.0], VALUES)
    assert points(described(axes).meshes[0]) == POINTS


def test_an_image_from_below_has_its_first_row_at_the_lower_edge() -> None:
    axes = flat()
    axes.imshow(VALUES, origin="lower", extent=(0, 2, -1, 0.5))
    (mesh,) = described(axes).meshes
    assert (mesh.kind, mesh.xs.tolist(), mesh.ys.tolist()) == ("imshow", [0.0, 1.0, 2.0], YS)


def test_an_image_from_above_has_its_first_row_at_the_upper_edge() -> None:
    axes = flat()
    axes.imshow(VALUES, extent=(0, 2, -1, 0.5))
    assert described(axes).meshes[0].ys.tolist() == [0.5, -1.0]


@pytest.mark.parametrize("origin", ["upper", "lower"])
def test_an_image_without_an_extent_has_row_i_at_height_i(origin: Any) -> None:
    """The axis is turned over then, and not the rows: the data coordinates of a row are its number."""
    axes = flat()
    axes.imshow(VALUES, origin=origin)
    assert described(axes).meshes[0].ys.tolist() == [0.0, 1.0]


def test_an_image_that_is_drawn_with_a_keyword_is_an_image() -> None:
    axes = flat()
    axes.imshow(X=VALUES, origin="lower")
    assert [mesh.values.tolist() for mesh in described(axes).meshes] == [VALUES]


def test_an_image_of_colours_has_no_values() -> None:
    axes = flat()
    axes.imshow(np.zeros((2, 2, 3)))
    assert described(axes).meshes == ()


def test_every_mesh_is_kept_in_the_order_of_the_calls() -> None:
    axes = flat()
    axes.contourf(VALUES)
    axes.contour(VALUES)
    axes.pcolormesh(VALUES)
    assert [mesh.kind for mesh in described(axes).meshes] == ["contourf", "contour", "pcolormesh"]


def test_the_functions_of_pyplot_are_recorded_too() -> None:
    plt.figure()
    plt.contourf(XS, YS, VALUES)
    plt.plot([1], [2])
    picture = describe(plt.gcf())
    assert points(picture.axes[0].meshes[0]) == POINTS
    assert len(picture.axes[0].curves) == 1


def test_a_colour_bar_is_left_out() -> None:
    axes = flat()
    axes.contourf(XS, YS, VALUES)
    axes.figure.colorbar(axes.collections[0], label="loss")
    assert len(axes.figure.axes) == 2
    (landscape,) = describe(axes.figure).axes
    assert [points(mesh) for mesh in landscape.meshes] == [POINTS]


def test_a_drawing_of_no_known_form_is_left_out() -> None:
    axes = flat()
    axes.tricontourf([0, 1, 0], [0, 0, 1], [1.0, 2.0, 3.0])
    axes.bar([1], [2])
    assert described(axes).meshes == ()


def test_recording_once_more_changes_nothing() -> None:
    before = {name: getattr(matplotlib.axes.Axes, name) for name in FLAT}
    record_meshes()
    assert {name: getattr(matplotlib.axes.Axes, name) for name in FLAT} == before
    axes = flat()
    axes.contour(VALUES)
    assert len(described(axes).meshes) == 1


def test_a_recorded_method_returns_and_raises_what_it_did_before() -> None:
    axes = flat()
    assert type(axes.contourf(VALUES)).__name__ == "QuadContourSet"
    with pytest.raises(TypeError):
        axes.contourf([[[1.0]]])
    assert len(described(axes).meshes) == 1
    assert axes.contourf.__doc__


def test_a_tensor_with_gradients_is_refused_in_the_words_that_help() -> None:
    axes = flat()
    values = torch.tensor(VALUES, requires_grad=True)
    for drawn in (values, values * 2):
        with pytest.raises(RuntimeError, match=r"Use tensor\.detach\(\)\.numpy\(\) instead"):
            axes.contourf(drawn)
    assert described(axes).meshes == ()


def test_describing_leaves_the_figure_as_it_is() -> None:
    axes = flat()
    axes.contourf(XS, YS, VALUES)
    axes.plot([1], [2], label="path")
    assert wire.encode(describe(axes.figure)) == wire.encode(describe(axes.figure))
    assert plt.get_fignums() == [axes.figure.number]


@pytest.mark.parametrize("kind", [*FLAT, "imshow"])
def test_a_mesh_is_what_was_drawn_whatever_becomes_of_the_array(kind: str) -> None:
    axes, values = flat(), np.array(VALUES)
    getattr(axes, kind)(values)
    values[:] = 0
    picture = describe(axes.figure)
    values[:] = 1
    assert picture.axes[0].meshes[0].values.tolist() == VALUES


# ---- Showing ---------------------------------------------------------------------------------------------------------


def test_a_figure_that_was_shown_says_so() -> None:
    shown = plt.figure()
    assert not describe(shown).shown
    plt.show()
    plt.show(block=False)
    assert describe(shown).shown
    assert not describe(plt.figure()).shown


def test_coordinates_of_different_forms_are_described_as_they_are_drawn() -> None:
    x_grid, y_grid = np.meshgrid(XS, YS)
    axes = flat()
    axes.pcolormesh(XS, y_grid, VALUES, shading="nearest")
    axes.pcolormesh(x_grid, YS, VALUES, shading="nearest")
    assert [points(mesh) for mesh in described(axes).meshes] == [POINTS] * 2
    axes = spatial()
    axes.plot_surface(np.array([XS]), np.array([YS]).T, np.array(VALUES))
    assert points(described(axes).meshes[0]) == POINTS


def test_a_surface_over_two_rows_of_coordinates_is_no_landscape() -> None:
    """Both are taken for places along the columns, so what is drawn is a folded sheet."""
    axes = spatial()
    axes.plot_surface(np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert points(described(axes).meshes[0]) == [(0, 0, 1), (0, 0, 3), (1, 1, 2), (1, 1, 4)]


def test_edges_of_cells_fit_the_values_between_them() -> None:
    axes = flat()
    axes.pcolormesh([0, 1, 2, 3], [0, 1, 2], VALUES, shading="flat")
    (mesh,) = described(axes).meshes
    assert wire.decode(wire.encode(Picture((Axes(meshes=(mesh,)),)))).axes[0].meshes[0].at_points() == mesh.at_points()


def test_a_line_whose_coordinates_do_not_fit_is_left_out() -> None:
    axes = spatial()
    (line,) = axes.plot([0, 1], [0, 1], [0, 1])
    line.set_data_3d([0, 1], [0, 1, 2], [0])
    assert described(axes).curves == ()


# ---- As data ---------------------------------------------------------------------------------------------------------


def test_a_description_travels() -> None:
    axes = spatial()
    axes.plot_surface(*np.meshgrid(XS, YS), np.array(VALUES))
    axes.plot([1], [2], [3], label="path")
    axes.legend()
    picture = describe(axes.figure)
    received = wire.decode(wire.encode(picture))
    assert wire.encode(received) == wire.encode(picture)
    assert points(received.axes[0].meshes[0]) == POINTS


coordinates = st.lists(st.integers(-8, 8).map(lambda eighths: eighths / 8), min_size=1, max_size=4)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(xs=coordinates, ys=coordinates)
def test_the_points_of_a_mesh_do_not_depend_on_the_form_of_its_coordinates(xs: list[float], ys: list[float]) -> None:
    values = torch.arange(float(len(xs) * len(ys)), dtype=torch.float64).reshape(len(ys), len(xs))
    wanted = [(x, y, float(values[i, j])) for i, y in enumerate(ys) for j, x in enumerate(xs)]
    row, column = torch.tensor(xs, dtype=torch.float64), torch.tensor(ys, dtype=torch.float64)
    assert Mesh("contour", row, column, values).at_points() == wanted
    x_grid, y_grid = torch.meshgrid(row, column, indexing="xy")
    assert Mesh("contour", x_grid, y_grid, values).at_points() == wanted
    x_grid, y_grid = torch.meshgrid(row, column, indexing="ij")
    assert sorted(Mesh("contour", x_grid, y_grid, values.T).at_points()) == sorted(wanted)


def test_numbers_of_any_kind_become_float64() -> None:
    for value in ([1, 2], (1.0, 2.0), np.array([1, 2], dtype=np.int8), torch.tensor([1, 2])):
        tensor: Tensor = figure._tensor(value)
        assert (tensor.dtype, tensor.tolist()) == (torch.float64, [1.0, 2.0])


FIRST = """
import io, sys
import matplotlib.pyplot as plt
from grader.sandbox import figure
figure.record_meshes()
figure.draw_once()
assert plt.get_fignums() == []
before = set(sys.modules)
drawn, axes = plt.subplots()
assert drawn.number == 1
axes.contourf([[0, 1], [1, 2]])
drawn.savefig(io.BytesIO(), format="png")
print(sorted(set(sys.modules) - before))
"""


def test_what_a_first_figure_imports_is_there_for_the_next() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=False, cwd=ROOT)

    assert done.stdout == "[]\n", done.stderr
