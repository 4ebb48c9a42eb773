"""`grade predict`: ask what training will do before the code is written, and answer with a picture."""

import argparse
import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.commands import Answer, Context, add_allow_unconfined, add_file_options
from grader.commands.show import save
from grader.course.exercise_file import Prediction
from grader.course.model import Lesson
from grader.course.submission import read_submission
from grader.engine.grading import Grading, Options, Task
from grader.engine.watchdog import OutOfTime
from grader.errors import Fault, GraderError, UsageError
from grader.pool.job import Job
from grader.progress import predictions
from grader.progress.predictions import SURENESS, Guess
from grader.reports.text import Style
from grader.verdict import PUBLIC, Status

if TYPE_CHECKING:
    from grader.engine.reference import Reference
    from grader.engine.student import Student
    from grader.feedback.plot import Comparison

USAGE = "grade predict LESSON, or grade predict LESSON EXERCISE"


def run(context: Context, words: Sequence[str]) -> Answer:
    """Ask the next question of a lesson, or of one exercise, and show what really happens."""
    if len(words) not in (1, 2):
        raise UsageError(f"Name a lesson and optionally an exercise: {USAGE}")
    lesson = context.course.find(words[0])
    exercise = lesson.exercise(words[1]).name if len(words) == 2 else ""
    if not exercise and (returned := predictions.due(context.course, context.store, lesson)):
        first = returned[0]
        answer = _ask(context, _Question(first.lesson, first.prediction, lesson, first.guess))
        if answer is None:
            predictions.postpone(context.store, first, lesson)
            return Answer(f"It will come back later. Questions of this lesson: grade predict {lesson.id}")
        return Answer("\n".join([*answer, "", f"Next question: grade predict {lesson.id}"]))
    asked = [each for each in lesson.predictions if exercise in ("", each.exercise)]
    if not asked:
        where = exercise or f"Lesson {lesson.id}"
        others = dict.fromkeys(each.exercise for each in lesson.predictions)
        there = f" There is one for {', '.join(others)}." if others else ""
        return Answer(f"{where} has no prediction.{there}")
    answered = {each: predictions.last(context.store, lesson, each).at for each in asked}
    # Questions that were never answered come first, then the one answered longest ago.
    prediction = min(asked, key=lambda each: answered[each])
    answer = _ask(context, _Question(lesson, prediction, lesson))
    if answer is None:
        return Answer(f"No answer yet. When you have one: grade predict {lesson.id} {prediction.exercise}")
    left = sum(not at for at in answered.values()) - 1
    return Answer("\n".join([*answer, *(["", f"Next question: grade predict {lesson.id}"] if left > 0 else [])]))


@dataclass(frozen=True)
class _Question:
    """A prediction to ask."""

    lesson: Lesson
    prediction: Prediction
    now: Lesson
    """The lesson in which it comes up."""
    before: Guess | None = None
    """The wrong answer for which it comes back."""


def _ask(context: Context, question: _Question) -> list[str] | None:
    """Ask a question, and return the reply; None if it was not answered."""
    lesson, prediction, before = question.lesson, question.prediction, question.before
    letters = string.ascii_lowercase[: len(prediction.options)]
    again = ", once more" if before is not None else ""
    title = context.style.paint(f"{lesson.id} {prediction.exercise}{again}: what do you think?", "1")
    listed = [
        line
        for letter, (option, _) in zip(letters, prediction.options, strict=True)
        for line in context.style.wrapped([f"{letter}) {option}"], "  ")
    ]
    text = "\n".join([title, "", *context.style.wrapped([prediction.question]), "", *listed, ""])
    typed = _typed(context, f"{text}\nYour answer ({', '.join(letters)}): ", letters)
    if not typed:
        return None
    degrees = ", ".join(f"{number} {name}" for number, name in enumerate(SURENESS, 1))
    sure = _typed(context, f"How sure are you ({degrees}; or only Enter)? ", "123"[: len(SURENESS)])
    option, sentence = prediction.options[letters.index(typed)]
    guess = Guess(option=option, sure=SURENESS[int(sure) - 1] if sure else "", during=question.now.name)
    predictions.note(context.store, lesson, prediction, guess)
    is_right = option == prediction.answer
    lines = ["", *context.style.wrapped([f"{'Right.' if is_right else 'Not quite.'} {sentence}"]), ""]
    if before is not None and before.option != option:
        lines += [*context.style.wrapped([f"The last time you thought: {before.option}"]), ""]
    lines += _picture(context, lesson, prediction)
    if not is_right:
        because = dict(prediction.options)[prediction.answer]
        lines += ["", *context.style.wrapped([f"What happens: {prediction.answer} {because}"])]
    return lines


def _typed(context: Context, question: str, letters: str) -> str:
    """Return the letter of the answer, asked again after a typo; empty if nothing is typed."""
    while typed := context.ask(question).lower().strip("(). "):
        if len(typed) == 1 and typed in letters:
            return typed
        question = f"Type one of the letters {', '.join(letters)}, or only Enter to stop: "
    return ""


def _picture(context: Context, lesson: Lesson, prediction: Prediction) -> list[str]:
    """Return what really happens, with the student's own function once its exercise has passed."""
    from grader.engine.reference import Reference

    context.working("Loading PyTorch, then training...")
    if context.statuses(lesson).get(prediction.exercise) is not Status.PASSED:
        comparison, _ = shown(Reference(lesson), prediction)
        return _drawn(lesson, prediction, comparison, context.style, is_own=False)
    from grader.pool.pool import Pool

    source = read_submission(context.submission, lesson.name)
    options = Options((prediction.exercise,), checks=PUBLIC, width=context.style.width)
    job = Job(lesson.name, source, options, f"{__name__}:replay", data={"label": prediction.label})
    with Pool(lesson.root, 1, lessons=[lesson.name], learns=False, borrows=True) as pool:
        (outcome,) = pool.run([job])
    if outcome.fault:
        raise Fault(outcome.fault)
    return [str(line) for line in outcome.answer]


def replay(task: Task, label: str) -> list[str]:
    """Return what a prediction shows with the student's own function, drawn for a terminal."""
    (prediction,) = (each for each in task.lesson.predictions if each.label == label)
    student = Grading(task).student
    try:
        comparison, is_own = shown(student.reference, prediction, student)
    finally:
        student.close()
    return _drawn(task.lesson, prediction, comparison, Style(width=task.options.width), is_own=is_own)


def _drawn(
    lesson: Lesson, prediction: Prediction, comparison: "Comparison | None", style: Style, *, is_own: bool
) -> list[str]:
    """Return what really happens, in words, as characters, and the path of the PNG."""
    from grader.feedback import plot

    if comparison is None:
        return []
    place = save(lesson, f"{lesson.id}-{prediction.label}.png", plot.draw_png(comparison))
    # In words first: a screen reader reads the characters one by one.
    drawn = plot.draw_text(comparison, style.width)
    words = [*([own(prediction)] if is_own else []), plot.describe(comparison)]
    return [*style.wrapped(words), "", drawn, "", f"Picture: {place}"]


def own(prediction: Prediction) -> str:
    """Return the sentence that says whose code is shown."""
    return f"This is your own {prediction.exercise} at work."


def shown(
    reference: "Reference", prediction: Prediction, student: "Student | None" = None
) -> tuple["Comparison | None", bool]:
    """Return what really happens, as what can be drawn, or None; and whether the student's functions have done it.

    With a student, their functions are called, confined. Where they cannot be, because an argument cannot be sent to
    them or one has failed, the solution's are. This imports torch.
    """
    from grader.feedback import plot

    lesson = reference.lesson
    value = _of_student(prediction, student) if student is not None else None
    is_own = value is not None
    try:
        value = value if is_own else reference.predicted(prediction)
    except GraderError:
        raise  # a file of the course that does not load
    except Exception as error:
        file = lesson.shown(lesson.code(prediction.exercise))
        raise Fault(f"{file}:{prediction.line}: {prediction.name} cannot show its answer: {error}.") from error
    comparison = plot.alone(f"{lesson.id} {prediction.exercise}: {prediction.answer.rstrip('.')}", value)
    if comparison is not None and comparison.is_path and not comparison.axes:
        exercise = lesson.exercise(prediction.exercise)
        docstring = getattr(reference.solution, exercise.name).__doc__ or ""
        comparison = plot.named(comparison, docstring, dict.fromkeys(exercise.parameters))
    return comparison, is_own


def _of_student(prediction: Prediction, student: "Student") -> Any:
    """Return what a prediction shows for the student's functions; None if it shows nothing, or not its answer."""
    try:
        with student.watchdog.watching():
            return student.reference.predicted(prediction, lambda name: student.function(student.lesson.exercise(name)))
    except (Exception, OutOfTime):  # noqa: BLE001  a prediction may do anything with what a function returns
        student.interrupt()
        return None


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_file_options(parser)
    add_allow_unconfined(parser)
