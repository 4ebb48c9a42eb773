"""The axes of a picture have the names that the docstring gives them, and their places in order."""

import pytest
import torch
from torch import Tensor

from grader.feedback.axes import Axis, axes_of, grows_exponentially, lowest, order

GRID = """Return the loss of the line `w * x + b` for every pair.

    `x` and `y` hold the N data points, shape (N,); `w_values` has shape (n_w,) and `b_values` has shape (n_b,).
    The result has shape (n_w, n_b): row i belongs to `w_values[i]`.
"""
GIVEN = {
    "x": torch.tensor([1.0, 2.0]),
    "y": torch.tensor([3.0, 4.0]),
    "w_values": torch.tensor([2.0, 0.0]),
    "b_values": [1.0, 2.0, 3.0],
}


def names(docstring: str, target: Tensor, *, is_path: bool = False) -> list[str]:
    return [axis.name for axis in axes_of(docstring, GIVEN, target, is_path=is_path)]


def test_a_grid_runs_along_the_parameters_of_its_shape() -> None:
    rows, columns = axes_of(GRID, GIVEN, torch.zeros(2, 3), is_path=False)

    assert (rows.name, columns.name) == ("w_values", "b_values")
    assert rows.places is not None
    assert rows.places.tolist() == [2.0, 0.0]
    assert order(rows, 2) == [1, 0]
    assert order(columns, 3) == [0, 1, 2]


def test_places_of_another_length_are_not_those_of_the_entries() -> None:
    rows, columns = axes_of(GRID, GIVEN, torch.zeros(5, 3), is_path=False)

    assert rows == Axis("w_values")
    assert columns.places is not None
    assert order(rows, 5) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("docstring", "target"),
    [
        ("`x` and `y` have shape (N,). The result has shape (N,).", torch.zeros(2)),
        ("`x` has shape (N,). The result has shape (N, 2).", torch.zeros(2)),
        ("Return the loss.", torch.zeros(2, 3)),
        ("", torch.zeros(2)),
    ],
    ids=["shared by two", "another number of dimensions", "no shape", "no docstring"],
)
def test_what_the_docstring_leaves_open_has_no_name(docstring: str, target: Tensor) -> None:
    assert names(docstring, target) == [""] * target.ndim


def test_a_path_runs_through_the_points_that_the_docstring_names() -> None:
    text = "`x` has shape (N,).\n    Return every point `(w, b)` that is visited."
    assert names(text, torch.zeros(4, 2), is_path=True) == ["w", "b"]
    assert names("Return the points.", torch.zeros(4, 2), is_path=True) == ["", ""]


@pytest.mark.parametrize(
    ("values", "is_exponential"),
    [
        ([13.0, 49.0, 190.0, 700.0, 2700.0, 10000.0, 40000.0], True),
        ([1.0, 2.0, 3.0, 4.0], False),
        ([1.0, 900.0, 950.0, 1001.0], False),
        ([0.0, 1.0, 10.0, 1e6], False),
        ([-1.0, 1.0, 10.0, 1e6], False),
        ([1.0, 1e6], False),
        ([1.0, 2.0, 1e6, float("inf")], True),
    ],
)
def test_an_axis_is_logarithmic_where_most_numbers_would_look_like_zero(
    *, values: list[float], is_exponential: bool
) -> None:
    assert grows_exponentially(torch.tensor(values)) is is_exponential


@pytest.mark.parametrize(
    ("values", "cell"),
    [
        ([3.0, 1.0, 2.0], (1,)),
        ([1.0, 2.0, 3.0], None),
        ([3.0, 1.0, 1.0, 2.0], None),
        ([1.0, 1.0 - 1e-12, 1.0], None),
        ([3.0, float("nan"), 2.0, 4.0], (2,)),
        ([float("nan")] * 3, None),
        ([[3.0, 1.0], [2.0, 4.0]], (0, 1)),
    ],
)
def test_the_lowest_entry_is_one_that_is_lower_than_all_others(values: list[float], cell: tuple[int, ...]) -> None:
    panel = torch.tensor(values, dtype=torch.float64)
    assert lowest(panel, (Axis(),) * panel.ndim) == cell


def test_the_end_of_a_curve_is_where_its_last_place_is() -> None:
    unsorted = Axis("t", torch.tensor([0.0, 2.0, 1.0]))
    assert lowest(torch.tensor([3.0, 1.0, 2.0]), (unsorted,)) is None
    assert lowest(torch.tensor([3.0, 2.0, 1.0]), (unsorted,)) == (2,)
