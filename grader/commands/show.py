"""`grade show`: draw what an exercise returns; this grades the exercise once more to get the values."""

import argparse
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands import Answer, Context, add_allow_unconfined, add_file_options
from grader.commands.reset import write
from grader.course.model import Lesson
from grader.course.solution import Exercise
from grader.course.submission import Source, Unreadable, read_submission
from grader.engine.grading import Grading, Options, Task
from grader.errors import Fault, GraderError
from grader.feedback.describe import steps_of
from grader.pool.job import Job
from grader.reports.text import Style
from grader.text import clean
from grader.verdict import PUBLIC, ExerciseVerdict, Status

if TYPE_CHECKING:
    from grader.engine.drawing import Drawing
    from grader.engine.student import Call, Student
    from grader.feedback.plot import Comparison

USAGE = "grade show LESSON EXERCISE"


def run(context: Context, words: Sequence[str]) -> Answer:
    """Draw the expected result, the student's, and the difference."""
    from grader.pool.pool import Pool

    lesson, exercise = context.selected(words, USAGE)
    context.warn([lesson])
    source = read_submission(context.submission, lesson.name)
    context.working(f"Loading PyTorch, then drawing {lesson.id} {exercise.name}...")
    with Pool(lesson.root, 1, lessons=[lesson.name], learns=False, borrows=True) as pool:
        (outcome,) = pool.run([job(lesson, source, exercise.name, context.style.width)])
    if outcome.fault:
        raise Fault(outcome.fault)
    has_passed = context.statuses(lesson).get(exercise.name) is Status.PASSED
    return Answer("\n".join([str(outcome.answer), *(["", *context.next_step()] if has_passed else [])]))


def job(lesson: Lesson, source: Source | Unreadable, exercise: str, width: int) -> Job:
    """Return the job that draws an exercise for a terminal; `grade watch` gives it to a waiting check process."""
    return Job(lesson.name, source, Options((exercise,), checks=PUBLIC, width=width), f"{__name__}:draw")


@dataclass(frozen=True)
class Drawn:
    """An exercise's most telling call, in words and, where it has one, with its picture."""

    verdict: ExerciseVerdict
    words: list[str]
    """Paragraphs; lines indented by two are code and values."""
    call: str = ""
    comparison: "Comparison | None" = None
    finish: Callable[[Any], None] | None = None
    """What the exercise's @picture adds to the picture."""


def draw(task: Task) -> str:
    """Grade an exercise, draw its most telling call, and return it as characters, in words, and as a PNG's path."""
    drawn = drawn_of(task)
    failure = drawn.verdict.first_failure
    steps = steps_of(failure) if failure is not None else []
    told = ["", "Your loop, up to the first step that differs:", *steps] if steps else []
    words = Style(width=task.options.width).wrapped([*drawn.words, *told])
    if drawn.comparison is None:
        return "\n".join(words)
    characters, place = as_characters(task, drawn)
    # In words first: a screen reader reads the characters one by one.
    return "\n".join([*words, "", characters, "", *_call_lines(drawn.call), "", f"Picture: {place}"])


def as_characters(task: Task, drawn: Drawn) -> tuple[str, Path]:
    """Return the picture as characters, and the path of the PNG that it is written to."""
    from grader.feedback import plot

    assert drawn.comparison is not None
    (name,) = task.options.exercises
    place = save(task.lesson, f"{task.lesson.id}-{name}.png", plot.draw_png(drawn.comparison, drawn.finish))
    return plot.draw_text(drawn.comparison, task.options.width), place


def drawn_of(task: Task, told: Callable[[ExerciseVerdict], ExerciseVerdict] = lambda verdict: verdict) -> Drawn:
    """Grade an exercise and choose its most telling call; ``told`` may keep back what the verdict says of it."""
    from grader.engine.drawing import drawing_of
    from grader.feedback import format_value, plot

    (name,) = task.options.exercises
    lesson, exercise = task.lesson, task.lesson.exercise(name)
    grading = Grading(task)
    student = grading.student
    (verdict,) = map(told, grading.run().lesson.exercises)
    history = student.history.get(name, [])
    standing = student.standing(exercise) if not history else None
    if standing is not None:
        return Drawn(verdict, [f"Nothing to draw yet. {clean(standing.message)}"])
    drawing = drawing_of(f"{lesson.id} {name}", history, verdict)
    call, comparison = drawing.call, drawing.comparison
    if call is None:
        return Drawn(verdict, [f"What {name} returns cannot be drawn: grade {lesson.id} {name} reports it in words."])
    shown = format_value.call(exercise.name, *call.given, exercise.parameters, call.driver)
    if comparison is None:
        return Drawn(verdict, _in_words(exercise, drawing, call, shown), shown)
    docstring = getattr(student.reference.solution, name).__doc__ or ""
    comparison = plot.named(comparison, docstring, _given(exercise, call))
    words = plot.describe(comparison).splitlines()
    return Drawn(verdict, words, shown, comparison, _finish(exercise, call, student))


def _in_words(exercise: Exercise, drawing: "Drawing", call: "Call", shown: str) -> list[str]:
    """Return what a call returned and what was expected."""
    from grader.engine.drawing import expected
    from grader.feedback import format_value

    lines = [f"What {exercise.name} returns is told in words: it is not a curve, a path or a grid."]
    lines += drawing.sentence.splitlines() or ([] if drawing.is_wrong else ["All values are right."])
    returned, wanted = (clean(each) for each in format_value.pair(call.returned, expected(call)))
    values = [f"  your code returned  {returned}", f"  expected            {wanted}"]
    return [*lines, "", *_call_lines(shown), *values]


def _call_lines(shown: str) -> list[str]:
    return ["The call:", *(f"  {line}" for line in shown.splitlines())]


def _finish(exercise: Exercise, call: "Call", student: "Student") -> Callable[[Any], None] | None:
    """Return what the exercise's @picture adds to the picture of this call, if it has one."""
    add = student.reference.picture(exercise.name)
    if add is None:
        return None

    def finish(axes: Any) -> None:
        try:
            add(axes, **_given(exercise, call))
        except Exception as error:
            place = student.lesson.shown(student.lesson.code(exercise.name))
            raise Fault(f"{place}: its @picture cannot draw: {type(error).__name__}: {error}.") from error

    return finish


def _given(exercise: Exercise, call: "Call") -> dict[str, Any]:
    """Return the arguments of a call by their names."""
    args, kwargs = call.given
    return {**dict(zip(exercise.parameters, args, strict=False)), **kwargs}


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
