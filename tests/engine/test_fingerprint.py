"""Functions that answer alike have one name for how they behave, and others have another."""

import math
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.engine.fingerprint import _OFFSET, MAX_WORDS, STEP, name_of
from grader.engine.reference import Returned
from grader.engine.student import Call
from grader.feedback.call_failure import Ending
from grader.verdict import Status

EIGHTHS = st.integers(-4000, 4000).map(lambda number: number / 8)


def call(returned: Any, wanted: Any = None, ending: Ending | None = None) -> Call:
    return Call("compute", None, (), {}, b"", returned, ending, Returned(returned if wanted is None else wanted))


def name(returned: Any, wanted: Any) -> str:
    return name_of([call(returned, wanted)])


@given(st.lists(EIGHTHS, min_size=1, max_size=8), st.lists(EIGHTHS, min_size=1, max_size=8))
def test_float32_and_another_order_of_summation_change_nothing(answer: list[float], wanted: list[float]) -> None:
    exact = torch.tensor(answer, dtype=torch.float64)
    largest = max(1e-3, *map(abs, wanted))
    # Where one step ends and the next begins, the smallest noise makes another name: no way of rounding avoids it.
    places = [(number / (STEP * largest) + _OFFSET) % 1.0 for number in answer]
    assume(all(0.01 < place < 0.99 for place in places))
    noisy = exact + 1e-6 * largest

    assert name(exact, torch.tensor(wanted)) == name(exact.float(), torch.tensor(wanted))
    assert name(exact, torch.tensor(wanted)) == name(noisy, torch.tensor(wanted))


@given(EIGHTHS, EIGHTHS)
def test_other_numbers_are_another_behaviour(one: float, other: float) -> None:
    wanted = torch.tensor([4.0, 8.0])

    assert (name(torch.tensor([one]), wanted) == name(torch.tensor([other]), wanted)) == (one == other)


@dataclass(frozen=True)
class Drawn:
    """Stands for a figure as data."""

    xs: tuple[float, ...]
    label: str


VALUES = [
    None,
    True,
    0.0,
    1.5,
    math.nan,
    math.inf,
    -math.inf,
    1e300,
    10**400,
    2 + 3j,
    "",
    "text",
    b"bytes",
    [],
    [1.0],
    [1.0, 2.0],
    (),
    {},
    {"a": 1.0},
    {"a": 2.0},
    torch.tensor([]),
    torch.tensor([1.0, 2.0, 3.0]),
    torch.tensor([[1.0, 2.0, 3.0]]),
    torch.tensor([1.0, math.nan, 3.0]),
    torch.tensor([True, False]),
    torch.tensor([1 + 2j]),
    Drawn((1.0, 2.0), "w"),
    Drawn((1.0, 2.0), "b"),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_every_kind_of_value_has_a_name_and_keeps_it(value: Any) -> None:
    found = name(value, torch.tensor([1.0]))

    assert len(found) == 16
    assert found == name(value, torch.tensor([1.0]))


def test_values_of_other_kinds_have_other_names() -> None:
    names = [name(value, torch.tensor([1.0])) for value in VALUES]
    alike = {(repr(VALUES[i]), repr(VALUES[j])) for i in range(len(names)) for j in range(i) if names[i] == names[j]}

    # An empty list and an empty tuple are one answer, and so are nothing in words and nothing by name.
    assert alike <= {("()", "[]"), ("{}", "''"), (repr(10**400), "inf")}


def test_an_exception_is_the_same_whatever_numbers_its_message_holds() -> None:
    def raised(message: str) -> str:
        return name_of([call(None, 1.0, Ending(Status.RAISED, message))])

    assert raised("IndexError: index 5 of 4") == raised("IndexError: index 7 of 4")
    assert raised("IndexError: index 5 of 4") != raised("TypeError: an object")


def test_without_a_call_there_is_no_name() -> None:
    assert name_of([]) == ""


def test_what_the_solution_raises_is_no_scale() -> None:
    assert len(name_of([Call("compute", None, (), {}, b"", 3.0)])) == 16


def test_of_a_huge_answer_only_the_beginning_is_read() -> None:
    read: list[int] = []

    class Noting:
        """Stands for a value that is looked at one by one."""

        def __init__(self, number: int) -> None:
            self.number = number

        def __str__(self) -> str:
            read.append(self.number)
            return "x"

    answer = [[Noting(10 * row + column) for column in range(10)] for row in range(MAX_WORDS)]

    assert name(answer, [1.0]) == name([*answer[:-1], [Noting(0)]], [1.0])
    assert len(read) < 2 * MAX_WORDS
