"""`grade list`: the course and the student's progress."""

from collections.abc import Sequence

from grader.commands import Answer, Context
from grader.course.model import Lesson
from grader.course.solution import Exercise
from grader.errors import UsageError
from grader.reports.text import WORDS
from grader.verdict import Status

BAR = 10
CHANGED = "changed since"


def run(context: Context, words: Sequence[str]) -> Answer:
    """Show every lesson with a progress bar, and every exercise with its standing."""
    if words:
        raise UsageError("grade list takes no arguments: it shows the whole course.")
    lines = []
    next_step = ""
    for lesson in context.course.lessons:
        standings = {exercise.name: standing(context, lesson, exercise) for exercise in lesson.exercises}
        required = [exercise for exercise in lesson.exercises if not exercise.bonus] or list(lesson.exercises)
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
            if not next_step and not exercise.bonus and word != WORDS[Status.PASSED]:
                next_step = (
                    f"Next: {exercise.name} in exercises/{lesson.name}.py, then grade {lesson.id} {exercise.name}"
                )
        lines.append("")
    lines.append(next_step or "Everything has passed.")
    if context.store.complaint:
        lines += ["", context.store.complaint]
    return Answer("\n".join(lines))


def standing(context: Context, lesson: Lesson, exercise: Exercise) -> str:
    """Return the word for an exercise: its status, ``to do``, ``not graded``, or ``changed since`` it passed."""
    status = context.statuses(lesson).get(exercise.name)
    if status is not None:
        return WORDS[status]
    content = context.content(lesson)
    stub = lesson.stub.encode()
    if content is None or content.replace(b"\r\n", b"\n") == stub:
        return WORDS[Status.TODO]
    return CHANGED if exercise.name in context.store.passed(lesson.name) else "not graded"


def _points(context: Context, lesson: Lesson) -> str:
    verdict = context.verdict(lesson)
    if verdict is None or verdict.points is None:
        return ""
    return f", {verdict.points} of {verdict.max_points} points"
