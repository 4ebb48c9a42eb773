"""What a check process draws for the page; the server itself loads neither torch nor a student's code."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from grader.authoring import CheckFailed
from grader.commands import predict, show
from grader.course.interactive import INTERACTIVE
from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable
from grader.engine.grading import Grading, Options, Task
from grader.errors import Fault
from grader.feedback.call_failure import CallFailed, CallLost
from grader.pool.job import Job
from grader.scene import Scene, Settings
from grader.text import clean
from grader.verdict import PUBLIC
from grader.web.views import Moved, Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.feedback.plot import Comparison, Finish


def picture_job(lesson: Lesson, source: Source | Unreadable, exercise: str) -> Job:
    """Return the job that draws what an exercise returns: a `Picture` as plain data."""
    return Job(lesson.name, source, Options((exercise,), checks=PUBLIC), f"{__name__}:picture")


def predictions_job(lesson: Lesson, source: Source | Unreadable, exercise: str) -> Job:
    """Return the job that draws the answers to the predictions of an exercise: each `Picture` by its label."""
    return Job(lesson.name, source, Options((exercise,), checks=PUBLIC), f"{__name__}:predictions")


def moved_job(lesson: Lesson, source: Source | Unreadable, figure: str, values: dict[str, Any], *, is_own: bool) -> Job:
    """Return the job that computes an interactive figure: a `Moved` as plain data.

    With ``is_own``, the student's functions are called as well.
    """
    data = {"figure": figure, "values": values, "is_own": is_own}
    return Job(lesson.name, source, Options(), f"{__name__}:moved", data=data)


def moved(task: Task, figure: str, values: dict[str, Any], *, is_own: bool) -> dict[str, Any]:
    """Compute an interactive figure with the solution's functions and with the student's."""
    from grader.engine.reference import load_module

    lesson = task.lesson
    (shown,) = (each for each in lesson.interactive if each.name == figure)
    student = Grading(task).student
    try:
        assert student.reference.modules  # the package that the file belongs to is there
        module = load_module(lesson.folder / f"{INTERACTIVE}.py", f"lessons.{lesson.name}.{INTERACTIVE}")
        draw: Callable[..., Scene] = getattr(module, figure)
        settings = Settings(shown.controls, values).all()
        solution = {name: getattr(student.reference.solution, name) for name in shown.exercises}
        try:
            expected = draw(**solution, **settings)
        except Exception as error:
            place = f"{lesson.shown(lesson.folder)}/{INTERACTIVE}.py:{shown.line}"
            raise Fault(f"{place}: {figure} fails: {type(error).__name__}: {error}.") from error
        if not (is_own and shown.exercises):
            return asdict(Moved(expected, None, ""))
        own = {name: student.function(lesson.exercise(name)) for name in shown.exercises}
        try:
            return asdict(Moved(expected, draw(**own, **settings), ""))
        except (CallFailed, CallLost, CheckFailed) as error:
            return asdict(Moved(expected, None, clean(str(error))))
    finally:
        student.close()


def picture(task: Task) -> dict[str, Any]:
    """Grade an exercise and draw its most telling call."""
    drawn = show.drawn_of(task)
    return asdict(_picture(drawn.words, drawn.call, drawn.comparison, drawn.finish))


def predictions(task: Task) -> dict[str, Any]:
    """Draw what really happens, for each prediction of an exercise."""
    from grader.feedback import plot

    (exercise,) = task.options.exercises
    found = {}
    for each in task.lesson.predictions:
        if each.exercise == exercise and (comparison := predict.shown(task.lesson, each)) is not None:
            words = plot.describe(comparison).splitlines()
            found[each.label] = asdict(_picture(words, "", comparison, None))
    return found


def _picture(words: list[str], call: str, comparison: "Comparison | None", finish: "Finish | None") -> Picture:
    from grader.feedback import plot

    svg = plot.draw_svg(comparison, finish).decode() if comparison is not None else ""
    prose = (line for line in words if line.strip() and not line.startswith("  "))
    return Picture(tuple(prose), svg, call)
