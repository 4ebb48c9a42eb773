"""The report for a terminal: words before symbols, and colour never the only signal."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from grader.course.model import Course, Lesson
from grader.errors import GraderError
from grader.feedback import describe
from grader.reports.audience import checks_held
from grader.verdict import CheckVerdict, ExerciseVerdict, LessonVerdict, Report, Status

WORDS = {
    Status.PASSED: "passed",
    Status.WRONG: "WRONG",
    Status.RAISED: "RAISED",
    Status.TIMEOUT: "TIMEOUT",
    Status.CRASHED: "CRASHED",
    Status.INVALID: "INVALID",
    Status.TODO: "to do",
    Status.FAULT: "FAULT",
}
PROSE_WIDTH = 76
INDENT = 4
"""The indent of prose about an exercise; together they fill the 80 columns of a default terminal."""
_COLOURS = {Status.PASSED: "32", Status.TODO: "2", Status.FAULT: "35"}
_RED = "31"


@dataclass(frozen=True)
class Style:
    """Whether the text may have colours."""

    colour: bool = False

    def paint(self, text: str, code: str) -> str:
        """Return the text in an ANSI colour, or unchanged."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def status(self, status: Status, width: int = 7) -> str:
        """Return the word of a status, padded and in its colour."""
        return self.paint(f"{WORDS[status]:<{width}}", _COLOURS.get(status, _RED))


def render(report: Report, style: Style, seconds: float, course: Course | None = None) -> str:
    """Return the whole report: each lesson with one failure in full, then the points and the next step."""
    lines: list[str] = []
    for lesson in report.lessons:
        lines += _lesson(lesson, style)
        lines += [""] if lines[-1] else []
    lines += ending(report, seconds, course)
    return "\n".join(lines) + "\n"


def _lesson(lesson: LessonVerdict, style: Style) -> list[str]:
    lines = [style.paint(f"{lesson.id} {lesson.title}", "1"), ""]
    if (check := _of_the_file(lesson)) is not None:
        points = f"{lesson.points} of {lesson.max_points} points"
        prose = _indented(describe.describe(check))
        return [*lines, f"  {style.status(check.status)}  all {len(lesson.exercises)} exercises  {points}", *prose]
    width = max((len(exercise.name) for exercise in lesson.exercises), default=0)
    in_full = to_mend(lesson.exercises)
    for exercise in lesson.exercises:
        lines += exercise_lines(lesson, exercise, style, in_full=exercise is in_full, width=width)
    return lines


def to_mend(exercises: Sequence[ExerciseVerdict]) -> ExerciseVerdict | None:
    """Return the exercise to show in full, for a wall of failures goes unread: a fault, or else what to mend first.

    That is the first one that failed, unless another one of those, which it calls, is to blame.
    """
    faults = [each for each in exercises if each.status is Status.FAULT]
    failed = [each for each in exercises if each.status not in (Status.PASSED, Status.TODO)]
    names = {each.name for each in failed}
    return next(iter([*faults, *(each for each in failed if each.mend_first not in names), *failed]), None)


def _of_the_file(lesson: LessonVerdict) -> CheckVerdict | None:
    """Return what failed before any function was called, and so in every exercise alike; None if there is none."""
    failures = [exercise.first_failure for exercise in lesson.exercises]
    found = [check for check in failures if check is not None and not check.counterexample]
    # The time that the file took to load differs between its workers.
    reasons = {(check.status, re.sub(r"[\d.]+", "", check.message), check.frames[:1]) for check in found}
    is_ours = any(check.status in (Status.TODO, Status.FAULT) for check in found)
    return found[0] if len(found) == len(failures) > 1 == len(reasons) and not is_ours else None


def exercise_lines(
    lesson: LessonVerdict, exercise: ExerciseVerdict, style: Style, *, in_full: bool, width: int = 0
) -> list[str]:
    """Return the line of an exercise, and below it its failure (if ``in_full``), what is still to do, or advice."""
    lines = [_exercise_line(exercise, width, style)]
    if in_full:
        lines += _first_failure(exercise, lesson)
    elif exercise.mend_first:
        lines += [f"    {line}" for line in _wrapped(f"Mend {exercise.mend_first} first: {exercise.name} calls it.")]
    elif exercise.status is Status.TODO:
        lines += [f"    {line}".rstrip() for text in still_open(exercise) for line in _wrapped(text)]
    elif exercise.status is Status.PASSED:
        advice = [f"Passed, but could be better: {text}" for text in exercise.advice]
        lines += [f"    {line}" for text in advice for line in _wrapped(text)]
    return lines


def _exercise_line(exercise: ExerciseVerdict, width: int, style: Style) -> str:
    return f"  {style.status(exercise.status)}  {exercise.name:<{width}}  {points_of(exercise)}".rstrip()


def points_of(exercise: ExerciseVerdict) -> str:
    """Return the points of an exercise in words, and what is not in them."""
    points = "no score" if exercise.points is None else f"{exercise.points} of {exercise.max_points} points"
    if exercise.bonus:
        points += " (bonus)"
    if exercise.withheld:
        points += f"; {checks_held(exercise)}"
    return points


def _first_failure(exercise: ExerciseVerdict, lesson: LessonVerdict) -> list[str]:
    check = exercise.first_failure
    if check is None:
        return []
    prose = [*describe.describe(check), *beside_failure(exercise)]
    if check.status in (Status.WRONG, Status.RAISED, Status.TIMEOUT, Status.CRASHED):
        prose += ["", f"Stuck? grade hint {lesson.id} {exercise.name}"]
    return _indented(prose)


def beside_failure(exercise: ExerciseVerdict) -> list[str]:
    """Return what else failed in an exercise, and how many of its checks pass, each after an empty line."""
    also = ["", f"Failed, too: {exercise.also_failed}"] if exercise.also_failed else []
    held = [other for other in exercise.checks if other.status is Status.PASSED]
    if not held:
        return also
    one = len(held) == 1
    later = f"; {'it counts' if one else 'they count'} once {exercise.unpaid_until}"
    later = later if exercise.unpaid_until else ""
    checks = "public checks" if exercise.withheld else "checks"
    return [*also, "", f"{len(held)} of {len(exercise.checks)} {checks} pass{'es' if one else ''}{later}."]


def _indented(prose: Sequence[str]) -> list[str]:
    """Return prose about an exercise or the file, indented, between two empty lines."""
    return ["", *(f"{' ' * INDENT}{line}".rstrip() for paragraph in prose for line in _wrapped(paragraph)), ""]


def still_open(exercise: ExerciseVerdict) -> list[str]:
    """Return what is still to do in an exercise that was begun; for any other, its line says it all."""
    if not is_begun(exercise):
        return []
    messages = [check.message for check in exercise.checks if check.status is Status.TODO]
    return [line for message in dict.fromkeys(messages) for line in message.splitlines()]


def is_begun(exercise: ExerciseVerdict) -> bool:
    """Whether a check passes already."""
    return any(check.status is Status.PASSED for check in exercise.checks)


def _wrapped(line: str) -> list[str]:
    """Return prose wrapped to the report width; indented lines are code or values and stay as they are."""
    if len(line) <= PROSE_WIDTH or line.startswith("  "):
        return [line]
    return textwrap.wrap(line, PROSE_WIDTH, break_long_words=False, break_on_hyphens=False)


def ending(report: Report, seconds: float, course: Course | None = None) -> list[str]:
    """Return the last lines: the points and the next step."""
    if report.points is None:
        total = "Not scored: a bug in the workbook, not in your code."
    else:
        total = f"{report.points} of {report.max_points} points"
        # Where only a bonus exercise was graded, its points are the total already.
        beside = [each for lesson in report.lessons for each in lesson.exercises if each not in lesson.counted]
        bonus = sum(exercise.points or 0 for exercise in beside)
        total += f", and {bonus} bonus point{'s' * (bonus != 1)}" if bonus else ""
    lines = [f"{total}   {seconds:.1f} s", *_next_step(report, course)]
    if report.isolation != "confined":
        lines.append("Isolation: process. This machine cannot confine your code; it ran as a plain process.")
    if report.seed is None:
        lines.append("Checked with fresh examples, different from those on your own machine.")
    elif report.seed:
        lines.append(f"Fresh examples, seed {report.seed}. To repeat them: --seed {report.seed}")
    return lines


def _next_step(report: Report, course: Course | None) -> list[str]:
    """Return the next step if nothing has failed."""
    counted = [(lesson, exercise) for lesson in report.lessons for exercise in lesson.counted]
    every = {exercise.status for lesson in report.lessons for exercise in lesson.exercises}
    if not every or every - {Status.PASSED, Status.TODO}:
        return []
    for lesson, exercise in counted:
        if exercise.status is Status.TODO:
            return [_to_do(lesson, exercise)]
    withheld = sum(exercise.withheld for lesson in report.lessons for exercise in lesson.exercises)
    more = "1 more is" if withheld == 1 else f"{withheld} more are"
    return [f"All public checks pass; {more} run at grading." if withheld else _complete(report, course)]


def next_exercise(lesson: LessonVerdict, course: Course) -> str:
    """Return what comes after an exercise that has passed: another one of its lesson, or the next lesson."""
    left = next((each for each in lesson.counted if each.status is not Status.PASSED), None)
    if left is None:
        return _completed([lesson.id], course)
    if left.status is Status.TODO:
        return _to_do(lesson, left)
    return f"Next: {left.name} has not passed yet: grade {lesson.id} {left.name}"


def _to_do(lesson: LessonVerdict, exercise: ExerciseVerdict) -> str:
    verb = "finish" if is_begun(exercise) else "write"
    return f"Next: {verb} {exercise.name}, then grade {lesson.id} {exercise.name}"


def _complete(report: Report, course: Course | None) -> str:
    """Return what is complete, and the next lesson if the course is known."""
    if len(report.lessons) == 1 and len(report.lessons[0].exercises) == 1:
        # Perhaps the only exercise that was selected.
        return f"Exercise {report.lessons[0].exercises[0].name} complete."
    return _completed([lesson.id for lesson in report.lessons], course)


def _completed(ids: Sequence[str], course: Course | None) -> str:
    known = [lesson.id for lesson in course.lessons] if course is not None else []
    later = known[known.index(ids[0]) :] if ids[0] in known else []
    following = next((each for each in later if each not in ids), "")
    done = f"Lesson{'s' * (len(ids) > 1)} {', '.join(ids)} complete."
    return f"{done} Next: lesson {following}." if following else done


def welcome(course: Course, style: Style) -> str:
    """Return what a fresh clone shows: the course and where to start."""
    lines = [style.paint("Learn the Training Loop with PyTorch", "1"), ""]
    for lesson in course.lessons:
        names = ", ".join(exercise.name for exercise in lesson.exercises if not exercise.bonus)
        lines.append(f"  {lesson.id}  {lesson.title}")
        lines.append(f"       {names}")
    first = course.lessons[0]
    steps = [("Read", f"lessons/{first.name}/README.md")]
    steps += [("Predict", f"grade predict {first.id}")] if _has_predictions(first) else []
    steps += [("Write", f"exercises/{first.name}.py"), ("Check", f"grade {first.id}")]
    lines += ["", "Nothing started yet. Start here:"]
    lines += [f"  {number}. {word:<7}  {what}" for number, (word, what) in enumerate(steps, start=1)]
    return "\n".join(lines) + "\n"


def _has_predictions(lesson: Lesson) -> bool:
    """Whether a lesson asks predictions; one that cannot be read says so when it is graded."""
    try:
        return bool(lesson.predictions)
    except GraderError:
        return False
