"""`grade why`: what is checked, in words, with the tolerances, and how the checks themselves were tried."""

import ast
from collections.abc import Sequence

from grader.commands import Answer, Context, wrapped
from grader.course import Check, Exercise, Lesson
from grader.plugin import CONDUCT_CLAIM, EXAMPLE_CLAIM
from grader.verdict import Visibility

USAGE = "grade why 1.4, or grade why 1.4 compute_grid"
TOLERANCES = {
    "TIGHT": "exactly, but for rounding in float64 (1e-9 of the natural size)",
    "LOSS32": "to 1e-5 of the natural size of a loss, so float32 inside is right as well",
    "PARAM32": "to 1e-4 of the natural size of a parameter, so float32 inside is right as well",
}
"""By their names in grader.authoring, which a test compares with these words."""
_RULES = (
    "Each check gives one point, unless it says otherwise. The first must hold before the others pay, because a wrong"
    " function satisfies some of them by accident. Any style is right: loops, broadcasting, autograd or formulas by"
    " hand, float32 or float64. The same file always gets the same verdict."
)


def run(context: Context, words: Sequence[str]) -> Answer:
    """Explain the checks of a lesson, or of one exercise."""
    lesson, exercise = context.selected(words, USAGE)
    exercises = [exercise] if len(words) == 2 else list(lesson.exercises)
    lines = [context.style.paint(f"{lesson.id} {lesson.title}: what is checked", "1"), ""]
    for each in exercises:
        lines += [*_exercise(lesson, each, context), ""]
    lines += wrapped([_RULES])
    return Answer("\n".join(lines))


def _exercise(lesson: Lesson, exercise: Exercise, context: Context) -> list[str]:
    every = [check for check in lesson.checks if check.exercise == exercise.name]
    checks = [check for check in every if check.visibility is Visibility.PUBLIC]
    bonus = " (bonus: it does not count)" if exercise.bonus else ""
    lines = [f"{context.style.paint(exercise.name, '1')}{bonus}", ""]
    number = 1
    if exercise.name in lesson.examples:
        lines += _claim(number, EXAMPLE_CLAIM, "")
        number += 1
    tolerances = _tolerances(lesson)
    for check in checks:
        lines += _claim(number, check.claim, _reason(check), tolerances.get(check.name, ()), check.points)
        number += 1
    lines += _claim(number, CONDUCT_CLAIM, "")
    if unseen := len(every) - len(checks):
        lines += ["", *wrapped([f"{unseen} more {'is' if unseen == 1 else 'are'} run at grading."], "  ")]
    return [*lines, "", *wrapped([_tried(lesson, exercise)], "  ")]


def _tried(lesson: Lesson, exercise: Exercise) -> str:
    """Return on what the checks are tried, by `grade audit`."""
    known = sum(mistake.exercise == exercise.name for mistake in lesson.mistakes)
    right = sum(name == exercise.name for name, _ in lesson.variants)
    passes = f"pass the solution and {right} more right answers in other styles, and they " if right else ""
    return f"These checks {passes}fail {known} known wrong answers, each by its name."


def _claim(number: int, claim: str, reason: str, tolerances: Sequence[str] = (), points: int = 1) -> list[str]:
    first, *rest = wrapped([claim], "     ")
    lines = [f"  {number}. {first.strip()}", *rest]
    if reason:
        lines += wrapped([reason], "     ")
    if tolerances:
        lines += wrapped([f"Compared {' and '.join(TOLERANCES[name] for name in tolerances)}."], "     ")
    if points != 1:
        lines.append(f"     It gives {points or 'no'} points.")
    return lines


def _reason(check: Check) -> str:
    return " ".join(check.why.split())


def _tolerances(lesson: Lesson) -> dict[str, tuple[str, ...]]:
    """Return by check the names of the tolerances with which it compares."""
    found = {}
    for node in ast.parse(lesson.checks_file.read_bytes()).body:
        if isinstance(node, ast.FunctionDef):
            names: dict[str, None] = {}
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "assert_close":
                    given = [word.value for word in call.keywords if word.arg == "tolerance"]
                    names |= dict.fromkeys(each.id for each in given if isinstance(each, ast.Name))
                    names |= {} if given else {"TIGHT": None}
            found[node.name] = tuple(name for name in names if name in TOLERANCES)
    return found
