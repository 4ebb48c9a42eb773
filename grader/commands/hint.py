"""`grade hint`: one hint at a time, after what is wrong now if that is known; hints cost nothing."""

from collections.abc import Sequence

from grader.commands import Answer, Context, wrapped
from grader.course.exercise_text import NUMBER_OF_HINTS
from grader.errors import CourseError
from grader.reports.text import next_exercise
from grader.text import clean
from grader.verdict import ExerciseVerdict, Status

USAGE = "grade hint 1.4 compute_grid"


def run(context: Context, words: Sequence[str]) -> Answer:
    """Show the next hint for an exercise, or the next step if it has passed."""
    lesson, exercise = context.selected(words, USAGE)
    text = lesson.texts[exercise.name]
    if not text.hints:
        raise CourseError(text.file, 1, f"the file is missing: it holds the hints for {exercise.name}.")
    verdict = context.verdict(lesson)
    graded = next((each for each in verdict.exercises if each.name == exercise.name), None) if verdict else None
    if verdict is not None and graded is not None and graded.status is Status.PASSED:
        passed = f"{lesson.id} {exercise.name} has passed: it needs no hint. All three are in {text.file}"
        return Answer("\n".join(wrapped([passed, next_exercise(verdict, context.course)])))
    fact = f"hints {lesson.name} {exercise.name}"
    noted = context.store.noted(fact) or "0"
    number = min(int(noted) + 1 if noted.isdigit() else 1, NUMBER_OF_HINTS)
    context.store.note(fact, str(number))
    lines = [context.style.paint(f"{lesson.id} {exercise.name}, hint {number} of {NUMBER_OF_HINTS}", "1"), ""]
    lines += _wrong_now(context, f"hinted {lesson.name} {exercise.name}", graded)
    lines += wrapped(plain(text.hints[number - 1]))
    if number < NUMBER_OF_HINTS:
        lines += ["", *wrapped([f"Try this before the next hint: grade hint {lesson.id} {exercise.name}"])]
    else:
        lines += ["", *wrapped([f"That was the last hint. All three are in {text.file}"])]
    return Answer("\n".join(lines))


def _wrong_now(context: Context, fact: str, graded: ExerciseVerdict | None) -> list[str]:
    """Return the mistake or the cause that the last verdict names, unless the hint before has said the same."""
    failure = graded.first_failure if graded is not None else None
    found = clean(failure.explanation) if failure is not None and (failure.mistake or failure.cause) else ""
    said = context.store.noted(fact)
    if found and found != said:
        context.store.note(fact, found)
        return [*wrapped(["What is wrong now:", *found.splitlines()]), ""]
    return []


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
