"""Whether a right answer could be diagnosed: as it is, and as if a check had called one of its answers wrong."""

from dataclasses import replace
from typing import Any

from torch import Tensor

from grader.course.solution import Exercise
from grader.engine.diagnosis import find_mistake
from grader.engine.reference import Returned
from grader.engine.search import Search
from grader.engine.student import Call, Student


def claims_about(student: Student, exercise: Exercise) -> list[str]:
    """Return what the diagnosis says about a right function: it must say nothing.

    A check that wrongly fails it is played, too: the smallest of its answers counts as wrong. Then no known mistake may
    be named either. A cause needs several wrong answers, so it is not searched for once more.
    """
    said: list[str] = []
    if (mistake := find_mistake(student, exercise)) is not None:
        said.append(f"the known mistake {mistake.label} is named.")
    if (cause := Search(student, exercise).find()) is not None:
        said.append(f"a cause is found: {cause.sentence}")
    history, suspects = student.history.get(exercise.name, []), student.suspects.pop(exercise.name)
    if (played := _one_wrong(history)) is not None:
        student.history[exercise.name] = played
        if (mistake := find_mistake(student, exercise)) is not None:
            said.append(f"the known mistake {mistake.label} gives all of its answers. Give a check data that differ.")
        student.history[exercise.name] = history
    student.suspects[exercise.name] = suspects
    return said


def _one_wrong(history: list[Call]) -> list[Call] | None:
    """Return the calls with another expected answer for the smallest right one; None if none can have another."""
    for call in sorted(history, key=lambda each: len(each.payload)):
        if call.ending is None and isinstance(call.wanted, Returned) and not call.is_secret and call.is_right:
            other = _other(call.wanted.value)
            changed = replace(call, wanted=replace(call.wanted, value=other))
            if other is not None and not changed.is_right:
                return [changed if each is call else each for each in history]
    return None


def _other(value: Any) -> Any:
    """Return another value of the same kind and shape, or None."""
    if isinstance(value, Tensor):
        return ~value if not value.is_floating_point() and not value.is_complex() else value + 1 + value.abs()
    if type(value) in (int, float):
        return value + 1 + abs(value)
    if type(value) in (list, tuple) and value:
        first = _other(value[0])
        return None if first is None else type(value)([first, *value[1:]])
    if type(value) is dict and value:
        key, part = next(iter(value.items()))
        first = _other(part)
        return None if first is None else {**value, key: first}
    return None
