"""What a check process draws for the page; the server itself loads neither torch nor a student's code."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from grader.authoring import CheckFailed
from grader.commands import predict, show
from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable
from grader.engine.grading import Grading, Options, Task
from grader.engine.moving import Moving
from grader.feedback.call_failure import CallFailed, CallLost
from grader.pool.job import Job
from grader.text import clean
from grader.verdict import PUBLIC
from grader.web.views import Moved, Picture

if TYPE_CHECKING:
    from grader.feedback.plot import Comparison, Finish


def picture_job(lesson: Lesson, source: Source | Unreadable, exercise: str) -> Job:
    """Return the job that draws what an exercise returns: a `Picture` as plain data."""
    return Job(lesson.name, source, Options((exercise,), checks=PUBLIC), f"{__name__}:picture")


def prediction_job(lesson: Lesson, source: Source | Unreadable, exercise: str, label: str, *, is_own: bool) -> Job:
    """Return the job that draws the answer to a prediction: a `Picture` as plain data, or None.

    With ``is_own``, the student's functions are called where they can be.
    """
    data = {"label": label, "is_own": is_own}
    return Job(lesson.name, source, Options((exercise,), checks=PUBLIC), f"{__name__}:prediction", data=data)


def moved_job(lesson: Lesson, source: Source | Unreadable, figure: str, values: dict[str, Any], *, is_own: bool) -> Job:
    """Return the job that computes an interactive figure: a `Moved` as plain data.

    With ``is_own``, the student's functions are called as well.
    """
    data = {"figure": figure, "values": values, "is_own": is_own}
    return Job(lesson.name, source, Options(), f"{__name__}:moved", data=data)


def moved(task: Task, figure: str, values: dict[str, Any], *, is_own: bool) -> dict[str, Any]:
    """Compute an interactive figure with the solution's functions and with the student's."""
    (shown,) = (each for each in task.lesson.interactive if each.name == figure)
    student = Grading(task).student
    try:
        moving = Moving(student.reference)
        expected = moving.draw(shown, values)
        if not is_own:
            return asdict(Moved(expected, None, ""))
        try:
            return asdict(Moved(expected, moving.draw_own(shown, values, student), ""))
        except (CallFailed, CallLost, CheckFailed) as error:
            return asdict(Moved(expected, None, clean(str(error))))
    finally:
        student.close()


def picture(task: Task) -> dict[str, Any]:
    """Grade an exercise and draw its most telling call."""
    drawn = show.drawn_of(task)
    return asdict(_picture(drawn.words, drawn.call, drawn.comparison, drawn.finish))


def prediction(task: Task, label: str, *, is_own: bool) -> dict[str, Any] | None:
    """Draw what really happens."""
    from grader.feedback import plot

    (asked,) = (each for each in task.lesson.predictions if each.label == label)
    student = Grading(task).student
    try:
        comparison, by_student = predict.shown(student.reference, asked, student if is_own else None)
    finally:
        student.close()
    if comparison is None:
        return None
    words = [*([predict.own(asked)] if by_student else []), *plot.describe(comparison).splitlines()]
    return asdict(_picture(words, "", comparison, None))


def _picture(words: list[str], call: str, comparison: "Comparison | None", finish: "Finish | None") -> Picture:
    from grader.feedback import plot

    svg = plot.draw_svg(comparison, finish).decode() if comparison is not None else ""
    prose = (line for line in words if line.strip() and not line.startswith("  "))
    return Picture(tuple(prose), svg, call)
