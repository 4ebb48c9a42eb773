"""`grade predict`: ask what training will do before the code is written, and answer with a picture."""

import string
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.commands import Answer, Context
from grader.commands.show import save
from grader.course.exercise_file import Prediction
from grader.course.model import Lesson
from grader.errors import Fault, GraderError, UsageError
from grader.reports.text import Style

if TYPE_CHECKING:
    from grader.feedback.plot import Comparison

USAGE = "grade predict 1.4, or grade predict 1.4 run_descent"


def run(context: Context, words: Sequence[str]) -> Answer:
    """Ask the next question of a lesson, or of one exercise, and show what really happens."""
    if len(words) not in (1, 2):
        raise UsageError(f"Name a lesson and optionally an exercise: {USAGE}")
    lesson = context.course.find(words[0])
    exercise = lesson.exercise(words[1]).name if len(words) == 2 else ""
    asked = [each for each in lesson.predictions if exercise in ("", each.exercise)]
    if not asked:
        where = exercise or f"Lesson {lesson.id}"
        others = dict.fromkeys(each.exercise for each in lesson.predictions)
        there = f" There is one for {', '.join(others)}." if others else ""
        return Answer(f"{where} has no prediction.{there}")
    answered = {each: answered_at(context, lesson, each) for each in asked}
    # Questions that were never answered come first, then the one answered longest ago.
    return _ask(
        context, lesson, min(asked, key=lambda each: answered[each]), sum(not at for at in answered.values()) - 1
    )


def _ask(context: Context, lesson: Lesson, prediction: Prediction, left: int) -> Answer:
    letters = string.ascii_lowercase[: len(prediction.options)]
    title = context.style.paint(f"{lesson.id} {prediction.exercise}: what do you think?", "1")
    listed = [
        line
        for letter, (option, _) in zip(letters, prediction.options, strict=True)
        for line in context.style.wrapped([f"{letter}) {option}"], "  ")
    ]
    question = "\n".join([title, "", *context.style.wrapped([prediction.question]), "", *listed, ""])
    typed = _typed(context, f"{question}\nYour answer ({', '.join(letters)}): ", letters)
    if not typed:
        return Answer(f"No answer yet. When you have one: grade predict {lesson.id} {prediction.exercise}")
    option, sentence = prediction.options[letters.index(typed)]
    note_answered(context, lesson, prediction)
    is_right = option == prediction.answer
    lines = ["", *context.style.wrapped([f"{'Right.' if is_right else 'Not quite.'} {sentence}"]), ""]
    context.working("Loading PyTorch, then training...")
    lines += _picture(lesson, prediction, context.style)
    if not is_right:
        because = dict(prediction.options)[prediction.answer]
        lines += ["", *context.style.wrapped([f"What happens: {prediction.answer} {because}"])]
    if left > 0:
        lines += ["", f"Next question: grade predict {lesson.id}"]
    return Answer("\n".join(lines))


def _typed(context: Context, question: str, letters: str) -> str:
    """Return the letter of the answer, asked again after a typo; empty if nothing is typed."""
    while typed := context.ask(question).lower().strip("(). "):
        if len(typed) == 1 and typed in letters:
            return typed
        question = f"Type one of the letters {', '.join(letters)}, or only Enter to stop: "
    return ""


def answered_at(context: Context, lesson: Lesson, prediction: Prediction) -> str:
    """Return when a prediction was last answered, as text that sorts like time; empty if never."""
    return context.store.noted(_fact(lesson, prediction)) or ""


def note_answered(context: Context, lesson: Lesson, prediction: Prediction) -> None:
    """Note that a prediction is answered now."""
    context.store.note(_fact(lesson, prediction), f"{time.time():020.6f}")


def _picture(lesson: Lesson, prediction: Prediction, style: Style) -> list[str]:
    """Return what really happens, in words, as characters, and the path of the PNG."""
    from grader.feedback import plot

    comparison = shown(lesson, prediction)
    if comparison is None:
        return []
    place = save(lesson, f"{lesson.id}-{prediction.label}.png", plot.draw_png(comparison))
    # In words first: a screen reader reads the characters one by one.
    drawn = plot.draw_text(comparison, style.width)
    return [*style.wrapped([plot.describe(comparison)]), "", drawn, "", f"Picture: {place}"]


def shown(lesson: Lesson, prediction: Prediction) -> "Comparison | None":
    """Return what really happens, as what can be drawn; None if nothing can. This imports torch."""
    from grader.engine.reference import Reference
    from grader.feedback import plot

    try:
        reference = Reference(lesson)
        value = reference.predicted(prediction)
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
    return comparison


def _fact(lesson: Lesson, prediction: Prediction) -> str:
    return f"predicted {lesson.name} {prediction.label}"
