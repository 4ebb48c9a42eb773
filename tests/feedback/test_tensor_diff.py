"""The tensor explainer: a test for each form, and properties of any two tensors."""

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
            "Your result has shape (3, 4), expected (4, 3). Here the numbers are right, but transposed.",
            id="transposed",
        ),
        pytest.param(
            MATRIX.T + 1,
            MATRIX,
            "Your result has shape (3, 4), expected (4, 3).",
            id="transposed shape, other numbers",
        ),
        pytest.param(
            torch.arange(24.0).reshape(2, 3, 4).permute(1, 0, 2),
            torch.arange(24.0).reshape(2, 3, 4),
            "Your result has shape (3, 2, 4), expected (2, 3, 4). "
            "Here the numbers are right, but the dimensions are in another order.",
            id="dimensions in another order",
        ),
        pytest.param(
            MATRIX.flatten(),
            MATRIX,
            "Your result has shape (12,), expected (4, 3). Here the numbers and their order are right.",
            id="reshape",
        ),
        pytest.param(
            SERIES[:, None],
            SERIES,
            "Your result has shape (5, 1), expected (5,). Here the numbers are right. "
            "It broadcasts silently: (5, 1) minus (5,) has shape (5, 5).",
            id="a column for a vector",
        ),
        pytest.param(
            SERIES[None] + 1,
            SERIES,
            "Your result has shape (1, 5), expected (5,): 1 dimension of size 1 too many.",
            id="a row for a vector",
        ),
        pytest.param(
            SERIES,
            SERIES[:, None],
            "Your result has shape (5,), expected (5, 1): 1 dimension of size 1 too few. Here the numbers are right.",
            id="a vector for a column",
        ),
        pytest.param(
            SERIES[:1],
            SERIES[0],
            "Your result has shape (1,), expected (): 1 dimension of size 1 too many. Here the numbers are right.",
            id="a vector for a number",
        ),
        pytest.param(
            MATRIX.mean(),
            MATRIX,
            "Your result has shape (), expected (4, 3). "
            "Here it is the mean of the expected values over all dimensions.",
            id="mean over all dimensions",
        ),
        pytest.param(
            floats(3.5),
            MATRIX,
            "Your result has shape (), expected (4, 3).",
            id="another single number",
        ),
        pytest.param(
            MATRIX.sum(0),
            MATRIX,
            "Your result has shape (3,), expected (4, 3). Here it is the sum of the expected values over dimension 0.",
            id="a dimension missing",
        ),
        pytest.param(
            MATRIX,
            MATRIX.mean(1),
            "Your result has shape (4, 3), expected (4,). Here its mean over dimension 1 is right.",
            id="not averaged",
        ),
        pytest.param(
            SERIES[:, None] - SERIES,
            SERIES,
            "Your result has shape (5, 5), expected (5,). Note: (5, 1) and (5,) broadcast to (5, 5).",
            id="outer broadcast",
        ),
        pytest.param(
            SERIES + 9 * (1 - torch.eye(5, dtype=torch.float64)),
            SERIES,
            "Your result has shape (5, 5), expected (5,). Here its diagonal is right. "
            "Note: (5, 1) and (5,) broadcast to (5, 5).",
            id="outer broadcast, right diagonal",
        ),
        pytest.param(
            floats([9.0, *SERIES]),
            SERIES,
            "Here the first entry is extra; the others are right.",
            id="one too many",
        ),
        pytest.param(
            MATRIX[:-1],
            MATRIX,
            "Here the last row is missing; the others are right.",
            id="one too few",
        ),
        pytest.param(
            MATRIX[:, 1:],
            MATRIX,
            "Here the first column is missing; the others are right.",
            id="a column too few",
        ),
        pytest.param(
            SERIES[:3],
            SERIES,
            "Here the last 2 entries are missing; the others are right.",
            id="the tail dropped",
        ),
        pytest.param(
            SERIES[:4] + 1,
            SERIES,
            "Your result has shape (4,), expected (5,).",
            id="another length",
        ),
        pytest.param(
            floats([8.0] * 7),
            floats([4.0, 5.0, 6.0]),
            "Your result has shape (7,), expected (3,): (N) instead of (n_w).",
            id="the wrong dimension left",
        ),
        pytest.param(
            SERIES[:0],
            SERIES,
            "Your result has shape (0,), expected (5,).",
            id="empty",
        ),
        pytest.param(MATRIX, SERIES, "Your result has shape (4, 3), expected (5,).", id="another shape"),
        pytest.param(
            2 * torch.ones(7, 7),
            torch.ones(7, 3, 7),
            "Your result has shape (7, 7), expected (7, 3, 7): (N, N) instead of (N, n_w, N).",
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
            "Here every value is the expected one truncated to a whole number.",
            id="truncated to integers",
        ),
        pytest.param(
            SERIES.trunc(),
            SERIES,
            "Here every value is the expected one truncated to a whole number.",
            id="truncated floats",
        ),
        pytest.param(
            SERIES.round(),
            SERIES,
            "Here every value is the expected one rounded to a whole number.",
            id="rounded",
        ),
        pytest.param(
            (SERIES / 3).round(decimals=2),
            SERIES / 3,
            "Here every value is the expected one rounded to 2 decimals.",
            id="rounded to decimals",
        ),
        pytest.param(
            floats([0.063, -0.75]).float(),
            floats([0.0625, -0.75]),
            "Here every value is the expected one rounded to 3 decimals.",
            id="rounded the other way where it lies halfway",
        ),
        pytest.param(
            floats(1.717),
            floats(1.7175),
            "Here your value is the expected one rounded to 3 decimals.",
            id="one value rounded",
        ),
        pytest.param(
            floats([0.5, 0.063]),
            floats([0.5, 0.0638]),
            "Here only one value differs, at [1]: 0.063, expected 0.0638.",
            id="rounded down is something else",
        ),
        pytest.param(floats(0.3), floats(0.29), "", id="few digits prove nothing"),
        pytest.param(
            torch.zeros(5, dtype=torch.int64),
            SERIES / 8,
            "Here every value is 0.",
            id="truncated to nothing",
        ),
        pytest.param(
            torch.tensor([1, 2]),
            floats([1.0, 2.0]),
            "Your result has dtype int64, expected float64. Here the numbers are right.",
            id="only the dtype",
        ),
        pytest.param(
            SERIES > 1,
            SERIES,
            "Your result has dtype bool, expected float64.",
            id="a comparison",
        ),
        pytest.param(
            torch.tensor([7, 1, 3, 9, 0]),
            SERIES,
            "Your result has dtype int64, expected float64.",
            id="whole numbers",
        ),
        pytest.param(
            (SERIES / 3).float(),
            SERIES / 3,
            "Here the numbers are right to the precision of float32, expected float64.",
            id="float32",
        ),
        pytest.param(
            SERIES * (1 + 1e-7),
            SERIES,
            "Here no value differs by more than 1e-07 times the largest expected one.",
            id="float32 on the way",
        ),
        pytest.param(
            changed(SERIES, 3, 0.75 + 5e-5),
            SERIES,
            "Here no value differs by more than 1.25e-05 times the largest expected one.",
            id="a small difference",
        ),
        pytest.param(
            SERIES + 1j,
            SERIES,
            "Your result has dtype complex128, expected float64.",
            id="complex",
        ),
    ],
)
def test_another_dtype_is_described(returned: Tensor, wanted: Tensor, text: str) -> None:
    assert explain(returned, wanted, SIZES) == text


@pytest.mark.parametrize(
    ("returned", "wanted", "text"),
    [
        pytest.param(SERIES * NAN, SERIES, "Here every value is nan.", id="everything"),
        pytest.param(floats(NAN), floats(1.0), "Here your value is nan.", id="the only value"),
        pytest.param(changed(MATRIX, (1, 2), NAN), MATRIX, "Here 1 of 12 values is nan, at [1, 2].", id="first nan"),
        pytest.param(changed(MATRIX, 2, NAN), MATRIX, "Here all of row 2 is nan, and no other value.", id="a row"),
        pytest.param(
            changed(MATRIX, (slice(None), 1), NAN),
            MATRIX,
            "Here all of column 1 is nan, and no other value.",
            id="a column",
        ),
        pytest.param(
            changed(SERIES, slice(3, None), NAN),
            SERIES,
            "Here every value from entry 3 on is nan.",
            id="from a step on",
        ),
        pytest.param(1 / changed(SERIES, 1, 0.0), SERIES, "Here 1 of 5 values is inf, at [1].", id="inf"),
        pytest.param(
            changed(changed(MATRIX, (1, 2), NAN), (3, 0), INF),
            MATRIX,
            "Here 2 of 12 values are nan or inf, the first at [1, 2].",
            id="two places",
        ),
        pytest.param(
            floats([1.0, 2.0, INF, NAN]), POSITIVE, "Here every value from entry 2 on is nan or inf.", id="both"
        ),
    ],
)
def test_nan_and_inf_are_found(returned: Tensor, wanted: Tensor, text: str) -> None:
    assert explain(returned, wanted, SIZES) == text


def test_expected_nan_and_inf_are_no_mistake() -> None:
    wanted = floats([NAN, 1.0, INF, 3.0])
    assert explain(wanted.clone(), wanted) == ""
    assert explain(2 * wanted, wanted) == "Here every value is 2 times the expected one."


# ---- A factor, an offset, a function ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "text"),
    [
        (7, "7 times the expected one; 7 is N, the length of the first tensor"),
        (1 / 7, "the expected one divided by 7; 7 is N, the length of the first tensor"),
        (3, "3 times the expected one; 3 is n_w"),
        (7 / 6, "1.167 times the expected one; 1.167 is N/(N - 1) with N = 7, the length of the first tensor"),
        (6 / 7, "the expected one divided by 1.167; 1.167 is N/(N - 1) with N = 7, the length of the first tensor"),
        (14, "14 times the expected one; 14 is 2 * N with N = 7, the length of the first tensor"),
        (3.5, "3.5 times the expected one; 3.5 is N/2 with N = 7, the length of the first tensor"),
        (21, "21 times the expected one; 21 is N * n_w with N = 7, the length of the first tensor"),
        (7 / 3, "2.333 times the expected one; 2.333 is N/n_w with N = 7, the length of the first tensor"),
        (
            math.sqrt(7),
            "2.646 times the expected one; 2.646 is the square root of N with N = 7, the length of the first tensor",
        ),
        (-7, "-7 times the expected one; 7 is N, the length of the first tensor"),
        (-3.7, "-3.7 times the expected one"),
    ],
)
def test_a_factor_is_named_by_the_sizes(factor: float, text: str) -> None:
    assert explain(factor * MATRIX, MATRIX, SIZES) == f"Here every value is {text}."


@pytest.mark.parametrize(
    ("factor", "text"),
    [
        (2, "Here every value is 2 times the expected one."),
        (1 / 2, "Here every value is the expected one divided by 2."),
        (-1, "Here every value is the expected one with the opposite sign."),
        (math.pi, "Here every value is 3.142 times the expected one."),
    ],
)
def test_a_factor_needs_no_sizes(factor: float, text: str) -> None:
    assert explain(factor * MATRIX, MATRIX) == text


def test_all_names_of_a_factor_are_said() -> None:
    text = "Here every value is 3 times the expected one; 3 is n_w and n_b."
    assert explain(3 * MATRIX, MATRIX, {"n_w": 3, "n_b": 3}) == text


def test_n_comes_before_the_other_names_of_a_factor() -> None:
    for sizes in ({"N": 3, "n_x": 3, "n_y": 3}, {"N": 3}):
        text = "Here every value is 3 times the expected one; 3 is N, the length of the first tensor."
        assert explain(3 * MATRIX, MATRIX, sizes) == text
    text = "Here every value is 2 times the expected one; 2 is N, the length of the first tensor."
    assert explain(2 * MATRIX, MATRIX, {"N": 2}) == text


def test_one_value_alone_proves_only_a_likely_factor() -> None:
    text = "Here your value is 3 times the expected one; 3 is N, the length of the first tensor."
    assert explain(floats([[8.0]]), floats([[8 / 3]]), {"N": 3}) == text
    text = "Here every value that is not 0 is 3 times the expected one; 3 is N, the length of the first tensor."
    assert explain(floats([[8.0, 0.0]]), floats([[8 / 3, 0.0]]), {"N": 3}) == text
    assert explain(floats(3.7), floats(1.0)) == ""
    assert explain(floats([3.7, 0.0]), floats([1.0, 0.0])) == "Here only one value differs, at [0]: 3.7, expected 1."
    assert explain(floats(2.0), floats(4.0)) == "Here your value is the expected one divided by 2."


def test_a_factor_of_the_large_values_is_none_of_all() -> None:
    assert "times" not in explain(floats([2e3, 5.0, 7.0]), floats([1e3, 1.0, 2.0]))


def test_an_offset_is_found() -> None:
    assert explain(MATRIX + 1.5, MATRIX) == "Here every value is the expected one plus 1.5."
    assert explain(MATRIX - 1.5, MATRIX) == "Here every value is the expected one minus 1.5."


def test_a_series_may_be_moved_and_shifted() -> None:
    assert explain(torch.arange(1, 6), torch.arange(5)) == (
        "Here every value is the expected one plus 1. "
        "Also, the entries are shifted by one: your entry 0 is the expected entry 1, and so on."
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
    assert explain(FUNCTIONS[what](POSITIVE), POSITIVE) == f"Here every value is {what} the expected one."
    assert explain(FUNCTIONS[what](POSITIVE[1]), POSITIVE[1]) == f"Here your value is {what} the expected one."


def test_lost_signs_are_found() -> None:
    text = "Here every value is the absolute value of the expected one."
    assert explain(MATRIX.abs(), MATRIX) == text
    text = "Here every value is the expected one, with 0 for negative numbers."
    assert explain(MATRIX.relu(), MATRIX) == text
    signs = floats([1.0, 1.0, -1.0, 1.0, -1.0])
    text = "Here the sign differs in 2 of 5 values, the first at [2]; all magnitudes are right."
    assert explain(signs * SERIES, SERIES) == text


def test_running_sums_and_steps_are_found() -> None:
    text = "Here every value is the sum of the expected ones up to it."
    assert explain(MATRIX.cumsum(0), MATRIX) == text
    text = "Here every value is the expected one minus the one before."
    assert explain(SERIES, SERIES.cumsum(0)) == text


# ---- The right numbers at other places, or some of them right --------------------------------------------------------


@pytest.mark.parametrize(
    ("returned", "wanted", "text"),
    [
        pytest.param(
            SQUARE.T,
            SQUARE,
            "Here the numbers are right, but transposed.",
            id="transposed",
        ),
        pytest.param(
            MATRIX.T.reshape(4, 3),
            MATRIX,
            "Here the numbers are right, but read column by column instead of row by row.",
            id="reshaped instead of transposed",
        ),
        pytest.param(
            SERIES.flip(0),
            SERIES,
            "Here the entries are in reverse order.",
            id="entries reversed",
        ),
        pytest.param(
            MATRIX.flip(0),
            MATRIX,
            "Here the rows are in reverse order.",
            id="rows reversed",
        ),
        pytest.param(
            MATRIX.flip(1),
            MATRIX,
            "Here the columns are in reverse order.",
            id="columns reversed",
        ),
        pytest.param(
            MATRIX.flip(0, 1),
            MATRIX,
            "Here the rows and the columns are both in reverse order.",
            id="both reversed",
        ),
        pytest.param(
            MATRIX[:, [1, 0]],
            MATRIX[:, :2],
            "Here the columns are exchanged.",
            id="pairs swapped",
        ),
        pytest.param(
            MATRIX[:, [1, 0, 2]],
            MATRIX,
            "Here columns 0 and 1 are exchanged.",
            id="columns swapped",
        ),
        pytest.param(
            SERIES[[0, 3, 2, 1, 4]],
            SERIES,
            "Here entries 1 and 3 are exchanged.",
            id="entries swapped",
        ),
        pytest.param(
            SERIES.roll(1),
            SERIES,
            "Here the entries are shifted by one: your entry 1 is the expected entry 0, and so on.",
            id="too late",
        ),
        pytest.param(
            torch.cat([MATRIX[1:], MATRIX[:1] - 9]),
            MATRIX,
            "Here the rows are shifted by one: your row 0 is the expected row 1, and so on.",
            id="too early",
        ),
        pytest.param(
            MATRIX.roll(1, 1),
            MATRIX,
            "Here the columns are shifted by one: your column 1 is the expected column 0, and so on.",
            id="columns shifted",
        ),
        pytest.param(
            MATRIX[[2, 0, 3, 1]],
            MATRIX,
            "Here the rows are right, but in another order.",
            id="rows permuted",
        ),
        pytest.param(
            SERIES.sort().values,
            SERIES,
            "Here the entries are right, but sorted in ascending order.",
            id="sorted",
        ),
        pytest.param(
            MATRIX.flatten()[[3, 1, 4, 0, 5, 9, 2, 6, 8, 7, 11, 10]].reshape(4, 3),
            MATRIX,
            "Here the values are right, but in another order.",
            id="cells permuted",
        ),
        pytest.param(0 * MATRIX, MATRIX, "Here every value is 0.", id="zeros"),
        pytest.param(
            torch.full((5,), 2.5),
            SERIES,
            "Here all values are the same; the expected ones differ.",
            id="constant",
        ),
        pytest.param(
            torch.full((4, 3), MATRIX.mean().item()),
            MATRIX,
            "Here all values are the same: the mean of the expected ones.",
            id="the mean everywhere",
        ),
        pytest.param(
            MATRIX[-1:].expand(4, 3),
            MATRIX,
            "Here all rows are the same: the last expected one.",
            id="the last one everywhere",
        ),
        pytest.param(
            changed(MATRIX, (0, 2), 5.0),
            MATRIX,
            "Here only one value differs, at [0, 2]: 5, expected 4.",
            id="one cell",
        ),
        pytest.param(
            changed(SERIES, 4, 9.0),
            SERIES,
            "Here only one value differs, at [4]: 9, expected 3.5.",
            id="one",
        ),
        pytest.param(
            changed(SERIES, 4, 3.501),
            SERIES,
            "Here only one value differs, at [4]: 3.501, expected 3.5.",
            id="one, a little",
        ),
        pytest.param(
            changed(SERIES, 4, 12.341),
            changed(SERIES, 4, 12.344),
            "Here only one value differs, at [4]: 12.341, expected 12.344.",
            id="one, in the fifth digit",
        ),
        pytest.param(
            changed(MATRIX, 2, floats([9.0, 1.0, 0.0])),
            MATRIX,
            "Here only row 2 differs; the first difference is at [2, 0]: 9, expected 5.",
            id="one row",
        ),
        pytest.param(
            MATRIX * floats([1.0, 2.0, 1.0]),
            MATRIX,
            "Here only column 1 differs; in it, every value is 2 times the expected one.",
            id="one column by a factor",
        ),
        pytest.param(
            changed(MATRIX, slice(2, None), floats([9.0, 1.0, 0.0])),
            MATRIX,
            "Rows 0 to 1 are right; the first difference is at [2, 0]: 9, expected 5.",
            id="drifts",
        ),
        pytest.param(
            changed(MATRIX, slice(1, None), floats([9.0, 1.0, 0.0])),
            MATRIX,
            "Row 0 is right; the first difference is at [1, 0]: 9, expected 0.75.",
            id="only the start",
        ),
        pytest.param(
            torch.cat([MATRIX[:1], 2 * MATRIX[1:2] - MATRIX[0], MATRIX[2:] + 9 * MATRIX[:2]]),
            MATRIX,
            "Row 0 is right; in the step to row 1, every change is 2 times the expected one.",
            id="the first step by a factor",
        ),
        pytest.param(
            torch.tensor([True, True, False]),
            torch.tensor([False, False, True]),
            "Here every value is 1 minus the expected one.",
            id="not",
        ),
        pytest.param(
            torch.stack([MATRIX, MATRIX + 1, MATRIX - 1], dim=2)[..., [1, 0, 2]],
            torch.stack([MATRIX, MATRIX + 1, MATRIX - 1], dim=2),
            "Here slices 0 and 1 along dim 2 are exchanged.",
            id="slices swapped",
        ),
    ],
)
def test_places_are_described(returned: Tensor, wanted: Tensor, text: str) -> None:
    assert explain(returned, wanted, SIZES) == text


def test_nothing_is_said_where_nothing_is_seen() -> None:
    assert explain(floats([0.3, 8.1, -2.0, 5.5, 1.0]), SERIES) == ""


def test_values_that_nothing_can_be_computed_with_are_named() -> None:
    wanted = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)
    for values in ([1.7e308] * 3, [1.7e308, -1.7e308, 1.0], [1e200, 0.0, 0.0]):
        text = f"Here your values reach {max(values):.4g} in magnitude; the largest expected one is 4."
        assert explain(torch.tensor(values, dtype=torch.float64), wanted, {"N": 3}) == text


def test_nothing_is_said_where_the_expected_values_are_as_large() -> None:
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
    """Draw different multiples of 1/8 as float64, without 0 and without opposite pairs."""
    shape = draw(st.lists(st.integers(min_side, 4), min_size=ndim, max_size=ndim))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 10**6)))
    magnitudes = 1 + torch.randperm(80, generator=generator)[: math.prod(shape)]
    signs = 2 * torch.randint(2, magnitudes.shape, generator=generator) - 1
    return (signs * magnitudes).reshape(shape) / floats(8)


several = distinct().filter(lambda wanted: wanted.numel() > 1)


N_IS_7 = "N, the length of the first tensor"
FACTORS = {
    2.0: "2 times the expected one.",
    0.5: "the expected one divided by 2.",
    7.0: f"7 times the expected one; 7 is {N_IS_7}.",
    1 / 7: f"the expected one divided by 7; 7 is {N_IS_7}.",
    7 / 6: "1.167 times the expected one; 1.167 is N/(N - 1) with N = 7, the length of the first tensor.",
    -7.0: f"-7 times the expected one; 7 is {N_IS_7}.",
    3.3: "3.3 times the expected one.",
    -0.29: "-0.29 times the expected one.",
}


@anything
@given(several, st.sampled_from(list(FACTORS)), st.booleans())
def test_every_factor_is_recognised(wanted: Tensor, factor: float, in_float32: bool) -> None:
    returned = wanted * factor
    text = explain(returned.float() if in_float32 else returned, wanted, {"N": 7})
    assert text.startswith(f"Here every value is {FACTORS[factor]}")


@anything
@given(several)
def test_every_wrong_sign_is_recognised(wanted: Tensor) -> None:
    assert explain(-wanted, wanted).startswith("Here every value is the expected one with the opposite sign.")


@anything
@given(several, st.integers(50, 100), st.sampled_from([1, -1]))
def test_every_offset_is_recognised(wanted: Tensor, size: int, sign: int) -> None:
    text = f"Here every value is the expected one {'plus' if sign > 0 else 'minus'} {size}."
    assert explain(wanted + sign * size, wanted, {"N": 7}).startswith(text)


@anything
@given(distinct(min_side=2))
def test_every_transposition_is_recognised(wanted: Tensor) -> None:
    assert explain(wanted.T, wanted).endswith("Here the numbers are right, but transposed.")


@anything
@given(distinct(min_side=3, ndim=1) | distinct(min_side=3))
def test_every_reversal_is_recognised(wanted: Tensor) -> None:
    text = "Here the entries are in reverse order" if wanted.ndim == 1 else "Here the rows are in reverse order"
    assert explain(wanted.flip(0), wanted).startswith(text)


@anything
@given(distinct(min_side=4, ndim=1))
def test_every_shift_is_recognised(wanted: Tensor) -> None:
    assert "your entry 1 is the expected entry 0" in explain(wanted.roll(1), wanted)
    assert "your entry 0 is the expected entry 1" in explain(wanted.roll(-1), wanted)


@anything
@given(distinct(min_side=2), st.data())
def test_every_single_cell_is_recognised(wanted: Tensor, data: st.DataObject) -> None:
    cell = tuple(data.draw(st.integers(0, size - 1)) for size in wanted.shape)
    text = f"Here only one value differs, at {list(cell)}: 99, expected "
    assert explain(changed(wanted, cell, 99.0), wanted).startswith(text)


CLAIMS: dict[str, Callable[[Tensor, Tensor], bool]] = {
    "transposed": lambda returned, wanted: returned.equal(wanted.T) and not returned.equal(wanted),
    "the rows are in reverse": lambda returned, wanted: returned.equal(wanted.flip(0)),
    "the columns are in reverse": lambda returned, wanted: returned.equal(wanted.flip(1)),
    "both in reverse": lambda returned, wanted: returned.equal(wanted.flip(0, 1)),
    "Here every value is the expected one with the opposite sign": lambda returned, wanted: returned.equal(-wanted),
    "Here every value is 0": lambda returned, wanted: not returned.any() and bool(wanted.any()),
    "Here every value is 2 times": lambda returned, wanted: returned.equal(2 * wanted),
    "the square of": lambda returned, wanted: returned.equal(wanted**2),
    "the absolute value": lambda returned, wanted: returned.equal(wanted.abs()),
    "the sign differs": lambda returned, wanted: returned.abs().equal(wanted.abs()),
    "only one value differs": lambda returned, wanted: int((returned != wanted).sum()) == 1,
    "the rows are right, but": lambda returned, wanted: sorted(returned.tolist()) == sorted(wanted.tolist()),
    "the values are right, but": lambda returned, wanted: (
        returned.flatten().sort()[0].equal(wanted.flatten().sort()[0])
    ),
    "all values are the same": lambda returned, wanted: (
        len({*returned.flatten().tolist()}) < len({*wanted.flatten().tolist()})
    ),
    "all rows are the same": lambda returned, wanted: returned.equal(returned[:1].expand_as(wanted)),
    "only row": lambda returned, wanted: int((returned != wanted).any(1).sum()) == 1,
    "only column": lambda returned, wanted: int((returned != wanted).any(0).sum()) == 1,
}
small = st.tuples(*[st.integers(-2, 2)] * 8).map(lambda cells: floats(cells).reshape(2, 2, 2))


@settings(anything, max_examples=500)
@given(small)
def test_no_claim_is_false(both: Tensor) -> None:
    text = explain(both[0], both[1])
    assert all(holds(both[0], both[1]) for claim, holds in CLAIMS.items() if claim in text)
    assert "?" not in text


@anything
@given(several)
def test_the_arguments_are_left_alone(wanted: Tensor) -> None:
    returned = (wanted + 1).requires_grad_()
    before = returned.detach().clone(), wanted.clone()
    assume(explain(returned, wanted))
    assert returned.detach().equal(before[0])
    assert wanted.equal(before[1])
