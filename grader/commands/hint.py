"""`grade hint`: one hint at a time, after the named mistake if there is one; hints cost nothing."""

from collections.abc import Sequence

from grader.commands import Answer, Context
from grader.course.exercise_text import NUMBER_OF_HINTS
from grader.course.model import Lesson
from grader.course.solution import Exercise
from grader.errors import CourseError
from grader.text import clean
from grader.verdict import CheckVerdict, Status

USAGE = "grade hint 1.4 compute_grid"


def run(context: Context, words: Sequence[str]) -> Answer:
    """Show the next hint for an exercise."""
    lesson, exercise = context.selected(words, USAGE)
    context.warn([lesson])
    if len(words) == 1 and context.has_passed(lesson):
        bonus = [each.name for each in lesson.exercises if each.bonus]
        there = [f"Hints for the bonus: grade hint {lesson.id} {bonus[0]}"] if bonus else []
        passed = f"All that counts in lesson {lesson.id} has passed."
        return Answer("\n".join([*context.style.wrapped([passed, *there]), *context.next_step()]))
    has_passed = context.statuses(lesson).get(exercise.name) is Status.PASSED
    text = lesson.texts[exercise.name]
    if not text.hints:
        raise CourseError(text.file, 1, f"the file is missing: it holds the hints for {exercise.name}.")
    hints = text.hints
    fact = f"hints {lesson.name} {exercise.name}"
    noted = context.store.noted(fact) or "0"
    number = min(int(noted) + 1 if noted.isdigit() else 1, NUMBER_OF_HINTS)
    context.store.note(fact, str(number))
    lines = [context.style.paint(f"{lesson.id} {exercise.name}, hint {number} of {NUMBER_OF_HINTS}", "1"), ""]
    failure = _failure(context, lesson, exercise)
    if failure is not None and (failure.mistake or failure.cause):
        lines += [*context.style.wrapped(["What is wrong now:", *clean(failure.explanation).splitlines()]), ""]
    lines += context.style.wrapped(plain(hints[number - 1]))
    if has_passed:
        lines += ["", *context.style.wrapped([f"{exercise.name} has passed."]), *context.next_step()]
    elif number < NUMBER_OF_HINTS:
        again = f"Try this before the next hint: grade hint {lesson.id} {exercise.name}"
        lines += ["", *context.style.wrapped([again])]
    else:
        lines += ["", *context.style.wrapped([f"That was the last hint. All three are in {text.file}"])]
    return Answer("\n".join(lines))


def _failure(context: Context, lesson: Lesson, exercise: Exercise) -> CheckVerdict | None:
    verdict = context.verdict(lesson)
    graded = verdict.exercises if verdict is not None else ()
    return next((each.first_failure for each in graded if each.name == exercise.name), None)


def plain(markdown: str) -> list[str]:
    """Return Markdown as lines for a terminal: code is indented, and each paragraph is one line to wrap."""
    lines: list[str] = []
    is_code = False
    for line in markdown.splitlines():
        if line.strip().startswith("```"):
            is_code = not is_code
        elif is_code:
            lines.append(f"    {line}")
        elif line.strip() and lines and lines[-1] and not lines[-1].startswith("    "):
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line.strip())
    return lines
