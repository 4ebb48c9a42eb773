"""The tensor explainer: one test for each form it recognises, and what holds for any two tensors."""

import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor

from grader.feedback.tensor_diff import MAX_LENGTH, explain, first_difference

NAN, INF = math.nan, math.inf
SIZES = {"N": 7, "n_w": 3}


def floats(values: object) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


MATRIX = floats([[1.5, -2.25, 4.0], [0.75, 3.5, -1.25], [5.0, 2.0, -3.75], [-0.5, 6.25, 7.0]])
"""Shape (4, 3), all different."""
SQUARE = MATRIX[:3]
SERIES = floats([1.5, -2.25, 4.0, 0.75, 3.5])
POSITIVE = floats([1.5, 2.25, 4.0, 0.75])


def changed(values: Tensor, index: int | slice | tuple[int | slice, ...], value: Tensor | float) -> Tensor:
    """Return a copy with other values at an index."""
    result = values.clone()
    result[index] = value
    return result


# ---- The shapes differ -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("returned", "wanted", "text"),
    [
        pytest.param(
            MATRIX.T,
            MATRIX,
            "Transposed: the numbers are right, but they have shape (3, 4), and (4, 3) is wanted. "
            "Which index comes first?",
            id="transposed",
        ),
        pytest.param(
            MATRIX.T + 1,
            MATRIX,
            "Your result has shape (3, 4), and (4, 3) is wanted: are rows and columns exchanged?",
            id="transposed shape, other numbers",
        ),
        pytest.param(
            torch.arange(24.0).reshape(2, 3, 4).permute(1, 0, 2),
            torch.arange(24.0).reshape(2, 3, 4),
            "Dimensions exchanged: the numbers are right, but they have shape (3, 2, 4), and (2, 3, 4) is wanted. "
            "Which index comes first?",
            id="dimensions exchanged",
        ),
        pytest.param(
            MATRIX.flatten(),
            MATRIX,
            "The numbers are right and in order, but they have shape (12,), and (4, 3) is wanted: "
            "is a reshape missing?",
            id="reshape",
        ),
        pytest.param(
            SERIES[:, None],
            SERIES,
            "The numbers are right, but they have shape (5, 1), and (5,) is wanted. "
            "Careful, it broadcasts: (5, 1) minus (5,) has shape (5, 5).",
            id="a column for a vector",
        ),
        pytest.param(
            SERIES[None] + 1,
            SERIES,
            "Your result has shape (1, 5), and (5,) is wanted: where does the dimension of size 1 come from?",
            id="a row for a vector",
        ),
        pytest.param(
            SERIES,
            SERIES[:, None],
            "The numbers are right, but they have shape (5,), and (5, 1) is wanted: is a dimension of size 1 missing?",
            id="a vector for a column",
        ),
        pytest.param(
            SERIES[:1],
            SERIES[0],
            "The numbers are right, but they have shape (1,), and () is wanted: "
            "where does the dimension of size 1 come from?",
            id="a vector for a number",
        ),
        pytest.param(
            MATRIX.mean(),
            MATRIX,
            "Your result has shape (), and (4, 3) is wanted: it is the mean of those over all dimensions. "
            "One mean too many?",
            id="mean over all dimensions",
        ),
        pytest.param(
            floats(3.5),
            MATRIX,
            "Your result has shape (), and (4, 3) is wanted: is it a mean or a sum over all dimensions instead of one?",
            id="another single number",
        ),
        pytest.param(
            MATRIX.sum(0),
            MATRIX,
            "Your result has shape (3,), and (4, 3) is wanted: it is the sum of those over dimension 0. "
            "One sum too many?",
            id="a dimension missing",
        ),
        pytest.param(
            MATRIX,
            MATRIX.mean(1),
            "Your result has shape (4, 3), and (4,) is wanted: its mean over dimension 1 is right. Is that left out?",
            id="not averaged",
        ),
        pytest.param(
            SERIES[:, None] - SERIES,
            SERIES,
            "Your result has shape (5, 5), and (5,) is wanted. Did (5, 1) meet (5,) and broadcast to all pairs?",
            id="outer broadcast",
        ),
        pytest.param(
            SERIES + 9 * (1 - torch.eye(5, dtype=torch.float64)),
            SERIES,
            "Your result has shape (5, 5), and (5,) is wanted. The wanted values are its diagonal. "
            "Did (5, 1) meet (5,) and broadcast to all pairs?",
            id="outer broadcast, right diagonal",
        ),
        pytest.param(
            floats([9.0, *SERIES]),
            SERIES,
            "1 entry too many at the start, the others are right: off by one?",
            id="one too many",
        ),
        pytest.param(
            MATRIX[:-1],
            MATRIX,
            "1 row too few at the end, the others are right: off by one?",
            id="one too few",
        ),
        pytest.param(
            MATRIX[:, 1:],
            MATRIX,
            "1 column too few at the start, the others are right: off by one?",
            id="a column too few",
        ),
        pytest.param(
            SERIES[:3],
            SERIES,
            "2 entries too few at the end, the others are right: does a loop begin too late or end too early?",
            id="the tail dropped",
        ),
        pytest.param(
            SERIES[:4] + 1,
            SERIES,
            "Your result has 4 entries, and 5 are wanted: 1 entry too few.",
            id="another length",
        ),
        pytest.param(
            floats([8.0] * 7),
            floats([4.0, 5.0, 6.0]),
            "Your result has 7 = N entries, and 3 = n_w are wanted: is a mean or a sum taken over the wrong dimension?",
            id="the wrong dimension left",
        ),
        pytest.param(
            SERIES[:0],
            SERIES,
            "Your result is empty: it has shape (0,), and (5,) is wanted. Does the loop run at all?",
            id="empty",
        ),
        pytest.param(MATRIX, SERIES, "Your result has shape (4, 3), and (5,) is wanted.", id="another shape"),
        pytest.param(
            2 * torch.ones(7, 7),
            torch.ones(7, 3, 7),
            "Your result has shape (7, 7), and (7, 3, 7) is wanted: (N, N) instead of (N, n_w, N).",
            id="another shape, by names",
        ),
    ],
)
def test_another_shape_is_described(returned: Tensor, wanted: Tensor, text: str) -> None:
    assert explain(returned, wanted, SIZES) == text


# ---- dtypes, nan and inf ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("returned", "wanted", "text"),
    [
        pytest.param(
            SERIES.to(torch.int64),
            SERIES,
            "Every value is the wanted one cut off to a whole number: does int64 lose the decimals?",
            id="cut off",
        ),
        pytest.param(
            SERIES.trunc(),
            SERIES,
            "Every value is the wanted one cut off to a whole number: an integer dtype or a // on the way?",
            id="cut off on the way",
        ),
        pytest.param(
            SERIES.round(),
            SERIES,
            "Every value is the wanted one rounded to a whole number: an integer dtype or a // on the way?",
            id="rounded",
        ),
        pytest.param(
            (SERIES / 3).round(decimals=2),
            SERIES / 3,
            "Every value is the wanted one rounded to 2 decimals: is a round() left over?",
            id="rounded to decimals",
        ),
        pytest.param(
            floats([0.063, -0.75]).float(),
            floats([0.0625, -0.75]),
            "Every value is the wanted one rounded to 3 decimals: is a round() left over?",
            id="rounded the other way where it lies halfway",
        ),
        pytest.param(
            floats(1.717),
            floats(1.7175),
            "Your value is the wanted one rounded to 3 decimals: is a round() left over?",
            id="one value rounded",
        ),
        pytest.param(
            floats([0.5, 0.063]),
            floats([0.5, 0.0638]),
            "All entries are right but [1]: yours is 0.063, and 0.0638 is wanted.",
            id="rounded down is something else",
        ),
        pytest.param(floats(0.3), floats(0.29), "", id="few digits prove nothing"),
        pytest.param(
            torch.zeros(5, dtype=torch.int64),
            SERIES / 8,
            "Every value is 0: does int64 lose the decimals?",
            id="cut off to nothing",
        ),
        pytest.param(
            torch.tensor([1, 2]),
            floats([1.0, 2.0]),
            "The numbers are right, but their dtype is int64, and float64 is wanted.",
            id="only the dtype",
        ),
        pytest.param(
            SERIES > 1,
            SERIES,
            "Your result is bool, and float64 is wanted. Is it the result of a comparison?",
            id="a comparison",
        ),
        pytest.param(
            torch.tensor([7, 1, 3, 9, 0]),
            SERIES,
            "Your result is int64, and float64 is wanted. Do decimals get lost on the way?",
            id="whole numbers",
        ),
        pytest.param(
            (SERIES / 3).float(),
            SERIES / 3,
            "Right as far as float32 goes, and float64 is wanted: is a tensor made without its dtype?",
            id="float32",
        ),
        pytest.param(
            SERIES * (1 + 1e-7),
            SERIES,
            "Your values differ by at most 1e-07 of the largest wanted one: computed in float32?",
            id="float32 on the way",
        ),
        pytest.param(
            changed(SERIES, 3, 0.75 + 5e-5),
            SERIES,
            "Your values differ by at most 1.25e-05 of the largest wanted one: rounded, or an eps in another place?",
            id="a small difference",
        ),
        pytest.param(
            SERIES + 1j,
            SERIES,
            "Your result is complex128, and float64 is wanted.",
            id="complex",
        ),
    ],
)
def test_another_dtype_is_described(returned: Tensor, wanted: Tensor, text: str) -> None:
    assert explain(returned, wanted, SIZES) == text


@pytest.mark.parametrize(
    ("returned", "wanted", "text"),
    [
        pytest.param(SERIES * NAN, SERIES, "Every value is nan: 0 divided by 0", id="everything"),
        pytest.param(floats(NAN), floats(1.0), "Your value is nan: 0 divided by 0", id="the only value"),
        pytest.param(changed(MATRIX, (1, 2), NAN), MATRIX, "nan in 1 of 12 values, first at [1, 2]: ", id="first nan"),
        pytest.param(changed(MATRIX, 2, NAN), MATRIX, "All of row 2 is nan, and nothing else: 0 divided", id="a row"),
        pytest.param(
            changed(MATRIX, (slice(None), 1), NAN),
            MATRIX,
            "All of column 1 is nan, and nothing else: ",
            id="a column",
        ),
        pytest.param(
            changed(SERIES, slice(3, None), NAN),
            SERIES,
            "From entry 3 on everything is nan: do the values grow without bound?",
            id="from a step on",
        ),
        pytest.param(1 / changed(SERIES, 1, 0.0), SERIES, "inf in 1 of 5 values, first at [1]: divided by 0", id="inf"),
        pytest.param(floats([1.0, 2.0, INF, NAN]), POSITIVE, "From entry 2 on everything is nan or inf: ", id="both"),
    ],
)
def test_nan_and_inf_are_found(returned: Tensor, wanted: Tensor, text: str) -> None:
    assert explain(returned, wanted, SIZES).startswith(text)


def test_wanted_nan_and_inf_are_no_mistake() -> None:
    wanted = floats([NAN, 1.0, INF, 3.0])
    assert explain(wanted.clone(), wanted) == ""
    assert explain(2 * wanted, wanted) == "Every value is 2 times too large: a factor 2 too many?"


# ---- A factor, an offset, a function ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "text"),
    [
        (7, "7 = N times too large: summed instead of averaged over the N points?"),
        (1 / 7, "7 = N times too small: divided by N once too often?"),
        (3, "3 = n_w times too large: summed instead of averaged over n_w?"),
        (7 / 6, "1.167 = N/(N - 1) times too large: divided by N - 1 instead of N?"),
        (6 / 7, "1.167 = N/(N - 1) times too small: divided by N instead of N - 1?"),
        (14, "14 = 2 * N times too large: summed instead of averaged over N, with a factor 2 too many?"),
        (3.5, "3.5 = N/2 times too large: summed instead of averaged over N, with a factor 2 left out?"),
        (21, "21 = N * n_w times too large: summed instead of averaged over N and n_w?"),
        (7 / 3, "2.333 = N/n_w times too large: divided by n_w instead of N?"),
        (math.sqrt(7), "2.646 = the root of N times too large: a division by it left out?"),
        (-7, "7 = N times too large and of the wrong sign: summed instead of averaged over the N points?"),
        (-3.7, "-3.7 times the wanted one: is a constant factor wrong?"),
    ],
)
def test_a_factor_is_named_by_the_sizes(factor: float, text: str) -> None:
    assert explain(factor * MATRIX, MATRIX, SIZES) == f"Every value is {text}"


@pytest.mark.parametrize(
    ("factor", "text"),
    [
        (2, "Every value is 2 times too large: a factor 2 too many?"),
        (1 / 2, "Every value is 2 times too small: a factor 2 left out?"),
        (-1, "Every value has the wrong sign: is something subtracted the other way round?"),
        (math.pi, "Every value is 3.142 times the wanted one: is a constant factor wrong?"),
    ],
)
def test_a_factor_needs_no_sizes(factor: float, text: str) -> None:
    assert explain(factor * MATRIX, MATRIX) == text


def test_all_names_of_a_factor_are_said() -> None:
    text = "Every value is 3 = n_w = n_b times too large: summed instead of averaged over n_w or n_b?"
    assert explain(3 * MATRIX, MATRIX, {"n_w": 3, "n_b": 3}) == text
    text = "Every value is 3 = N times too large: summed instead of averaged over the N points?"
    assert explain(3 * MATRIX, MATRIX, {"N": 3, "n_x": 3, "n_y": 3}) == text


def test_all_causes_of_a_factor_are_said() -> None:
    assert explain(2 * MATRIX, MATRIX, {"N": 2}) == (
        "Every value is 2 = N times too large: summed instead of averaged over the N points, "
        "or divided by N - 1 instead of N, or a factor 2 too many?"
    )


def test_one_value_alone_proves_only_a_likely_factor() -> None:
    text = "Your value is 3 = N times too large: summed instead of averaged over the N points?"
    assert explain(floats([[8.0]]), floats([[8 / 3]]), {"N": 3}) == text
    text = "Every value that is not 0 is 3 = N times too large: summed instead of averaged over the N points?"
    assert explain(floats([[8.0, 0.0]]), floats([[8 / 3, 0.0]]), {"N": 3}) == text
    assert explain(floats(3.7), floats(1.0)) == ""
    assert explain(floats([3.7, 0.0]), floats([1.0, 0.0])).startswith("All entries are right but [0]")
    text = "Your value is 2 times too small: a factor 2 left out, or a root too many or a square left out?"
    assert explain(floats(2.0), floats(4.0)) == text


def test_a_factor_of_the_large_values_is_none_of_all() -> None:
    assert "times" not in explain(floats([2e3, 5.0, 7.0]), floats([1e3, 1.0, 2.0]))


def test_an_offset_is_found() -> None:
    assert explain(MATRIX + 1.5, MATRIX) == "Every value is 1.5 too large: is a term left out or added twice?"
    assert explain(MATRIX - 1.5, MATRIX) == "Every value is 1.5 too small: is a term left out or added twice?"


def test_a_series_may_be_moved_and_shifted() -> None:
    assert explain(torch.arange(1, 6), torch.arange(5)) == (
        "Every value is 1 too large: is a term left out or added twice? "
        "Shifted by one: your entry 0 is the wanted entry 1, and so on: is the first one left out?"
    )


FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "the square of": torch.square,
    "the square root of": torch.sqrt,
    "1 divided by": torch.reciprocal,
    "1 minus": lambda wanted: 1 - wanted,
    "the logarithm of": torch.log,
    "the exponential of": torch.exp,
}


@pytest.mark.parametrize("what", FUNCTIONS)
def test_a_function_too_many_is_named(what: str) -> None:
    assert explain(FUNCTIONS[what](POSITIVE), POSITIVE).startswith(f"Every value is {what} the wanted one: ")
    assert explain(FUNCTIONS[what](POSITIVE[1]), POSITIVE[1]).startswith(f"Your value is {what} the wanted one: ")


def test_lost_signs_are_found() -> None:
    text = "Every value is the absolute value of the wanted one: a sign lost in an abs or a square?"
    assert explain(MATRIX.abs(), MATRIX) == text
    text = "Every value is the wanted one, with 0 for negative numbers: a relu or a clamp too many?"
    assert explain(MATRIX.relu(), MATRIX) == text
    signs = floats([1.0, 1.0, -1.0, 1.0, -1.0])
    text = "The sign is wrong in 2 of 5 values, the first is [2]; all else is right."
    assert explain(signs * SERIES, SERIES) == text


def test_running_sums_and_steps_are_found() -> None:
    text = "Every value is the sum of the wanted ones up to it: does something add up that should start anew?"
    assert explain(MATRIX.cumsum(0), MATRIX) == text
    text = "Every value is the step from one wanted value to the next: is adding them up left out?"
    assert explain(SERIES, SERIES.cumsum(0)) == text


# ---- The right numbers at other places, or some of them right --------------------------------------------------------


@pytest.mark.parametrize(
    ("returned", "wanted", "text"),
    [
        pytest.param(
            SQUARE.T,
            SQUARE,
            "Transposed: the numbers are right, with rows and columns exchanged. Which index comes first?",
            id="transposed",
        ),
        pytest.param(
            MATRIX.T.reshape(4, 3),
            MATRIX,
            "The numbers are right, but read column by column: is there a reshape where a transpose is needed?",
            id="reshaped instead of transposed",
        ),
        pytest.param(
            SERIES.flip(0),
            SERIES,
            "The entries are in reverse order: which one comes first?",
            id="entries reversed",
        ),
        pytest.param(
            MATRIX.flip(0),
            MATRIX,
            "The rows are in reverse order: which one comes first?",
            id="rows reversed",
        ),
        pytest.param(
            MATRIX.flip(1),
            MATRIX,
            "The columns are in reverse order: which one comes first?",
            id="columns reversed",
        ),
        pytest.param(
            MATRIX.flip(0, 1),
            MATRIX,
            "The rows and the columns are both in reverse order: which ones come first?",
            id="both reversed",
        ),
        pytest.param(
            MATRIX[:, [1, 0]],
            MATRIX[:, :2],
            "The columns are exchanged: which one comes first?",
            id="pairs swapped",
        ),
        pytest.param(
            MATRIX[:, [1, 0, 2]],
            MATRIX,
            "The columns 0 and 1 are exchanged: which one comes first?",
            id="columns swapped",
        ),
        pytest.param(
            SERIES[[0, 3, 2, 1, 4]],
            SERIES,
            "The entries 1 and 3 are exchanged: which one comes first?",
            id="entries swapped",
        ),
        pytest.param(
            SERIES.roll(1),
            SERIES,
            "Shifted by one: your entry 1 is the wanted entry 0, and so on: one step too late?",
            id="too late",
        ),
        pytest.param(
            torch.cat([MATRIX[1:], MATRIX[:1] - 9]),
            MATRIX,
            "Shifted by one: your row 0 is the wanted row 1, and so on: is the first one left out?",
            id="too early",
        ),
        pytest.param(
            MATRIX.roll(1, 1),
            MATRIX,
            "Shifted by one: your column 1 is the wanted column 0, and so on: one step too late?",
            id="columns shifted",
        ),
        pytest.param(
            MATRIX[[2, 0, 3, 1]],
            MATRIX,
            "The rows are the right ones, in another order: are they sorted or shuffled?",
            id="rows permuted",
        ),
        pytest.param(
            SERIES.sort().values,
            SERIES,
            "The entries are the right ones, in ascending order: are they sorted?",
            id="sorted",
        ),
        pytest.param(
            MATRIX.flatten()[[3, 1, 4, 0, 5, 9, 2, 6, 8, 7, 11, 10]].reshape(4, 3),
            MATRIX,
            "The values are the right ones, in another order: are they sorted or shuffled?",
            id="cells permuted",
        ),
        pytest.param(0 * MATRIX, MATRIX, "Every value is 0: is the result ever filled in?", id="zeros"),
        pytest.param(
            torch.full((5,), 2.5),
            SERIES,
            "All values are the same, where they should differ: is one ",
            id="constant",
        ),
        pytest.param(
            torch.full((4, 3), MATRIX.mean().item()),
            MATRIX,
            "All values are the same, where they should differ: they are the mean of the wanted ones. ",
            id="the mean everywhere",
        ),
        pytest.param(
            MATRIX[-1:].expand(4, 3),
            MATRIX,
            "All rows are the same, where they should differ: they are the last wanted one. Is the same object ",
            id="the last one everywhere",
        ),
        pytest.param(
            changed(MATRIX, (0, 2), 5.0),
            MATRIX,
            "All cells are right but [0, 2]: yours is 5, and 4 is wanted.",
            id="one cell",
        ),
        pytest.param(
            changed(SERIES, 4, 9.0),
            SERIES,
            "All entries are right but [4]: yours is 9, and 3.5 is wanted.",
            id="one",
        ),
        pytest.param(changed(MATRIX, 2, floats([9.0, 1.0, 0.0])), MATRIX, "Only row 2 is wrong.", id="one row"),
        pytest.param(
            MATRIX * floats([1.0, 2.0, 1.0]),
            MATRIX,
            "Only column 1 is wrong. There, every value is 2 times too large: a factor 2 too many?",
            id="one column by a factor",
        ),
        pytest.param(
            changed(MATRIX, slice(2, None), floats([9.0, 1.0, 0.0])),
            MATRIX,
            "Right up to row 1, and from row 2 on all are wrong: does something carry over?",
            id="drifts",
        ),
        pytest.param(
            changed(MATRIX, slice(1, None), floats([9.0, 1.0, 0.0])),
            MATRIX,
            "Right up to row 0, and from row 1 on all are wrong: is the first step wrong already?",
            id="only the start",
        ),
        pytest.param(
            torch.cat([MATRIX[:1], 2 * MATRIX[1:2] - MATRIX[0], MATRIX[2:] + 9 * MATRIX[:2]]),
            MATRIX,
            "Right up to row 0, and from row 1 on all are wrong. "
            "In the step to row 1, every change is 2 times too large: a factor 2 too many?",
            id="the first step by a factor",
        ),
        pytest.param(
            torch.tensor([True, True, False]),
            torch.tensor([False, False, True]),
            "Every value is 1 minus ",
            id="not",
        ),
    ],
)
def test_places_are_described(returned: Tensor, wanted: Tensor, text: str) -> None:
    assert explain(returned, wanted, SIZES).startswith(text)


def test_nothing_is_said_where_nothing_is_seen() -> None:
    assert explain(floats([0.3, 8.1, -2.0, 5.5, 1.0]), SERIES) == ""


def test_values_that_nothing_can_be_computed_with_are_named() -> None:
    wanted = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)
    for values in ([1.7e308] * 3, [1.7e308, -1.7e308, 1.0], [1e200, 0.0, 0.0]):
        expected = f"Your values go up to {max(values):.4g}, and 4 is the largest wanted one: does something grow"
        assert explain(torch.tensor(values, dtype=torch.float64), wanted, {"N": 3}) == f"{expected} without bound?"


def test_nothing_is_said_where_the_wanted_values_are_as_large() -> None:
    huge = torch.tensor([1.7e308, -1.7e308, 1.0], dtype=torch.float64)
    assert explain(torch.ones(3, dtype=torch.float64), huge) == ""
    assert explain(-huge, huge) == ""


def test_a_symmetric_matrix_is_not_transposed() -> None:
    symmetric = SQUARE + SQUARE.T
    assert explain(symmetric.T, symmetric) == ""
    assert "ransposed" not in explain(symmetric + 1, symmetric)


def test_long_names_are_cut() -> None:
    text = explain(3 * MATRIX, MATRIX, {"n" * 400: 3})
    assert len(text) == MAX_LENGTH
    assert text.endswith("...")


# ---- first_difference ------------------------------------------------------------------------------------------------


def test_the_first_difference_is_found() -> None:
    assert first_difference(changed(MATRIX, slice(2, None), 0.0), MATRIX) == (2, 0)
    assert first_difference(floats(1.0), floats(2.0)) == ()
    assert first_difference(floats([NAN, 1.0, NAN]), floats([NAN, 1.0, 2.0])) == (2,)
    assert first_difference(floats([INF, -INF]), floats([INF, INF])) == (1,)
    assert first_difference(floats([1.0, 1.0]), floats([1.0, INF])) == (1,)


def test_no_difference_is_none() -> None:
    assert first_difference(MATRIX.clone(), MATRIX) is None
    assert first_difference(MATRIX.T, MATRIX) is None
    assert first_difference(SERIES[:0], SERIES[:0]) is None


def test_the_tolerance_is_of_the_scale() -> None:
    assert first_difference(floats([1e3, 0.09]), floats([1e3, 0.0])) is None
    assert first_difference(floats([1e3, 0.11]), floats([1e3, 0.0])) == (1,)
    assert first_difference(floats([1e-5]), floats([0.0])) is None
    assert first_difference(floats([1e-5]), floats([0.0]), tolerance=1e-6) == (0,)


# ---- What holds for any two tensors ----------------------------------------------------------------------------------

DTYPES = (
    *(torch.bool, torch.uint8, torch.int32, torch.int64),
    *(torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128),
)
SPECIAL = st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 3.0, 1e-30, 1e30, 1e308, -1e308, 5e-324, NAN, INF, -INF])
anything = settings(max_examples=150, deadline=None, database=None)


@st.composite
def tensors(draw: st.DrawFn, shape: tuple[int, ...] | None = None) -> Tensor:
    """Draw any tensor: 0 to 3 dimensions, empty or not, of any dtype."""
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=3))) if shape is None else shape
    numbers = SPECIAL if draw(st.booleans()) else st.integers(-3, 3).map(float)
    cells = draw(st.lists(numbers, min_size=math.prod(shape), max_size=math.prod(shape)))
    dtype = draw(st.sampled_from(DTYPES))
    values = floats(cells).reshape(shape)
    if not (dtype.is_floating_point or dtype.is_complex):
        values = values.nan_to_num(0.0, 1.0, -1.0).clamp(-100, 100)
    return (torch.complex(values, values.flip(0) if shape else values) if dtype.is_complex else values).to(dtype)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    """Draw two tensors, mostly of one shape."""
    wanted = draw(tensors())
    return draw(tensors(tuple(wanted.shape) if draw(st.booleans()) else None)), wanted


names = st.dictionaries(st.text(max_size=5) | st.just("N"), st.integers(-1, 9), max_size=4)


@anything
@given(pairs(), names)
def test_any_pair_gets_a_short_line(pair: tuple[Tensor, Tensor], sizes: dict[str, int]) -> None:
    text = explain(*pair, sizes)
    assert len(text) <= MAX_LENGTH
    assert text == " ".join(text.split())
    first_difference(*pair)


@anything
@given(tensors(), names)
def test_equal_tensors_get_none(wanted: Tensor, sizes: dict[str, int]) -> None:
    assert explain(wanted.clone(), wanted, sizes) == ""
    assert first_difference(wanted.clone(), wanted) is None


@st.composite
def distinct(draw: st.DrawFn, min_side: int = 1, ndim: int = 2) -> Tensor:
    """Draw different multiples of 1/8, float64, none of them 0 and no two of them opposite."""
    shape = draw(st.lists(st.integers(min_side, 4), min_size=ndim, max_size=ndim))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 10**6)))
    magnitudes = 1 + torch.randperm(80, generator=generator)[: math.prod(shape)]
    signs = 2 * torch.randint(2, magnitudes.shape, generator=generator) - 1
    return (signs * magnitudes).reshape(shape) / floats(8)


several = distinct().filter(lambda wanted: wanted.numel() > 1)


FACTORS = {
    2.0: "2 times too large",
    0.5: "2 times too small",
    7.0: "7 = N times too large",
    1 / 7: "7 = N times too small",
    7 / 6: "1.167 = N/(N - 1) times too large",
    -7.0: "7 = N times too large and of the wrong sign",
    3.3: "3.3 times the wanted one",
    -0.29: "-0.29 times the wanted one",
}


@anything
@given(several, st.sampled_from(list(FACTORS)), st.booleans())
def test_every_factor_is_recognised(wanted: Tensor, factor: float, in_float32: bool) -> None:
    returned = wanted * factor
    text = explain(returned.float() if in_float32 else returned, wanted, {"N": 7})
    assert text.startswith(f"Every value is {FACTORS[factor]}: ")


@anything
@given(several)
def test_every_wrong_sign_is_recognised(wanted: Tensor) -> None:
    assert explain(-wanted, wanted).startswith("Every value has the wrong sign")


@anything
@given(several, st.integers(50, 100), st.sampled_from([1, -1]))
def test_every_offset_is_recognised(wanted: Tensor, size: int, sign: int) -> None:
    text = f"Every value is {size} too {'large' if sign > 0 else 'small'}: "
    assert explain(wanted + sign * size, wanted, {"N": 7}).startswith(text)


@anything
@given(distinct(min_side=2))
def test_every_transposition_is_recognised(wanted: Tensor) -> None:
    assert explain(wanted.T, wanted).startswith("Transposed: the numbers are right")


@anything
@given(distinct(min_side=3, ndim=1) | distinct(min_side=3))
def test_every_reversal_is_recognised(wanted: Tensor) -> None:
    text = "The entries are in reverse order" if wanted.ndim == 1 else "The rows are in reverse order"
    assert explain(wanted.flip(0), wanted).startswith(text)


@anything
@given(distinct(min_side=4, ndim=1))
def test_every_shift_is_recognised(wanted: Tensor) -> None:
    assert "your entry 1 is the wanted entry 0" in explain(wanted.roll(1), wanted)
    assert "your entry 0 is the wanted entry 1" in explain(wanted.roll(-1), wanted)


@anything
@given(distinct(min_side=2), st.data())
def test_every_single_cell_is_recognised(wanted: Tensor, data: st.DataObject) -> None:
    cell = tuple(data.draw(st.integers(0, size - 1)) for size in wanted.shape)
    text = f"All cells are right but {list(cell)}: yours is 99, and "
    assert explain(changed(wanted, cell, 99.0), wanted).startswith(text)


CLAIMS: dict[str, Callable[[Tensor, Tensor], bool]] = {
    "Transposed": lambda returned, wanted: returned.equal(wanted.T) and not returned.equal(wanted),
    "The rows are in reverse": lambda returned, wanted: returned.equal(wanted.flip(0)),
    "The columns are in reverse": lambda returned, wanted: returned.equal(wanted.flip(1)),
    "both in reverse": lambda returned, wanted: returned.equal(wanted.flip(0, 1)),
    "Every value has the wrong sign": lambda returned, wanted: returned.equal(-wanted),
    "Every value is 0": lambda returned, wanted: not returned.any() and bool(wanted.any()),
    "Every value is 2 times too large": lambda returned, wanted: returned.abs().equal(2 * wanted.abs()),
    "the square of": lambda returned, wanted: returned.equal(wanted**2),
    "the absolute value": lambda returned, wanted: returned.equal(wanted.abs()),
    "The sign is wrong": lambda returned, wanted: returned.abs().equal(wanted.abs()),
    "are right but": lambda returned, wanted: int((returned != wanted).sum()) == 1,
    "The rows are the right": lambda returned, wanted: sorted(returned.tolist()) == sorted(wanted.tolist()),
    "The values are the right": lambda returned, wanted: returned.flatten().sort()[0].equal(wanted.flatten().sort()[0]),
    "All values are the same": lambda returned, wanted: (
        len({*returned.flatten().tolist()}) < len({*wanted.flatten().tolist()})
    ),
    "All rows are the same": lambda returned, wanted: returned.equal(returned[:1].expand_as(wanted)),
    "Only row": lambda returned, wanted: int((returned != wanted).any(1).sum()) == 1,
    "Only column": lambda returned, wanted: int((returned != wanted).any(0).sum()) == 1,
}
small = st.tuples(*[st.integers(-2, 2)] * 8).map(lambda cells: floats(cells).reshape(2, 2, 2))


@settings(anything, max_examples=500)
@given(small)
def test_no_claim_is_false(both: Tensor) -> None:
    text = explain(both[0], both[1])
    assert all(holds(both[0], both[1]) for claim, holds in CLAIMS.items() if claim in text)


@anything
@given(several)
def test_the_arguments_are_left_alone(wanted: Tensor) -> None:
    returned = (wanted + 1).requires_grad_()
    before = returned.detach().clone(), wanted.clone()
    assume(explain(returned, wanted))
    assert returned.detach().equal(before[0])
    assert wanted.equal(before[1])
