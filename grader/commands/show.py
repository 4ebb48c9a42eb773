"""`grade show`: draw what an exercise returns; this grades the exercise once more to get the values."""

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands import Answer, Context, add_allow_unconfined, add_file_options
from grader.commands.reset import write
from grader.course.model import Lesson
from grader.course.solution import Exercise
from grader.course.submission import Source, Unreadable, read_submission
from grader.engine.grading import Grading, Options, Task
from grader.errors import Fault, GraderError
from grader.pool.job import Job
from grader.reports.text import Style
from grader.text import clean
from grader.verdict import PUBLIC

if TYPE_CHECKING:
    from grader.engine.student import Call, Student

USAGE = "grade show 1.4 compute_grid"


def run(context: Context, words: Sequence[str]) -> Answer:
    """Draw the expected result, the student's, and the difference."""
    from grader.pool.pool import Pool

    lesson, exercise = context.selected(words, USAGE)
    context.warn([lesson])
    source = read_submission(context.submission, lesson.name)
    context.working(f"Loading PyTorch, then drawing {lesson.id} {exercise.name}...")
    with Pool(lesson.root, 1, lessons=[lesson.name], learns=False) as pool:
        (outcome,) = pool.run([job(lesson, source, exercise.name)])
    if outcome.fault:
        raise Fault(outcome.fault)
    return Answer(str(outcome.answer))


def job(lesson: Lesson, source: Source | Unreadable, exercise: str) -> Job:
    """Return the job that draws an exercise; `grade watch` gives it to a waiting check process."""
    return Job(lesson.name, source, Options((exercise,), checks=PUBLIC), f"{__name__}:draw")


def draw(task: Task) -> str:
    """Grade an exercise, draw its most telling call, and return it as characters, in words, and as a PNG's path."""
    from grader.engine.diagnosis import is_right
    from grader.engine.reference import Returned
    from grader.feedback import format_value, plot

    style = Style(width=shutil.get_terminal_size().columns)
    (name,) = task.options.exercises
    lesson, exercise = task.lesson, task.lesson.exercise(name)
    grading = Grading(task)
    student = grading.student
    grading.run()
    standing = student.standing(exercise) if not student.history.get(exercise.name) else None
    if standing is not None:
        return "\n".join(style.wrapped([f"Nothing to draw yet. {clean(standing.message)}"]))
    calls = [call for call in student.history.get(exercise.name, ()) if isinstance(call.wanted, Returned)]
    wrong = [call for call in calls if not is_right(call)]
    drawn = []
    for call in wrong or calls:
        assert isinstance(call.wanted, Returned)
        missing = clean(call.ending.message) if call.ending is not None else ""
        comparison = plot.compare(f"{lesson.id} {exercise.name}", call.wanted.value, call.returned, missing)
        if comparison is not None:
            drawn.append((comparison.target.numel(), comparison, call))
    if not drawn:
        return f"What {exercise.name} returns cannot be drawn: grade {lesson.id} {exercise.name} reports it in words."
    # The largest call shows most; the smallest failing one is in the report of `grade`.
    _, comparison, call = max(drawn, key=lambda each: each[0])
    place = save(
        lesson, f"{lesson.id}-{exercise.name}.png", plot.draw_png(comparison, _finish(exercise, call, student))
    )
    shown = format_value.call(exercise.name, call.args, call.kwargs, exercise.parameters)
    return "\n".join(
        [
            # In words first: a screen reader reads the characters one by one.
            *style.wrapped([plot.describe(comparison)]),
            "",
            plot.draw_text(comparison, style.width),
            "",
            "The call:",
            *(f"  {line}" for line in shown.splitlines()),
            "",
            f"Picture: {place}",
        ]
    )


def _finish(exercise: Exercise, call: "Call", student: "Student") -> Callable[[Any], None] | None:
    """Return what the exercise's @picture adds to the picture of this call, if it has one."""
    add = student.reference.picture(exercise.name)
    if add is None:
        return None
    given = {**dict(zip(exercise.parameters, call.args, strict=False)), **call.kwargs}

    def finish(axes: Any) -> None:
        try:
            add(axes, **given)
        except Exception as error:
            place = student.lesson.shown(student.lesson.code(exercise.name))
            raise Fault(f"{place}: its @picture cannot draw: {type(error).__name__}: {error}.") from error

    return finish


def save(lesson: Lesson, name: str, content: bytes) -> Path:
    """Write a picture beside the verdicts or, if that fails, into a temporary folder."""
    folder = lesson.root / ".grade" / "pictures"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / name, content)
    except (OSError, GraderError):
        folder = Path(tempfile.gettempdir()) / f"grade-pictures-{os.getuid()}"
        folder.mkdir(exist_ok=True)
        write(folder / name, content)
    return folder / name


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_file_options(parser)
    add_allow_unconfined(parser)
