"""`grade hint`: one hint at a time, after what is wrong now if that is known; hints cost nothing."""

from collections.abc import Sequence

from grader.commands import Answer, Context
from grader.course.exercise_text import NUMBER_OF_HINTS
from grader.course.model import Lesson
from grader.course.solution import Exercise
from grader.errors import CourseError
from grader.text import clean
from grader.verdict import Status

USAGE = "grade hint LESSON EXERCISE"


def run(context: Context, words: Sequence[str]) -> Answer:
    """Show the next hint for an exercise, or the next step if it has passed."""
    lesson, exercise = context.selected(words, USAGE)
    context.warn([lesson])
    if len(words) == 1 and context.has_passed(lesson):
        bonus = [each.name for each in lesson.exercises if each.bonus]
        there = [f"Hints for the bonus: grade hint {lesson.id} {bonus[0]}"] if bonus else []
        passed = f"All that counts in lesson {lesson.id} has passed."
        return Answer("\n".join([*context.style.wrapped([passed, *there]), *context.next_step()]))
    hints = hints_of(lesson, exercise)
    file = lesson.texts[exercise.name].file
    if context.statuses(lesson).get(exercise.name) is Status.PASSED:
        passed = f"{lesson.id} {exercise.name} has passed: it needs no hint. All three are in {file}"
        return Answer("\n".join([*context.style.wrapped([passed]), *context.next_step()]))
    number = show_next(context, lesson, exercise)
    lines = [context.style.paint(f"{lesson.id} {exercise.name}, hint {number} of {NUMBER_OF_HINTS}", "1"), ""]
    lines += _wrong_now(context, f"hinted {lesson.name} {exercise.name}", wrong_now(context, lesson, exercise))
    lines += context.style.wrapped(plain(hints[number - 1]))
    if number < NUMBER_OF_HINTS:
        again = f"Try this before the next hint: grade hint {lesson.id} {exercise.name}"
        lines += ["", *context.style.wrapped([again])]
    else:
        last = f"That was the last hint. All three are in {file}"
        further = [
            f"Change your code, then check it: grade {lesson.id} {exercise.name}",
            f"To see the solution: grade solution {lesson.id} {exercise.name}",
        ]
        lines += ["", *context.style.wrapped([last, *further])]
    return Answer("\n".join(lines))


def hints_of(lesson: Lesson, exercise: Exercise) -> tuple[str, ...]:
    """Return the hints for an exercise, in Markdown; raises CourseError if their file is missing."""
    text = lesson.texts[exercise.name]
    if not text.hints:
        raise CourseError(text.file, 1, f"the file is missing: it holds the hints for {exercise.name}.")
    return text.hints


def number_shown(context: Context, lesson: Lesson, exercise: Exercise) -> int:
    """Return how many hints for an exercise have been shown."""
    noted = context.store.noted(_fact(lesson, exercise)) or "0"
    return min(int(noted), NUMBER_OF_HINTS) if noted.isdigit() else 0


def show_next(context: Context, lesson: Lesson, exercise: Exercise) -> int:
    """Note that one more hint is shown, and return its number, counted from 1; after the last one, the last again."""
    number = min(number_shown(context, lesson, exercise) + 1, NUMBER_OF_HINTS)
    context.store.note(_fact(lesson, exercise), str(number))
    return number


def wrong_now(context: Context, lesson: Lesson, exercise: Exercise) -> str:
    """Return the mistake or the cause that the last verdict on the present file names; empty if it names none."""
    verdict = context.verdict(lesson)
    graded = verdict.exercises if verdict is not None else ()
    failure = next((each.first_failure for each in graded if each.name == exercise.name), None)
    return clean(failure.explanation) if failure is not None and (failure.mistake or failure.cause) else ""


def _fact(lesson: Lesson, exercise: Exercise) -> str:
    return f"hints {lesson.name} {exercise.name}"


def _wrong_now(context: Context, fact: str, found: str) -> list[str]:
    """Return what is wrong now, unless the hint before has said the same."""
    if found and found != context.store.noted(fact):
        context.store.note(fact, found)
        return [*context.style.wrapped(["What is wrong now:", *found.splitlines()]), ""]
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
