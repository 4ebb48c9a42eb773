"""Verdicts: which of several endings counts, what it is worth, and with which code the command ends."""

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.verdict import (
    Cause,
    CheckVerdict,
    Difference,
    ExerciseVerdict,
    Frame,
    LessonVerdict,
    Report,
    Status,
    total,
)

many = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PASSED, TODO, FAULT, WRONG = Status.PASSED, Status.TODO, Status.FAULT, Status.WRONG


def check(status: Status, max_points: int = 1, *, earned: bool = True, name: str = "test_it") -> CheckVerdict:
    """Return the verdict of a check of which only this is known."""
    return CheckVerdict(name, "It holds.", status, max_points, earned=earned)


def exercise(*statuses: Status, bonus: bool = False) -> ExerciseVerdict:
    """Return the verdict of an exercise with a check for every status."""
    return ExerciseVerdict("f", bonus, tuple(check(status, name=f"test_{i}") for i, status in enumerate(statuses)))


def lesson(*exercises: ExerciseVerdict) -> LessonVerdict:
    """Return the verdict of a lesson of these exercises."""
    return LessonVerdict("1.4", "m1_4_loss", "The loss", exercises)


def report(*lessons: LessonVerdict) -> Report:
    """Return the report of these lessons."""
    return Report(lessons, "confined")


checks = st.builds(check, st.sampled_from(Status), st.integers(0, 5), earned=st.booleans())
exercises = st.builds(ExerciseVerdict, st.just("f"), st.booleans(), st.lists(checks, min_size=1, max_size=4).map(tuple))
lessons = st.lists(exercises, min_size=1, max_size=4).map(lambda drawn: lesson(*drawn))
reports = st.lists(lessons, max_size=3).map(lambda drawn: report(*drawn))


def test_the_statuses_are_the_documented_words() -> None:
    words = ["passed", "wrong", "raised", "timeout", "crashed", "invalid", "todo", "fault"]
    assert [str(status) for status in Status] == words
    assert all(status == word for status, word in zip(Status, words, strict=True))


# ---- A check ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("earned", [True, False])
@pytest.mark.parametrize("status", list(Status))
def test_a_check_gives_all_of_its_points_or_none(status: Status, earned: bool) -> None:
    assert check(status, 3, earned=earned).points == (3 if status is PASSED and earned else 0)


def test_a_check_that_knows_only_its_name_is_worth_one_point() -> None:
    verdict = CheckVerdict("test_it", "It holds.", PASSED)
    assert (verdict.points, verdict.max_points) == (1, 1)
    assert (verdict.message, verdict.counterexample, verdict.frames, verdict.mistake) == ("", "", (), "")


def test_a_verdict_cannot_be_changed() -> None:
    parts: tuple[Any, ...] = (
        Frame("m.py", 1, "f", "f()"),
        check(PASSED),
        exercise(PASSED),
        lesson(exercise(PASSED)),
        report(),
    )
    for part in parts:
        for field in dataclasses.fields(part):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(part, field.name, getattr(part, field.name))


def test_a_report_that_knows_no_seed_is_one_of_the_fixed_examples() -> None:
    assert (report().seed, check(PASSED).duration_ms) == (0, 0.0)


# ---- An exercise -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_exercise_ended_as_its_first_check_that_did_not_pass_unless_one_is_a_fault(number: int) -> None:
    for statuses in itertools.product(Status, repeat=number):
        open_ones = [status for status in statuses if status is not PASSED]
        wanted = FAULT if FAULT in statuses else open_ones[0] if open_ones else PASSED
        assert exercise(*statuses).status is wanted, statuses


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_check_to_show_is_the_first_that_ended_like_the_exercise(number: int) -> None:
    for statuses in itertools.product(Status, repeat=number):
        verdict = exercise(*statuses)
        shown = verdict.first_failure
        if verdict.status is PASSED:
            assert shown is None
        else:
            assert shown is verdict.checks[statuses.index(verdict.status)], statuses


TELLS: list[dict[str, Any]] = [
    {"mistake": "summed", "explanation": "You add up."},
    {"cause": Cause("fixed", "lr", "0.1"), "explanation": "`lr` is always 0.1."},
    {"difference": Difference.FORM, "explanation": "All values are twice as large."},
    {"difference": Difference.VALUES, "explanation": "The first difference is at [0]: 1, expected 2."},
    {"explanation": "Print both shapes."},
    {"difference": Difference.KIND},
    {},
]
"""From what tells most to what tells nothing."""


@pytest.mark.parametrize("order", list(itertools.combinations(range(len(TELLS)), 2)), ids=str)
def test_the_check_that_tells_most_is_shown(order: tuple[int, int]) -> None:
    checks = [dataclasses.replace(check(WRONG, name=f"test_{rank}"), **TELLS[rank]) for rank in order]
    for others in (checks, checks[::-1], [check(PASSED), *checks[::-1]]):
        shown = ExerciseVerdict("f", False, tuple(others)).first_failure
        assert shown is not None
        assert shown.name == f"test_{min(order)}"


def test_of_checks_that_tell_as_much_the_first_is_shown() -> None:
    for tells in TELLS:
        checks = tuple(dataclasses.replace(check(WRONG, name=f"test_{i}"), **tells) for i in range(3))
        verdict = ExerciseVerdict("f", False, checks)
        assert verdict.first_failure is checks[0]
        assert verdict.also_failed == ""


def test_the_first_check_stays_first_where_points_wait_for_it() -> None:
    first, telling = check(WRONG, name="example_f"), dataclasses.replace(check(WRONG, name="test_it"), **TELLS[0])
    unpaid, paid = check(PASSED, earned=False), check(PASSED)

    assert ExerciseVerdict("f", False, (first, telling, unpaid)).first_failure is first
    assert ExerciseVerdict("f", False, (first, telling)).first_failure is telling
    assert ExerciseVerdict("f", False, (paid, first, telling)).first_failure is telling


def test_another_ending_is_never_shown_whatever_it_tells() -> None:
    plain, telling = check(Status.RAISED), dataclasses.replace(check(WRONG), **TELLS[0])

    assert ExerciseVerdict("f", False, (plain, telling)).first_failure is plain


def test_what_failed_first_is_said_where_another_check_is_shown() -> None:
    first = dataclasses.replace(check(WRONG, name="test_first"), claim="It is convex.")
    telling = dataclasses.replace(check(WRONG, name="test_other"), **TELLS[0])
    verdict = ExerciseVerdict("f", False, (check(PASSED), first, telling))

    assert verdict.also_failed == "It is convex."
    assert exercise(PASSED, PASSED).also_failed == ""


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_fault_has_no_score_and_everything_else_has_one(number: int) -> None:
    for statuses in itertools.product(Status, repeat=number):
        verdict = exercise(*statuses)
        assert verdict.points == (None if FAULT in statuses else statuses.count(PASSED)), statuses
        assert verdict.max_points == number


def test_an_exercise_without_checks_is_a_fault_and_never_passed() -> None:
    verdict = exercise()
    assert (verdict.status, verdict.points, verdict.max_points, verdict.first_failure) == (FAULT, None, 0, None)


def test_passed_checks_give_nothing_before_the_first_check_holds() -> None:
    verdict = ExerciseVerdict(
        "f", False, (check(WRONG, 1), check(PASSED, 2, earned=False), check(PASSED, 3, earned=False))
    )
    assert (verdict.status, verdict.points, verdict.max_points) == (WRONG, 0, 6)


@many
@given(verdict=exercises)
def test_the_points_of_an_exercise_are_those_of_its_checks(verdict: ExerciseVerdict) -> None:
    assert verdict.max_points == sum(each.max_points for each in verdict.checks)
    if verdict.status is FAULT:
        assert verdict.points is None
    else:
        assert verdict.points == sum(each.points for each in verdict.checks)
        assert 0 <= verdict.points <= verdict.max_points


# ---- A lesson --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_lesson_ended_as_its_first_exercise_that_went_wrong(number: int) -> None:
    """To do says less than what went wrong, and a fault says more than everything else."""
    for statuses in itertools.product(Status, repeat=number):
        verdict = lesson(*map(exercise, statuses))
        wrong = [status for status in statuses if status not in (PASSED, TODO)]
        wanted = FAULT if FAULT in statuses else wrong[0] if wrong else TODO if TODO in statuses else PASSED
        assert verdict.status is wanted, statuses
        assert verdict.points == (None if FAULT in statuses else statuses.count(PASSED))
        assert verdict.max_points == number


def test_a_bonus_neither_counts_nor_hinders() -> None:
    for status in Status:
        verdict = lesson(exercise(PASSED), exercise(status, bonus=True))
        assert verdict.max_points == 1
        assert len(verdict.counted) == 1
        if status is not FAULT:
            assert (verdict.status, verdict.points) == (PASSED, 1)


def test_a_bonus_counts_where_nothing_else_is_selected() -> None:
    verdict = lesson(exercise(PASSED, WRONG, bonus=True), exercise(PASSED, bonus=True))
    assert (verdict.status, verdict.points, verdict.max_points) == (WRONG, 2, 3)
    assert verdict.counted == verdict.exercises


def test_a_fault_in_a_bonus_is_a_fault_all_the_same() -> None:
    verdict = lesson(exercise(PASSED), exercise(FAULT, bonus=True))
    assert verdict.status is FAULT
    assert report(verdict).exit_code == 3


@many
@given(verdict=lessons)
def test_the_points_of_a_lesson_are_those_of_the_exercises_that_count(verdict: LessonVerdict) -> None:
    counted = [each for each in verdict.exercises if not each.bonus] or list(verdict.exercises)
    assert list(verdict.counted) == counted
    assert verdict.max_points == sum(each.max_points for each in counted)
    scores = [each.points for each in counted]
    assert verdict.points == (None if None in scores else sum(score or 0 for score in scores))
    assert (verdict.status is FAULT) == any(each.status is FAULT for each in verdict.exercises)
    if verdict.status is PASSED:
        assert all(each.status is PASSED for each in counted)


# ---- A report --------------------------------------------------------------------------------------------------------


def _exit_code(statuses: Sequence[Status]) -> int:
    return 3 if FAULT in statuses else 0 if all(status is PASSED for status in statuses) else 1


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_the_exit_code_is_0_for_all_passed_3_for_a_fault_and_else_1(number: int) -> None:
    for statuses in itertools.product(Status, repeat=number):
        verdict = report(*(lesson(exercise(status)) for status in statuses))
        assert verdict.exit_code == _exit_code(statuses), statuses
        assert verdict.points == (None if FAULT in statuses else statuses.count(PASSED))
        assert verdict.max_points == number


def test_what_is_still_to_do_has_not_passed() -> None:
    assert report(lesson(exercise(PASSED), exercise(TODO))).exit_code == 1


def test_a_report_of_nothing_has_no_points_and_no_complaint() -> None:
    assert (report().points, report().max_points, report().exit_code) == (0, 0, 0)


@many
@given(verdict=reports)
def test_exit_code_0_means_that_every_check_that_counts_has_passed(verdict: Report) -> None:
    statuses = [each.status for part in verdict.lessons for exercise in part.counted for each in exercise.checks]
    if verdict.exit_code == 0:
        assert all(status is PASSED for status in statuses)
    if FAULT in statuses:
        assert verdict.exit_code == 3
        assert verdict.points is None
    assert verdict.exit_code == _exit_code([part.status for part in verdict.lessons])
    assert verdict.points == total(part.points for part in verdict.lessons)
    assert verdict.max_points == sum(part.max_points for part in verdict.lessons)


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [([], 0), ([0], 0), ([1, 2], 3), ([None], None), ([1, None, 2], None), ([0, None], None)],
    ids=str,
)
def test_a_total_with_a_part_without_a_score_is_none(parts: list[int | None], wanted: int | None) -> None:
    assert total(parts) == wanted
    assert total(iter(parts)) == wanted
