"""What checks are written with: a comparison neither too strict nor too kind, and the examples it is tried on."""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from torch import Tensor

from grader import authoring
from grader.authoring import (
    LOSS32,
    PARAM32,
    TIGHT,
    CheckFailed,
    Numbers,
    Quiz,
    StillToDo,
    as_tensor,
    assert_at_most,
    assert_close,
    data_sets,
    examples,
    largest,
    matrices,
    networks,
    numbers,
    points,
    row,
    vectors,
)

ROOT = Path(__file__).parent.parent
some = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAN, INF = math.nan, math.inf
finite = st.floats(-1e6, 1e6)


def is_close(returned: Any, wanted: Any, **how: Any) -> bool:
    """Whether the two pass."""
    try:
        assert_close(returned, wanted, **how)
    except CheckFailed:
        return False
    return True


# ---- assert_close ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        0,
        -0.0,
        INF,
        [],
        [1.0, -INF],
        (1, 2.5),
        [[1.0, 2.0], [3.0, 4.0]],
        torch.zeros(0),
        torch.zeros(2, 0),
        torch.tensor(3),
        torch.tensor([True, False]),
        torch.tensor([1.0, 2.0], requires_grad=True),
        torch.ones(2, dtype=torch.bfloat16),
    ],
    ids=repr,
)
def test_a_value_is_close_to_itself(value: Any) -> None:
    assert is_close(value, value)
    assert is_close(value, value, tolerance=0.0)
    assert is_close(value, value, scale=0.0)


@some
@given(value=finite, error=st.floats(0, 1e-3), scale=st.floats(1e-3, 1e3))
def test_an_error_counts_from_the_tolerance_times_the_scale_on(value: float, error: float, scale: float) -> None:
    allowed = 1e-6 * scale
    difference = abs((value + error) - value)
    if abs(difference - allowed) > 1e-12 * scale:
        assert is_close(value + error, value, tolerance=1e-6, scale=scale) == (difference < allowed)
        assert is_close(value, value + error, tolerance=1e-6, scale=scale) == (difference < allowed)


def test_without_a_scale_the_tolerance_is_absolute() -> None:
    assert is_close(1e6 + 0.9e-5, 1e6)
    assert not is_close(1e6 + 2e-5, 1e6)
    assert is_close(0.9e-5, 0.0)
    assert not is_close(1.1e-5, 0.0)


def test_the_tolerance_0_is_for_counts() -> None:
    assert is_close(3, 3, tolerance=0)
    assert is_close(3.0, torch.tensor(3), tolerance=0)
    assert not is_close(3 + 2**-50, 3, tolerance=0)


def test_a_float32_answer_is_compared_in_float64() -> None:
    """Rounding the expected value to float32 as well would hide half of an error, or double it."""
    halfway = 1 + 2**-24
    assert not is_close(torch.tensor(1.0), halfway, tolerance=0)
    assert is_close(torch.tensor(1.0), halfway, tolerance=2**-24)


def test_the_tolerances_are_ordered_and_float32_passes_unless_precision_is_the_subject() -> None:
    assert TIGHT < LOSS32 < PARAM32
    third = torch.tensor(1 / 3, dtype=torch.float32)
    assert not is_close(third, 1 / 3, tolerance=TIGHT)
    assert is_close(third, 1 / 3)
    assert is_close(torch.tensor(3.1, dtype=torch.float16), 3.1, tolerance=1e-3)


def test_the_scale_may_be_a_tensor_that_broadcasts() -> None:
    returned, wanted = torch.tensor([[1.0, 100.0], [1.0, 100.0]]), torch.tensor([[1.0, 101.0], [1.0, 101.0]])
    assert is_close(returned, wanted, tolerance=0.01, scale=torch.tensor([1.0, 100.0]))
    assert not is_close(returned, wanted, tolerance=0.01, scale=torch.tensor([[1.0], [100.0]]))
    assert is_close(returned, wanted, tolerance=0.01, scale=[1, 100.0])


@some
@given(
    pairs=st.lists(st.tuples(st.floats(), st.floats()) | st.floats().map(lambda x: (x, x)), max_size=4),
    tolerance=st.sampled_from([0.0, TIGHT, PARAM32, 1.0, 1e300]),
    scale=st.floats(),
)
def test_a_number_is_the_scale_that_it_is_as_a_tensor(
    pairs: list[tuple[float, float]], tolerance: float, scale: float
) -> None:
    returned, wanted = [x for x, _ in pairs], [y for _, y in pairs]
    each = [is_close(x, y, tolerance=tolerance, scale=scale) for x, y in pairs]

    assert is_close(returned, wanted, tolerance=tolerance, scale=scale) == all(each)
    as_one = torch.tensor(scale, dtype=torch.float64)
    assert is_close(returned, wanted, tolerance=tolerance, scale=as_one) == all(each)


@pytest.mark.parametrize(
    ("returned", "wanted"),
    [(NAN, 1.0), (1.0, NAN), (NAN, NAN), ([1.0, NAN], [1.0, NAN]), (INF, NAN)],
    ids=repr,
)
def test_nan_is_close_to_nothing(returned: Any, wanted: Any) -> None:
    assert not is_close(returned, wanted)
    assert not is_close(returned, wanted, tolerance=1e9, scale=1e9)
    assert not is_close(torch.tensor(returned), torch.tensor(wanted))


@pytest.mark.parametrize(
    ("returned", "wanted"), [(INF, -INF), (INF, 1.0), (1.0, INF), (-INF, 0.0), ([1.0, INF], [1.0, 2.0])], ids=repr
)
def test_an_infinity_is_close_to_itself_only(returned: Any, wanted: Any) -> None:
    assert is_close(wanted, wanted)
    assert not is_close(returned, wanted)
    assert not is_close(returned, wanted, tolerance=1e300, scale=1.0)


@pytest.mark.parametrize("scale", [NAN, INF, -1.0], ids=repr)
def test_a_scale_that_is_none_lets_no_difference_pass(scale: float) -> None:
    """A scale is computed from the inputs, and may overflow: then everything would be right."""
    assert not is_close(1.0, 2.0, scale=scale)
    assert not is_close(INF, -INF, scale=scale)
    assert not is_close(NAN, 2.0, scale=scale)
    assert is_close(2.0, 2.0, scale=scale)


@pytest.mark.parametrize(
    ("returned", "wanted", "message"),
    [
        (torch.zeros(2), torch.zeros(3), "the shape is (2,), expected (3,)"),
        (torch.zeros(2, 1), torch.zeros(2), "the shape is (2, 1), expected (2,)"),
        (torch.zeros(1), 0.0, "the shape is (1,), expected ()"),
        (0.0, [0.0], "the shape is (), expected (1,)"),
        ([], [0.0], "the shape is (0,), expected (1,)"),
        ([[0.0, 0.0]], [[0.0], [0.0]], "the shape is (1, 2), expected (2, 1)"),
    ],
    ids=str,
)
def test_another_shape_fails_and_never_broadcasts(returned: Any, wanted: Any, message: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        assert_close(returned, wanted)
    assert caught.value.message == str(caught.value) == message
    with pytest.raises(CheckFailed, match=r"^It says\.$"):
        assert_close(returned, wanted, says="It says.")


def test_one_wrong_entry_is_enough() -> None:
    right = torch.zeros(10, 10)
    wrong = right.clone()
    wrong[9, 9] = 1e-3
    assert not is_close(wrong, right)


def test_a_failure_carries_what_was_compared() -> None:
    returned, wanted = torch.tensor([1.0]), [2.0]
    with pytest.raises(CheckFailed) as caught:
        assert_close(returned, wanted, says="They differ.")
    assert caught.value.returned is returned
    assert caught.value.wanted is wanted
    assert caught.value.message == "They differ."
    assert isinstance(caught.value, AssertionError)
    with pytest.raises(CheckFailed) as caught:
        assert_close(returned, wanted)
    assert caught.value.message == ""


@pytest.mark.parametrize("number", [10**400, -(10**400), 2**1024], ids=["10**400", "-10**400", "2**1024"])
def test_an_int_beyond_all_floats_is_wrong_and_no_fault(number: int) -> None:
    """A student can return one where an int is asked: what their code does must not break the check."""
    assert not is_close(number, 5)
    with pytest.raises(CheckFailed):
        assert_at_most(abs(number), 5, says="Too large.")


def test_a_complex_value_is_not_compared_by_its_real_part_alone() -> None:
    try:
        assert not is_close(torch.tensor([1 + 2j]), torch.tensor([1 + 3j]))
    except TypeError:
        return  # Refusing to compare them is right too.


@some
@given(values=st.lists(finite, max_size=8))
def test_kind_and_dtype_are_not_compared(values: list[float]) -> None:
    tensor = torch.tensor(values, dtype=torch.float64)
    forms: list[Any] = [
        values,
        tuple(values),
        tensor,
        tensor.clone().requires_grad_(),
        [torch.tensor(v, dtype=torch.float64) for v in values],
    ]
    for returned in forms:
        for wanted in forms:
            assert_close(returned, wanted)


# ---- assert_at_most --------------------------------------------------------------------------------------------------


@some
@given(smaller=st.floats(allow_nan=False), larger=st.floats(allow_nan=False))
def test_at_most_is_the_order_of_numbers(smaller: float, larger: float) -> None:
    if smaller <= larger:
        assert_at_most(smaller, larger, says="Too large.")
    else:
        with pytest.raises(CheckFailed, match=r"^Too large\.$"):
            assert_at_most(smaller, larger, says="Too large.")


def test_slack_is_added_to_the_larger() -> None:
    assert_at_most([1.0, 2.0], [0.75, 2.0], slack=0.25, says="Too large.")
    assert_at_most([1.0, 2.0], [0.75, 2.0], slack=torch.tensor([0.25, 0.0]), says="Too large.")
    with pytest.raises(CheckFailed):
        assert_at_most([1.0, 2.25], [0.75, 2.0], slack=torch.tensor([0.25, 0.0]), says="Too large.")


@pytest.mark.parametrize(
    ("smaller", "larger"), [(NAN, 1.0), (1.0, NAN), (NAN, NAN), ([0.0, NAN], [1.0, 1.0]), (INF, 1.0)]
)
def test_nan_is_at_most_nothing(smaller: Any, larger: Any) -> None:
    with pytest.raises(CheckFailed) as caught:
        assert_at_most(smaller, larger, says="Too large.")
    assert (caught.value.returned, caught.value.wanted) == (smaller, larger)


def test_an_infinity_is_at_most_itself() -> None:
    assert_at_most(INF, INF, says="Too large.")
    assert_at_most(-INF, -INF, says="Too large.")
    assert_at_most([], [], says="Too large.")


def test_one_bound_may_hold_for_all_entries() -> None:
    assert_at_most([1.0, 2.0], 2.0, says="Too large.")
    with pytest.raises(CheckFailed):
        assert_at_most([1.0, 2.5], 2.0, says="Too large.")


# ---- as_tensor and points --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (1, 1.0),
        (True, 1.0),
        (0.5, 0.5),
        ([], []),
        ([1, 2.5], [1.0, 2.5]),
        (((1, 2), [3, 4]), [[1.0, 2.0], [3.0, 4.0]]),
        ([torch.tensor(1), 2.0], [1.0, 2.0]),
        ([torch.tensor([1, 2]), [3.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]]),
        (torch.tensor([1, 2], dtype=torch.int8), [1.0, 2.0]),
        (torch.tensor([True]), [1.0]),
        (range(3), [0.0, 1.0, 2.0]),
    ],
    ids=repr,
)
def test_numbers_in_any_container_become_a_float64_tensor(values: Numbers, wanted: Any) -> None:
    tensor = as_tensor(values)
    assert type(tensor) is Tensor
    assert (tensor.dtype, tensor.tolist()) == (torch.float64, wanted)


@given(
    st.integers(0, 4).flatmap(
        lambda size: st.lists(
            st.lists(st.floats() | st.integers(-9, 9), min_size=size, max_size=size).map(tuple), max_size=5
        )
    )
)
def test_a_path_is_the_same_tensor_however_it_is_read(rows: list[tuple[float, ...]]) -> None:
    one_by_one = torch.zeros(0, dtype=torch.float64)
    if rows:
        one_by_one = torch.stack([torch.tensor(row, dtype=torch.float64) for row in rows])

    assert as_tensor(rows).shape == one_by_one.shape
    assert torch.equal(as_tensor(rows).nan_to_num(nan=7.0), one_by_one.nan_to_num(nan=7.0))


@pytest.mark.parametrize("ragged", [[(1.0, 2.0), (1.0,)], [(1.0,), 2.0], [[1.0], []]], ids=repr)
def test_rows_of_different_lengths_are_refused(ragged: Numbers) -> None:
    with pytest.raises(RuntimeError, match="equal size"):
        as_tensor(ragged)


def test_a_tensor_is_detached_and_the_original_is_left_alone() -> None:
    original = torch.ones(2, requires_grad=True)
    assert not as_tensor(original).requires_grad
    assert not as_tensor([original, original]).requires_grad
    assert original.requires_grad


def test_float64_keeps_every_bit() -> None:
    assert as_tensor(0.1).item() == 0.1
    assert as_tensor([1 / 3])[0].item() == 1 / 3
    assert as_tensor(2**53 - 1).item() == 2**53 - 1


def test_points_give_a_check_its_weight_and_leave_it_as_it_is() -> None:
    def check() -> str:
        """It holds."""
        return "run"

    weighed = points(3)(check)
    assert weighed is check
    assert getattr(weighed, "points") == 3  # noqa: B009  mypy knows no attributes of functions
    assert weighed() == "run"


# ---- Strategies ------------------------------------------------------------------------------------------------------


@some
@given(data=st.data(), low=st.integers(-9, 9), width=st.integers(0, 9))
def test_numbers_are_multiples_of_an_eighth_in_their_range(data: st.DataObject, low: int, width: int) -> None:
    number = data.draw(numbers(low, low + width))
    assert type(number) is float
    assert low <= number <= low + width
    assert number * 8 == int(number * 8)


@some
@given(data=st.data(), smallest=st.integers(0, 5), more=st.integers(0, 5), unique=st.booleans())
def test_vectors_are_float32_of_the_promised_size(data: st.DataObject, smallest: int, more: int, unique: bool) -> None:
    vector = data.draw(vectors(smallest, smallest + more, low=-2, high=3, unique=unique))
    assert (vector.dtype, vector.ndim) == (torch.float32, 1)
    assert smallest <= len(vector) <= smallest + more
    assert all(-2 <= entry <= 3 and entry * 8 == int(entry * 8) for entry in vector.tolist())
    if unique:
        assert len(set(vector.tolist())) == len(vector)


@some
@given(data=st.data(), smallest=st.integers(1, 5), more=st.integers(0, 5))
def test_data_sets_are_two_vectors_of_one_size(data: st.DataObject, smallest: int, more: int) -> None:
    x, y = data.draw(data_sets(smallest, smallest + more))
    assert x.shape == y.shape
    assert smallest <= len(x) <= smallest + more
    assert x.dtype == y.dtype == torch.float32
    assert not x.requires_grad


@some
@given(data=st.data(), rows=st.integers(1, 4), smallest=st.integers(1, 3), more=st.integers(0, 3))
def test_matrices_are_float32_of_the_promised_shape(data: st.DataObject, rows: int, smallest: int, more: int) -> None:
    drawn = data.draw(matrices(rows, (smallest, smallest + more), low=-1, high=2))
    assert drawn.dtype == torch.float32
    assert drawn.shape[0] == rows
    assert smallest <= drawn.shape[1] <= smallest + more
    assert set((8 * drawn).flatten().tolist()) <= set(range(-8, 17))


@some
@given(data=st.data(), h=st.integers(1, 4))
def test_networks_are_parameters_whose_shapes_fit(data: st.DataObject, h: int) -> None:
    drawn = data.draw(networks((2, 3), h, 1))
    d = len(drawn["W1"])
    assert 2 <= d <= 3
    assert {key: tuple(part.shape) for key, part in drawn.items()} == {
        "W1": (d, h),
        "b1": (h,),
        "W2": (h, 1),
        "b2": (1,),
    }


@some
@given(data=st.data())
def test_a_relu_network_of_drawn_numbers_is_exact_in_float32(data: st.DataObject) -> None:
    network = data.draw(networks(4, 4))
    inputs = data.draw(matrices(4, 4))
    single, double = (
        (inputs.to(dtype) @ network["W1"].to(dtype) + network["b1"]).relu() @ network["W2"].to(dtype) + network["b2"]
        for dtype in (torch.float32, torch.float64)
    )
    assert torch.equal(single.double(), double)


def test_a_lesson_about_precision_draws_float64() -> None:
    quiet = settings(max_examples=1, database=None)
    assert find(vectors(dtype=torch.float64), lambda _: True, settings=quiet).dtype is torch.float64
    x, y = find(data_sets(dtype=torch.float64), lambda _: True, settings=quiet)
    assert x.dtype == y.dtype == torch.float64
    assert row(0.1, dtype=torch.float64).tolist() == [0.1]


@pytest.mark.parametrize(
    ("strategy", "holds"),
    [
        (numbers(), lambda drawn: drawn == -5),
        (numbers(), lambda drawn: drawn == 5),
        (numbers(), lambda drawn: drawn != int(drawn)),
        (vectors(), lambda drawn: len(drawn) == 1),
        (vectors(), lambda drawn: len(drawn) == 12),
        (vectors(), lambda drawn: len(drawn) > 1 and len(set(drawn.tolist())) == 1),
        (data_sets(), lambda drawn: len(drawn[0]) == 12),
    ],
    ids=["lowest", "highest", "a fraction", "one entry", "twelve entries", "equal entries", "twelve points"],
)
def test_the_whole_range_is_drawn(strategy: st.SearchStrategy[Any], holds: Callable[[Any], bool]) -> None:
    assert holds(find(strategy, holds, settings=settings(max_examples=5000, database=None)))


def test_a_failing_example_shrinks_to_something_readable() -> None:
    quiet = settings(max_examples=500, database=None)
    assert find(vectors(), lambda drawn: float(drawn.sum()) > 2, settings=quiet).tolist() == [2.125]
    x, y = find(data_sets(), lambda drawn: len(drawn[0]) > 1, settings=quiet)
    assert (x.tolist(), y.tolist()) == ([0.0, 0.0], [0.0, 0.0])


def test_everything_that_checks_import_is_documented() -> None:
    for name in authoring.__all__:
        assert name.isupper() or getattr(authoring, name).__doc__


def test_a_row_is_a_tensor_of_its_numbers() -> None:
    assert row(1.0, -2.5).equal(torch.tensor([1.0, -2.5]))
    assert row().shape == (0,)


@pytest.mark.parametrize(
    ("values", "size"),
    [(row(1.0, -3.0, 2.0), 3.0), (torch.tensor([[1, -4]]), 4.0), (-2.0, 2.0), ([1.0, 2.0], 2.0), ([], 0.0)],
    ids=repr,
)
def test_the_largest_is_that_of_either_sign(values: Numbers, size: float) -> None:
    assert largest(values) == size


PARAMETERS = {"weight": torch.ones(2, 3), "bias": torch.zeros(3)}


def message_of(returned: Any, wanted: Any, **how: Any) -> str:
    """Return what a comparison says that does not hold."""
    with pytest.raises(CheckFailed) as caught:
        assert_close(returned, wanted, **how)
    return caught.value.message


def test_dicts_lists_and_tuples_of_tensors_are_compared_part_by_part() -> None:
    nested = {"layers": [PARAMETERS, {"bias": torch.ones(1)}], "losses": [1.0, 2.0], "epochs": 3}

    assert_close(PARAMETERS, {name: value.tolist() for name, value in reversed(PARAMETERS.items())})
    assert_close(nested, nested)
    assert_close((torch.ones(2), torch.ones(3)), [torch.ones(2), torch.ones(3)])
    assert_close(torch.ones(2, 3), [torch.ones(3), torch.ones(3)])
    assert_close({}, {})


@pytest.mark.parametrize(
    ("returned", "wanted", "how", "says"),
    [
        ({**PARAMETERS, "bias": torch.ones(3)}, PARAMETERS, {}, "The part ['bias'] differs."),
        (
            {**PARAMETERS, "bias": torch.ones(3)},
            PARAMETERS,
            {"says": "A step too far."},
            "A step too far. The part ['bias'] differs.",
        ),
        ([torch.ones(2), {"b": [0.0, 1.0]}], [torch.ones(2), {"b": [0.0, 2.0]}], {}, "The part [1]['b'] differs."),
        ({"weight": torch.ones(2, 3)}, PARAMETERS, {}, "has the keys ['weight'], expected ['weight', 'bias']."),
        ({"a": 1.0}, {"a": PARAMETERS}, {}, "The part ['a'] has the type float, expected ['weight', 'bias']."),
        ([torch.ones(2)], [torch.ones(2), torch.ones(3)], {}, "The result has the keys [0], expected [0, 1]."),
        ({"a": 2.0, "b": 2.0}, {"a": 1.0, "b": 1.0}, {"scale": {"a": 10**9, "b": 1}}, "The part ['b'] differs."),
        ({"a": float("nan")}, {"a": 1.0}, {}, "The part ['a'] differs."),
    ],
)
def test_a_part_that_differs_is_named(returned: Any, wanted: Any, how: dict[str, Any], says: str) -> None:
    assert message_of(returned, wanted, **how).endswith(says)


@pytest.mark.parametrize("value", ["abc", b"abc", {"a": "abc"}, [["abc"]], None, object()])
def test_what_cannot_be_compared_is_said(value: Any) -> None:
    with pytest.raises(TypeError, match="expected a tensor, a number or a list of numbers, not "):
        assert_close(value, value)


def test_an_error_is_required_of_the_function_itself() -> None:
    with pytest.raises(TypeError, match="takes the student's function itself, not its result; this is 3"):
        authoring.assert_raises(ValueError, 3, 4)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="takes an exception class first, such as ValueError, not <built-in function"):
        authoring.assert_raises(len, ValueError)  # type: ignore[arg-type]


# ---- A quiz ----------------------------------------------------------------------------------------------------------

QUIZ_FILE = str(ROOT / "lessons" / "m1_6_recap" / "quiz.py")


class Answering:
    """A student's quiz that returns one value."""

    def __init__(self, value: object) -> None:
        self.value = value

    def plain(self) -> object:
        return self.value


def test_a_quiz_pays_the_right_letter_explains_a_wrong_one_and_waits_for_a_missing_one() -> None:
    quiz = Quiz(QUIZ_FILE, questions=6)
    answers: Any = Answering({"q1": " B)", "Q2": "a", "q3": ""})

    quiz.check_form(answers)
    quiz.check_question(answers, 1)
    with pytest.raises(CheckFailed, match="Question 2: you chose a") as wrong:
        quiz.check_question(answers, 2)
    assert wrong.value.mistake == "q2_a"
    for number in (3, 6):
        with pytest.raises(StillToDo, match=f"question {number}"):
            quiz.check_question(answers, number)
    with pytest.raises(CheckFailed, match=r"1 of your 2 answers is wrong\. Still to do: questions 3, 4, 5, 6\."):
        quiz.check_all(answers)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "Is there a `return`"),
        (["a"], "something other than a dict"),
        ({"q7": "a"}, "the keys are 'q1' to 'q6'"),
        ({"q1": "e"}, "is 'e', but the options"),
        ({"q1": 1}, "is not a string"),
        ({"q1": "\N{CYRILLIC SMALL LETTER A}"}, "CYRILLIC SMALL LETTER A"),
    ],
)
def test_what_is_not_an_answer_is_said_and_earns_nothing(value: object, says: str) -> None:
    quiz, answers = Quiz(QUIZ_FILE, questions=6), cast("Any", Answering(value))

    with pytest.raises(CheckFailed, match=re.escape(says)):
        quiz.check_form(answers)
    for number in range(1, 7):
        with pytest.raises(StillToDo):
            quiz.check_question(answers, number)


def test_a_quiz_has_one_right_option_for_each_question() -> None:
    with pytest.raises(ValueError, match=r"wrong options .* of q7; expected three"):
        Quiz(QUIZ_FILE, questions=7)


@pytest.mark.parametrize("number", [0, 26])
def test_a_check_draws_at_least_one_example_and_at_most_the_usual_number(number: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 25"):
        examples(number)
