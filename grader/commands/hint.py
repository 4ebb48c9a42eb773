"""`grade hint`: one hint at a time, beginning with the mistake where one is named; hints never cost anything."""

from collections.abc import Sequence

from grader.commands import Answer, Context, wrapped
from grader.course.hints import NUMBER, plain, read_hints
from grader.course.model import Exercise, Lesson
from grader.text import clean
from grader.verdict import CheckVerdict

USAGE = "grade hint 1.4 compute_grid"


def run(context: Context, words: Sequence[str]) -> Answer:
    """Show the next hint for an exercise."""
    lesson, exercise = context.selected(words, USAGE)
    hints = read_hints(lesson)[exercise.name]
    fact = f"hints {lesson.name} {exercise.name}"
    noted = context.store.noted(fact) or "0"
    number = min(int(noted) + 1 if noted.isdigit() else 1, NUMBER)
    context.store.note(fact, str(number))
    lines = [context.style.paint(f"{lesson.id} {exercise.name}, hint {number} of {NUMBER}", "1"), ""]
    failure = _failure(context, lesson, exercise)
    if failure is not None and failure.mistake:
        lines += [*wrapped(["What is wrong now:", *clean(failure.explanation).splitlines()]), ""]
    lines += wrapped(plain(hints[number - 1]))
    if number < NUMBER:
        lines += ["", *wrapped([f"Try again with it first. The next hint: grade hint {lesson.id} {exercise.name}"])]
    else:
        lines += ["", *wrapped([f"That was the last one. All three are in lessons/{lesson.name}/hints.md"])]
    return Answer("\n".join(lines))


def _failure(context: Context, lesson: Lesson, exercise: Exercise) -> CheckVerdict | None:
    verdict = context.verdict(lesson)
    graded = verdict.exercises if verdict is not None else ()
    return next((each.first_failure for each in graded if each.name == exercise.name), None)
