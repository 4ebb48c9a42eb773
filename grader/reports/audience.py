"""Which checks a reader may see: reduces the report of all checks to the one for a student."""

from collections.abc import Collection
from dataclasses import replace

from grader.verdict import PUBLIC, CheckVerdict, ExerciseVerdict, LessonVerdict, Report, Status, Visibility

_BROKEN = CheckVerdict(
    "checks",
    "The checks that are run at grading can be run.",
    Status.FAULT,
    max_points=0,
    message=(
        "A check that is run at grading broke.\n"
        "This is a bug in the workbook, not in your code, and costs no points. Instructors see more with: grade"
        " --checks all"
    ),
)
"""Replaces each fault of a check that is not shown: its message may quote the check."""


def for_student(report: Report, shown: Collection[Visibility] = PUBLIC) -> Report:
    """Return the report with only the shown checks, and the number of the others.

    The points and statuses of the others are withheld, neither zero nor passed: totals are those of the shown checks.
    A fault stays a fault, because it says nothing about the student's code.
    """
    return replace(report, lessons=tuple(_lesson(lesson, shown) for lesson in report.lessons))


def _lesson(lesson: LessonVerdict, shown: Collection[Visibility]) -> LessonVerdict:
    return replace(lesson, exercises=tuple(_exercise(exercise, shown) for exercise in lesson.exercises))


def _exercise(exercise: ExerciseVerdict, shown: Collection[Visibility]) -> ExerciseVerdict:
    kept = tuple(check for check in exercise.checks if check.visibility in shown)
    others = [check for check in exercise.checks if check.visibility not in shown]
    faults = [check for check in others if check.status is Status.FAULT]
    withheld = exercise.withheld + len(others) - len(faults)
    return replace(exercise, checks=kept + (_BROKEN,) * bool(faults), withheld=withheld)


def checks_held(exercise: ExerciseVerdict) -> str:
    """Return how many checks passed: ``3 of 3 public checks; 2 more are run at grading``."""
    held = sum(check.status is Status.PASSED for check in exercise.checks)
    if not exercise.withheld:
        return f"{held} of {len(exercise.checks)} checks"
    are = "is" if exercise.withheld == 1 else "are"
    return f"{held} of {len(exercise.checks)} public checks; {exercise.withheld} more {are} run at grading"
