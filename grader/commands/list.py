"""`grade list`: the course and the student's progress."""

from collections.abc import Mapping, Sequence

from grader.commands import Answer, Context
from grader.course.model import Lesson
from grader.course.solution import Exercise
from grader.errors import UsageError
from grader.progress.next_step import required_of
from grader.reports.text import WORDS
from grader.verdict import Status

BAR = 10
CHANGED = "changed since"
RECHECK = "recheck"


def run(context: Context, words: Sequence[str]) -> Answer:
    """Show every lesson with a progress bar, and every exercise with its standing."""
    if words:
        raise UsageError("grade list takes no arguments: it shows the whole course.")
    lines = []
    for lesson in context.course.lessons:
        statuses = context.statuses(lesson)
        standings = {exercise.name: standing(context, lesson, exercise, statuses) for exercise in lesson.exercises}
        required = required_of(lesson)
        passed = sum(standings[exercise.name] == WORDS[Status.PASSED] for exercise in required)
        full = BAR * passed // max(len(required), 1)
        lines += [
            context.style.paint(f"{lesson.id} {lesson.title}", "1"),
            f"  [{'#' * full}{'.' * (BAR - full)}]  {passed} of {len(required)} passed{_points(context, lesson)}",
        ]
        for exercise in lesson.exercises:
            word = standings[exercise.name]
            code = "32" if word == WORDS[Status.PASSED] else "2" if word == WORDS[Status.TODO] else "33"
            bonus = " (bonus)" if exercise.bonus else ""
            lines.append(f"  {context.style.paint(f'{word:<13}', code)}  {exercise.name}{bonus}")
        lines.append("")
    lines += context.next_step()
    if context.store.complaint:
        lines += ["", context.store.complaint]
    return Answer("\n".join(lines))


def standing(context: Context, lesson: Lesson, exercise: Exercise, statuses: Mapping[str, Status]) -> str:
    """Return the word for an exercise: its status, ``to do``, ``not graded``, or ``changed since`` it passed.

    ``recheck`` is one that an update of the course has changed since it was graded.
    """
    if exercise.name in statuses:
        return WORDS[statuses[exercise.name]]
    if context.content(lesson) is None:
        return WORDS[Status.TODO]
    if exercise.name in context.store.marked(lesson.name):
        return RECHECK
    return CHANGED if exercise.name in context.store.passed(lesson.name) else "not graded"


def _points(context: Context, lesson: Lesson) -> str:
    """Return the points of a lesson, if every exercise that counts was graded as it is now."""
    verdict = context.verdict(lesson)
    graded = {exercise.name for exercise in verdict.exercises} if verdict is not None else set()
    if verdict is None or verdict.points is None or not graded >= {each.name for each in required_of(lesson)}:
        return ""
    return f", {verdict.points} of {verdict.max_points} points"
