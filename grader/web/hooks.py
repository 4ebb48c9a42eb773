"""What a check process draws for the page; the server itself loads neither torch nor a student's code."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from grader.commands import predict, show
from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable
from grader.engine.grading import Options, Task
from grader.pool.job import Job
from grader.verdict import PUBLIC
from grader.web.views import Picture

if TYPE_CHECKING:
    from grader.feedback.plot import Comparison, Finish


def picture_job(lesson: Lesson, source: Source | Unreadable, exercise: str) -> Job:
    """Return the job that draws what an exercise returns: a `Picture` as plain data."""
    return Job(lesson.name, source, Options((exercise,), checks=PUBLIC), f"{__name__}:picture")


def predictions_job(lesson: Lesson, source: Source | Unreadable, exercise: str) -> Job:
    """Return the job that draws the answers to the predictions of an exercise: each `Picture` by its label."""
    return Job(lesson.name, source, Options((exercise,), checks=PUBLIC), f"{__name__}:predictions")


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
