"""An example that a student's function answers as the solution did is not looked at again, and nobody can tell."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.authoring import CheckFailed
from grader.course.model import Lesson
from grader.course.submission import Source
from grader.engine.reference import Reference
from grader.engine.student import Call, Student
from grader.engine.worker_session import Runner
from grader.feedback.call_failure import CallFailed, CallLost
from grader.feedback.side_effects import SETTINGS
from grader.sandbox import wire
from grader.sandbox.confinement import Limits
from grader.sandbox.zygote import Zygote
from tests.patience import unmeasured

RIGHT = "((y - ws[:, None, None] * x - bs[:, None]) ** 2).mean(-1)"
DOES = {
    "right": "return right",
    "prints": "print('call', calls); return right",
    "bit": "return right + 2.0**-40",
    "float32": "return right.float()",
    "gradients": "return right.requires_grad_()",
    "another shape": "return right[0]",
    "nothing": "return None",
    "argument": "x += 1; return right",
    "seed": "torch.manual_seed(1); return right",
    "figures": "import matplotlib.pyplot as plt; [plt.figure() for _ in range(3)]; return right",
    "raises": "raise ValueError('no')",
    "too large": "return torch.zeros(10**6)",
    "exits": "os._exit(3)",
    "hangs": "time.sleep(60)",
}
"""What a function may do at a call."""
PLAIN = {"end": "returned", "value": b"v", "arguments": [], "settings": [SETTINGS, SETTINGS], "open_figures": 0}
"""An answer that tells nothing but its value."""
SAME = {"right", "prints"}
"""What a check need not look at."""


def submission(plan: list[str]) -> Source:
    """Return a file whose compute_grid does at each of its calls what the plan says."""
    lines = ["import os, time, torch", "calls = 0", "def compute_grid(x, y, ws, bs):", "    global calls"]
    lines += [f"    calls += 1\n    right = {RIGHT}"]
    for number, what in enumerate(plan):
        if what == "hangs":  # also in the fresh process in which it is tried once more, where it is the first call
            lines[3:3] = [f"    if x[2] == {number + 2}:", f"        {DOES[what]}"]
        else:
            lines += [f"    if calls == {number + 1}:", f"        {DOES[what]}"]
    return Source("exercises/file.py", "\n".join(lines).encode())


def arguments(number: int) -> tuple[torch.Tensor, ...]:
    """Return those of a call."""
    x = torch.tensor([0.0, 1.0, 2.0 + number], dtype=torch.float64)
    return x, 2 * x + 1, torch.tensor([0.0, 2.0]), torch.tensor([0.0, 1.0, 2.0])


def student_of(source: Source, lesson: Lesson, zygote: Zygote) -> Student:
    limits = Limits(call_seconds=0.3, long_call_seconds=0.3)
    return Student(Runner(lesson, source, zygote, limits), Reference(lesson))


def look(student: Student, lesson: Lesson, number: int) -> str:
    """Make as many calls, as a check does; return what has ended it."""
    compute_grid = student.function(lesson.exercise("compute_grid"))
    try:
        for each in range(number):
            compute_grid(*arguments(each))
    except (CheckFailed, CallFailed, CallLost) as error:
        return unmeasured(f"{type(error).__name__}: {error}")
    return ""


def known_calls(lesson: Lesson, zygote: Zygote, number: int) -> tuple[Call, ...]:
    """Return the calls of an example, as the solution makes them."""
    student = student_of(submission(["right"] * number), lesson, zygote)
    student.begin_check()
    assert look(student, lesson, number) == ""
    calls = student.repeatable()
    student.close()
    return calls


def noticed(student: Student) -> dict[str, Any]:
    """Return all that a student's calls leave for the verdict and its diagnosis."""

    def plain(call: Call) -> tuple[Any, ...]:
        try:
            returned = wire.encode(call.returned)
        except wire.WireError:
            returned = b""
        return (
            call.exercise,
            wire.encode(call.args),
            returned,
            unmeasured(repr(call.ending)),
            call.output,
            call.payload,
            call.value,
        )

    return {
        "example": list(map(plain, student.example)),
        "history": {name: list(map(plain, calls)) for name, calls in student.history.items()},
        "first_calls": {name: list(map(plain, calls)) for name, calls in student.first_calls.items()},
        "conduct": {name: list(texts) for name, texts in student.conduct.items() if texts},
        "advice": {name: texts for name, texts in student.advice.items() if texts},
        "observed": student.observed,
        "endings": {name: unmeasured(repr(ending)) for name, ending in student.endings.items()},
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(st.sampled_from([*DOES, "right", "right", "prints"]), min_size=1, max_size=4))
def test_whoever_repeats_first_and_then_looks_notices_the_same(
    plan: list[str], lesson: Lesson, zygote: Zygote, transcripts: Callable[[int], tuple[Call, ...]]
) -> None:
    looking, repeating = (student_of(submission(plan), lesson, zygote) for _ in range(2))
    for student in (looking, repeating):
        student.begin_check()
    ended = look(looking, lesson, len(plan))
    is_done = repeating.repeats(transcripts(len(plan)))
    again = "" if is_done else look(repeating, lesson, len(plan))
    looking.close()
    repeating.close()

    assert is_done == (set(plan) <= SAME)
    assert again == ended
    assert noticed(repeating) == noticed(looking)


@pytest.fixture(scope="module")
def transcripts(lesson: Lesson, zygote: Zygote) -> Callable[[int], tuple[Call, ...]]:
    calls = known_calls(lesson, zygote, 4)
    assert len(calls) == 4
    return lambda number: calls[:number]


def test_what_was_made_ahead_is_not_made_again(
    lesson: Lesson, zygote: Zygote, transcripts: Callable[[int], tuple[Call, ...]]
) -> None:
    student = student_of(submission(["prints", "prints", "bit", "prints"]), lesson, zygote)
    student.begin_check()

    assert not student.repeats(transcripts(4))
    assert look(student, lesson, 4) == ""
    student.close()
    assert [call.output for call in student.example] == ["call 1\n", "call 2\n", "", "call 4\n"]


def test_a_check_that_then_asks_for_something_else_gets_that(
    lesson: Lesson, zygote: Zygote, transcripts: Callable[[int], tuple[Call, ...]]
) -> None:
    student = student_of(submission(["prints", "bit", "prints"]), lesson, zygote)
    student.begin_check()
    student.repeats(transcripts(2))
    value = student.function(lesson.exercise("compute_grid"))(*arguments(7))
    student.close()

    assert value.shape == (2, 3)
    assert [call.output for call in student.example] == ["call 3\n"]


def test_an_example_whose_calls_tell_more_than_their_values_is_looked_at_every_time(
    lesson: Lesson, zygote: Zygote
) -> None:
    kept = {}
    for what in ("right", "gradients", "raises"):
        student = student_of(submission([what]), lesson, zygote)
        student.begin_check()
        look(student, lesson, 1)
        kept[what] = len(student.repeatable())
        student.close()
    once = student_of(submission(["right"]), lesson, zygote)
    once.begin_check()
    once.function(lesson.exercise("compute_grid")).once(*arguments(0))
    kept["once"] = len(once.repeatable())
    once.close()

    assert kept == {"right": 1, "gradients": 0, "raises": 0, "once": 0}


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"end": "returned"},
        {**PLAIN, "end": "raised"},
        {**PLAIN, "value": "v"},
        {**PLAIN, "value": b"w"},
        {**PLAIN, "arguments": torch.zeros(0)},
        {**PLAIN, "arguments": ()},
        {**PLAIN, "arguments": [b""]},
        {**PLAIN, "settings": []},
        {**PLAIN, "settings": [SETTINGS]},
        {**PLAIN, "settings": [torch.zeros(2), torch.zeros(2)]},
        {**PLAIN, "settings": [SETTINGS, [torch.zeros(2), *SETTINGS[1:]]]},
        {**PLAIN, "settings": [SETTINGS, ["torch.float64", *SETTINGS[1:]]]},
        {**PLAIN, "open_figures": False},
        {"end": torch.ones(2), "value": torch.ones(2), "arguments": None, "settings": {}, "open_figures": 0.0},
    ],
    ids=repr,
)
def test_a_forged_answer_is_not_the_known_one(forged: dict[str, Any]) -> None:
    from grader.engine.student import _is_plain

    assert _is_plain(PLAIN, b"v")
    assert not _is_plain(forged, b"v")
