"""Pictures hold for every value, and their words and characters say the same as their pixels."""

import io
import math
from dataclasses import replace

import matplotlib.image
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from grader.feedback import plot
from grader.feedback.plot import Comparison

ENTRIES = st.floats(-1e6, 1e6) | st.sampled_from(
    [math.nan, math.inf, -math.inf, 0.0, 1e300, -1e300, 1.7e308, -1.7e308, 5e-324]
)


def tensors(*shape: int) -> st.SearchStrategy[Tensor]:
    size = math.prod(shape)
    return st.lists(ENTRIES, min_size=size, max_size=size).map(
        lambda entries: torch.tensor(entries, dtype=torch.float64).reshape(shape)
    )


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    """Draw two values of the same kind."""
    shape = draw(st.sampled_from([(1,), (7,), (1, 1), (2, 3), (30, 2), (3, 40), (40, 3)]))
    first, second = draw(tensors(*shape)), draw(tensors(*shape))
    if shape == (30, 2) and draw(st.booleans()):
        pairs = [tuple(pair) for pair in first.tolist()], [tuple(pair) for pair in second.tolist()]
        found = plot.compare("1.4 run_descent", *pairs)
    else:
        found = plot.compare("1.4 compute_grid", first, second)
    assert found is not None
    return found


@given(comparisons(), st.integers(20, 120))
def test_characters_are_ascii_and_fit(comparison: Comparison, columns: int) -> None:
    text = plot.draw_text(comparison, columns)

    assert text.isascii()
    legend = "  low .:-=+*#%@ high: . is -1.234e-100, @ is -1.234e-101"
    widest = max(columns, len(legend))  # no other line is longer, such as the sentence below a table that was cut
    assert all(len(line) <= widest for line in text.splitlines())


@given(comparisons())
def test_words_name_the_first_entry_that_differs(comparison: Comparison) -> None:
    text = plot.describe(comparison)

    if comparison.cell is None:
        assert "They agree." in text
    else:
        assert f"The first is at [{', '.join(map(str, comparison.cell))}]" in text


@settings(max_examples=8, deadline=None)
@given(comparisons())
def test_the_png_is_one_and_carries_the_words(comparison: Comparison) -> None:
    content = plot.draw_png(comparison)

    assert content.startswith(b"\x89PNG")
    assert b"Description" in content


def test_a_grid_shows_where_it_differs() -> None:
    target = torch.tensor([[0.0, 1.0], [2.0, 9.0]])
    yours = torch.tensor([[0.0, 3.0], [1.0, 9.0]])
    found = plot.compare("1.4 compute_grid", target, yours)
    assert found is not None

    assert plot.draw_text(found).splitlines() == [
        "target",
        "   . [:]",
        "   -  @",
        "",
        "yours",
        "   . [=]",
        "   :  @",
        "",
        "difference",
        "   . [+]",
        "   -  .",
        "",
        "  low .:-=+*#%@ high: . is 0, @ is 9",
        "  + yours is higher, - lower, . equal",
        "  [ ] is the first that differs",
    ]
    assert plot.describe(found) == (
        "1.4 compute_grid. Target: a grid of 2 by 2, from 0 to 9. Yours: from 0 to 9. 2 of 4 numbers differ."
        " The first is at [0, 1]: 3, expected 1. The largest difference is 2."
    )


@pytest.mark.parametrize("sign", [1, -1])
def test_numbers_at_the_end_of_the_floats_are_drawn(sign: int) -> None:
    wanted = [1.0 * number for number in range(12)]
    found = plot.compare("2.1 path", wanted, [1.7e308] + [sign * 1.7e308] * 11)
    assert found is not None
    drawn = plot.draw_text(found)

    assert sum(line.count("x") for line in drawn.splitlines()[2:]) >= 11
    assert "12 of 12 numbers differ. The first is at [0]: 1.7e+308, expected 0." in plot.describe(found)
    assert "The largest difference is 1.7e+308." in plot.describe(found)
    assert plot.draw_png(found).startswith(b"\x89PNG")


def test_what_is_said_of_differences_is_true_where_some_are_infinite() -> None:
    largest = torch.tensor([1.7e308, math.nan, math.inf, 2.0], dtype=torch.float64)
    target = torch.tensor([-1.7e308, math.nan, 1.0, 1.0], dtype=torch.float64)
    found = plot.compare("2.1 path", target, largest)
    assert found is not None

    assert "3 of 4 numbers differ." in plot.describe(found)
    assert "The largest finite difference is 1." in plot.describe(found)
    assert "difference" not in plot.describe(replace(found, yours=target.nan_to_num(5.0)))


def test_a_value_of_another_shape_with_very_many_numbers_is_not_drawn() -> None:
    found = plot.compare("2.1 path", [1.0, 2.0], [0] * 100_000)
    assert found is not None

    assert found.yours is None
    assert "100000 entries" in plot.describe(found)


def test_a_path_shows_both_walks() -> None:
    found = plot.compare("1.4 run_descent", [(0.0, 0.0), (1.0, 1.0)], [(0.0, 0.0), (1.0, -1.0)])
    assert found is not None
    text = plot.draw_text(found, 40)

    assert "o target   x yours   * both" in text
    assert text.count("*") == 2  # one in the legend, one at the start
    assert "a path of 2 points" in plot.describe(found)


@pytest.mark.parametrize(
    ("returned", "missing", "said"),
    [
        (torch.zeros(6), "", "expected (2, 3)"),
        (torch.zeros(0, 3), "", "expected (2, 3)"),
        (None, "", "Your function returned None"),
        (None, "ValueError: no", "ValueError: no"),
    ],
)
def test_where_there_is_nothing_of_yours_it_says_why(returned: object, missing: str, said: str) -> None:
    found = plot.compare("1.4 compute_grid", torch.zeros(2, 3), returned, missing)
    assert found is not None

    assert found.yours is None
    assert said in plot.describe(found)
    assert "yours" not in plot.draw_text(found)
    assert plot.draw_png(found).startswith(b"\x89PNG")


def test_a_grid_on_its_side_is_drawn_beside_the_target() -> None:
    target = torch.tensor([[0.0, 1.0, 2.0], [6.0, 7.0, 9.0]])
    found = plot.compare("1.4 compute_grid", target, target.T)
    assert found is not None

    assert plot.draw_text(found).splitlines() == [
        "target",
        "   .  :  -",
        "   #  %  @",
        "",
        "yours",
        "   .  #",
        "   :  %",
        "   -  @",
        "",
        "  low .:-=+*#%@ high: . is 0, @ is 9",
    ]
    assert plot.describe(found) == (
        "1.4 compute_grid. Target: a grid of 2 by 3, from 0 to 9. Yours: 3 by 2, from 0 to 9."
        " Your result has shape (3, 2), expected (2, 3). Here the numbers are right, but transposed."
    )
    assert plot.draw_png(found).startswith(b"\x89PNG")


def test_a_path_with_a_point_too_few_is_drawn_beside_the_target() -> None:
    found = plot.compare("1.4 run_descent", [(0.0, 0.0), (1.0, 1.0), (2.0, 1.5)], [(1.0, 1.0), (2.0, 1.5)])
    assert found is not None

    assert "Yours: 2 points, from 1 to 2." in plot.describe(found)
    assert plot.draw_text(found, 40).count("*") == 3  # one in the legend, two points that both have
    assert plot.draw_png(found).startswith(b"\x89PNG")


@pytest.mark.parametrize("wanted", [3.0, torch.zeros(0), torch.zeros(2, 2, 2), "text", None, {"a": 1}])
def test_what_cannot_be_drawn_is_not(wanted: object) -> None:
    assert plot.compare("title", wanted, wanted) is None


LANDSCAPE = """Return the losses. `w` has shape (n_w,) and `b` has shape (n_b,). The result has shape (n_w, n_b)."""


def test_a_grid_over_unsorted_numbers_is_drawn_in_their_order() -> None:
    w, b = torch.tensor([2.0, 0.0, 1.0]), torch.tensor([1.0, 0.0])
    target = (w[:, None] - 1) ** 2 + b
    found = plot.compare("1.4 compute_grid", target, target + torch.tensor([[0.0, 0.0], [0.0, 0.5], [0.0, 0.0]]))
    assert found is not None
    named = plot.named(found, LANDSCAPE, {"w": w, "b": b})

    assert "The first is at [1, 1]: 1.5, expected 1." in plot.describe(named)
    assert plot.draw_text(named).splitlines() == [
        "target",
        "  [+] @",
        "   .  +",
        "   +  @",
        "",
        "yours",
        "  [#] @",
        "   .  +",
        "   +  @",
        "",
        "difference",
        "  [+] .",
        "   .  .",
        "   .  .",
        "",
        "  low .:-=+*#%@ high: . is 0, @ is 2",
        "  + yours is higher, - lower, . equal",
        "  [ ] is the first that differs",
        "  down: w, from 0 to 2",
        "  across: b, from 0 to 1",
    ]
    assert plot.draw_png(named).startswith(b"\x89PNG")


def test_the_lowest_entry_is_marked_and_said() -> None:
    places = torch.tensor([0.0, 1.0, 2.0])
    grid = plot.alone("1.4 compute_grid", {"w": places, "b": places[:2], "loss": [[3.0, 1.0], [2.0, 4.0], [5.0, 6.0]]})
    curve = plot.alone("1.4 slice", {"w": places + 2, "loss": [3.0, 1.0, 2.0]})
    assert grid is not None
    assert curve is not None

    assert "from 1 to 6, lowest at w = 0, b = 1: 1." in plot.describe(grid)
    assert "(.)" in plot.draw_text(grid)
    assert "  ( ) is the lowest" in plot.draw_text(grid).splitlines()
    assert "from 3 to 2, lowest at w = 3: 1." in plot.describe(curve)
    assert plot.draw_text(curve).splitlines()[0] == "v is the lowest"
    assert "v" in "".join(line for line in plot.draw_text(curve).splitlines() if "|" in line)


def test_what_grows_exponentially_is_drawn_on_a_logarithmic_axis_that_says_so() -> None:
    grown = [4.0**step for step in range(9)]
    found = plot.alone("1.1 train", {"step": torch.arange(9), "loss": grown})
    assert found is not None
    lines = plot.draw_text(found, 40).splitlines()

    assert lines[0] == "  loss, logarithmic: 1 to 6.554e+04"
    assert lines[-1] == "  step: 0 to 8"
    heights = [row for row, line in enumerate(lines) if "o" in line and "|" in line]
    assert len(heights) == 9, "on a linear axis, most points would lie in one line"
    beside = plot.compare("1.1 train", grown, [-value for value in grown])
    assert beside is not None
    assert "logarithmic" not in plot.draw_text(beside), "negative numbers have no logarithm"
    assert plot.draw_png(found).startswith(b"\x89PNG")


def test_equal_numbers_are_drawn_as_equal_whatever_their_last_digit() -> None:
    found = plot.alone("1.1 training_step", [-8.0, -8.0, -8.0000005, -8.0])
    assert found is not None

    assert sum("o" in line for line in plot.draw_text(found).splitlines() if "|" in line) == 1


def test_a_path_is_named_by_its_docstring_or_by_what_a_prediction_returns() -> None:
    path = [(0.0, 0.0), (1.0, 2.0)]
    compared = plot.compare("1.4 run_descent", path, path)
    returned = plot.alone("1.4 run_descent", {"w, b": path})
    assert compared is not None
    assert returned is not None

    for found in (plot.named(compared, "Return every point `(w, b)`.", {}), returned):
        lines = plot.draw_text(found).splitlines()
        assert "  b: 0 to 2" in lines
        assert "  w: 0 to 1" in lines


@pytest.mark.parametrize("value", [(3.0, 9.5), [1.0], {"w": [1.0, 2.0], "loss": [3.0, 4.0]}, {}, 3.0, "text"])
def test_two_numbers_are_not_a_curve(value: object) -> None:
    assert plot.alone("1.1 best_constant", value) is None


@pytest.mark.parametrize("value", [[3.0, 1.0, 2.0], [[3.0, 1.0], [2.0, 4.0]]], ids=["curve", "grid"])
@pytest.mark.parametrize("words", [8, 40])
def test_no_title_is_clipped(words: int, value: list[object]) -> None:
    found = plot.alone("1.4 run_descent: " + "b jumps across the bottom and back " * (words // 4), value)
    assert found is not None
    pixels = matplotlib.image.imread(io.BytesIO(plot.draw_png(found)))[..., :3]
    edges = (pixels[:, :8], pixels[:, -8:], pixels[:8], pixels[-8:])

    assert all(float(edge.min()) == 1.0 for edge in edges)
