"""The report for a terminal: words before symbols, and colour never the only signal."""

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.course.model import Course, Lesson
from grader.errors import GraderError
from grader.feedback import describe
from grader.invocation import NAME, as_typed
from grader.reports.audience import checks_held
from grader.text import clean
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
INDENT = 4
"""The indent of prose about an exercise."""
WIDTH = 80
"""The columns of a report that is not shown in a terminal."""
MAX_WIDTH, MIN_WIDTH = 100, 40
"""Wider prose is hard to read, and narrower prose hardly any."""
READING = "(with formulas: on GitHub, or in VS Code with Ctrl/Cmd+Shift+V)"
"""How to read a lesson: in most editors its page is the source of the formulas."""
GLUE = "\ue000"
"""Stands for a space at which no line ends; `clean` leaves none of these in a text."""
_ARGUMENTS = r"(?:[a-z]+ )?\d+\.\d+(?: (?:[a-z]+_[a-z_]+|[a-z]+$))?"
_COLOURS = {Status.PASSED: "32", Status.TODO: "2", Status.FAULT: "35"}
_RED = "31"


@dataclass(frozen=True)
class Style:
    """How to write in this terminal."""

    colour: bool = False
    width: int = WIDTH
    """Its columns."""
    command: str = NAME
    """What to type in place of ``grade``."""

    @property
    def prose_width(self) -> int:
        """The columns of prose, which may be indented."""
        return max(MIN_WIDTH, min(self.width, MAX_WIDTH)) - INDENT

    def wrapped(self, lines: Iterable[str], indent: str = "", *, is_framed: bool = False) -> list[str]:
        """Return prose wrapped to the terminal; indented lines are code or values and stay as they are.

        A framed text keeps its width whatever its indent is.
        """
        width = self.prose_width - (0 if is_framed else len(indent))
        result: list[str] = []
        for line in lines:
            typed = line if line.startswith("  ") else as_typed(line, self.command)
            is_code = typed.startswith("  ") or len(typed) <= width
            # A command stays on its line: as a whole it can be copied.
            glued = re.sub(rf"{re.escape(self.command)} {_ARGUMENTS}", lambda found: found[0].replace(" ", GLUE), typed)
            parts = textwrap.wrap(glued, width, break_long_words=False, break_on_hyphens=False)
            result += [f"{indent}{part}".rstrip().replace(GLUE, " ") for part in ([typed] if is_code else parts)]
        return result

    def paint(self, text: str, code: str) -> str:
        """Return the text in an ANSI colour, or unchanged."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def status(self, status: Status, width: int = 7) -> str:
        """Return the word of a status, padded and in its colour."""
        return self.paint(f"{WORDS[status]:<{width}}", _COLOURS.get(status, _RED))


def render(report: Report, style: Style, seconds: float, following: Sequence[str] = ()) -> str:
    """Return the whole report: each lesson with one failure in full, then the points and the next step.

    ``following`` says what to do next if nothing has failed.
    """
    lines: list[str] = []
    for lesson in report.lessons:
        lines += _lesson(lesson, style)
        lines += [""] if lines[-1] else []
    lines += ending(report, seconds, following)
    return "\n".join(lines) + "\n"


def _lesson(lesson: LessonVerdict, style: Style) -> list[str]:
    lines = [style.paint(f"{lesson.id} {lesson.title}", "1"), ""]
    if (check := _of_the_file(lesson)) is not None:
        points = f"{lesson.points} of {lesson.max_points} points"
        prose = _indented(describe.describe(check), style)
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
        lines += _first_failure(exercise, lesson, style)
    elif exercise.mend_first:
        mend = f"Mend {exercise.mend_first} first: {exercise.name} calls it."
        lines += style.wrapped([mend], " " * INDENT, is_framed=True)
    elif exercise.status is Status.TODO:
        lines += style.wrapped(still_open(exercise), " " * INDENT, is_framed=True)
    elif exercise.status is Status.PASSED:
        advice = [f"Passed, but could be better: {text}" for text in exercise.advice]
        lines += style.wrapped(advice, " " * INDENT, is_framed=True)
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


def _first_failure(exercise: ExerciseVerdict, lesson: LessonVerdict, style: Style) -> list[str]:
    check = exercise.first_failure
    if check is None:
        return []
    prose = [*describe.describe(check), *beside_failure(exercise)]
    if check.status in (Status.WRONG, Status.RAISED, Status.TIMEOUT, Status.CRASHED):
        prose += ["", f"Stuck? grade hint {lesson.id} {exercise.name}"]
    return _indented(prose, style)


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


def _indented(prose: Sequence[str], style: Style) -> list[str]:
    """Return prose about an exercise or the file, indented, between two empty lines."""
    return ["", *style.wrapped(prose, " " * INDENT, is_framed=True), ""]


def still_open(exercise: ExerciseVerdict) -> list[str]:
    """Return what is still to do in an exercise that was begun; for any other, its line says it all."""
    if not is_begun(exercise):
        return []
    messages = [check.message for check in exercise.checks if check.status is Status.TODO]
    return [line for message in dict.fromkeys(messages) for line in message.splitlines()]


def is_begun(exercise: ExerciseVerdict) -> bool:
    """Whether a check passes already."""
    return any(check.status is Status.PASSED for check in exercise.checks)


def ending(report: Report, seconds: float, following: Sequence[str] = ()) -> list[str]:
    """Return the last lines: the points and the next step."""
    if report.points is None:
        total = "Not scored: a bug in the workbook, not in your code."
    else:
        total = f"{report.points} of {report.max_points} points"
        # Where only a bonus exercise was graded, its points are the total already.
        beside = [each for lesson in report.lessons for each in lesson.exercises if each not in lesson.counted]
        bonus = sum(exercise.points or 0 for exercise in beside)
        total += f", and {bonus} bonus point{'s' * (bonus != 1)}" if bonus else ""
    lines = [f"{total}   {seconds:.1f} s", *_next_step(report, following)]
    if report.isolation != "confined":
        lines.append("Isolation: process. This machine cannot confine your code; it ran as a plain process.")
    if report.seed is None:
        lines.append("Checked with fresh examples, different from those on your own machine.")
    elif report.seed:
        lines.append(f"Fresh examples, seed {report.seed}. To repeat them: --seed {report.seed}")
    return lines


def _next_step(report: Report, following: Sequence[str]) -> list[str]:
    """Return the next step if nothing has failed."""
    counted = [(lesson, exercise) for lesson in report.lessons for exercise in lesson.counted]
    every = {exercise.status for lesson in report.lessons for exercise in lesson.exercises}
    if not every or every - {Status.PASSED, Status.TODO}:
        return []
    for lesson, exercise in counted:
        if exercise.status is Status.TODO:
            verb = "finish" if is_begun(exercise) else "write"
            return [*following] or [f"Next: {verb} {exercise.name}, then grade {lesson.id} {exercise.name}"]
    withheld = sum(exercise.withheld for lesson in report.lessons for exercise in lesson.exercises)
    more = "1 more is" if withheld == 1 else f"{withheld} more are"
    return [f"All public checks pass; {more} run at grading." if withheld else _complete(report), *following]


def _complete(report: Report) -> str:
    """Return what is complete."""
    ids = [lesson.id for lesson in report.lessons]
    if len(ids) == 1 and len(report.lessons[0].exercises) == 1:
        # Perhaps the only exercise that was selected.
        return f"Exercise {report.lessons[0].exercises[0].name} complete."
    return f"Lesson{'s' * (len(ids) > 1)} {', '.join(ids)} complete."


def welcome(course: Course, style: Style) -> str:
    """Return what a fresh clone shows: the course and where to start."""
    lines = [style.paint(clean(course.settings.title), "1"), ""]
    if welcome := clean(course.settings.welcome).strip():
        lines += [*style.wrapped(welcome.splitlines()), ""]
    for lesson in course.lessons:
        names = ", ".join(exercise.name for exercise in lesson.exercises if not exercise.bonus)
        lines.append(f"  {lesson.id}  {lesson.title}")
        lines.append(f"       {names}")
    lines += ["", "Nothing started yet. Start here:", *first_steps(course.lessons[0])]
    return "\n".join(lines) + "\n"


def first_steps(lesson: Lesson) -> list[str]:
    """Return how to begin a lesson."""
    steps = [("Read", f"lessons/{lesson.name}/README.md"), ("", READING)]
    steps += [("Predict", f"grade predict {lesson.id}")] if _has_predictions(lesson) else []
    steps += [("Write", f"exercises/{lesson.name}.py"), ("Check", f"grade {lesson.id}")]
    numbers = iter(range(1, len(steps) + 1))
    return [f"  {f'{next(numbers)}. {word}' if word else '':<10}  {what}" for word, what in steps]


def _has_predictions(lesson: Lesson) -> bool:
    """Whether a lesson asks predictions; one that cannot be read says so when it is graded."""
    try:
        return bool(lesson.predictions)
    except GraderError:
        return False
