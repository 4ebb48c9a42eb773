"""`grade why`: what the checks require, with their tolerances, how they are tested, and what is wrong now."""

import ast
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader import tolerance
from grader.commands import Answer, Context
from grader.course.definitions import reached, used_names
from grader.course.exercise_file import Check
from grader.course.model import Lesson
from grader.course.solution import BONUS, Exercise
from grader.engine.grading import CONDUCT_CLAIM, EXAMPLE_CLAIM
from grader.reports.text import Style
from grader.text import clean, counted
from grader.verdict import Visibility

USAGE = "grade why LESSON, or grade why LESSON EXERCISE"
_CONSTANTS = {name: value for name, value in vars(tolerance).items() if type(value) is float}
_STYLES = "Any style is right: loops, broadcasting, autograd or formulas by hand"
_RULES = (
    "Each check is worth one point unless it says otherwise. The others count only once the first one passes, because a"
    " wrong function can pass some of them by accident. {styles}. The same file always gets the same verdict."
)


@dataclass(frozen=True)
class Precision:
    """How precisely a check compares: its tolerances, and whether it calls with float64 numbers."""

    tolerances: tuple[float, ...] = ()
    float64: bool = False

    @property
    def is_too_fine(self) -> bool:
        """Whether it compares more precisely than correct float32 code can be; counts are exact in any dtype."""
        return any(0 < each < tolerance.LOSS32 for each in self.tolerances)

    def __str__(self) -> str:
        """Return the text for students; empty if there is nothing to say about numbers."""
        said = "Called with float64 numbers. " if self.float64 else ""
        exactly = ["exactly"] if 0 in self.tolerances else []
        sizes = [_short(each) for each in sorted(self.tolerances) if each]
        compared = [*exactly, *([f"to within {' or '.join(sizes)} of the natural size"] if sizes else [])]
        if compared:
            said += f"Compared {' and '.join(compared)}"
            if self.is_too_fine:
                said += ": compute in float64"
            elif sizes and not self.float64:
                said += ": float32 is precise enough"
            said += "."
        return said.strip()


def _short(number: float) -> str:
    """Return 1e-5 rather than 1e-05."""
    digits, exponent = f"{number:e}".split("e")
    return f"{float(digits):g}e{int(exponent)}"


def run(context: Context, words: Sequence[str]) -> Answer:
    """Explain the checks of a lesson, or of one exercise."""
    lesson, exercise = context.selected(words, USAGE)
    exercises = [exercise] if len(words) == 2 else list(lesson.exercises)
    lines = [context.style.paint(f"{lesson.id} {lesson.title}: what is checked", "1"), ""]
    precision = _precision(lesson)
    for each in exercises:
        if len(words) == 2:
            lines += [*_exercise(lesson, each, context.style, precision), *_wrong_now(lesson, each, context), ""]
        else:
            lines += _in_short(lesson, each, context.style, precision)
    names = {each.name for each in exercises}
    if len(words) == 1:
        lines += ["", *context.style.wrapped([f"Every check in words: grade why {lesson.id} {exercise.name}"]), ""]
    compared = [precision[check.name] for check in lesson.checks if check.exercise in names]
    either = "" if any(each.float64 or each.is_too_fine for each in compared) else ", float32 or float64"
    lines += context.style.wrapped([_RULES.format(styles=_STYLES + either)])
    return Answer("\n".join(lines))


def _in_short(lesson: Lesson, exercise: Exercise, style: Style, precision: Mapping[str, Precision]) -> list[str]:
    """Return what an exercise is, how many checks it has, and how precisely they compare: a lesson fits a screen."""
    every = [check for check in lesson.checks if check.exercise == exercise.name]
    checks = [check for check in every if check.visibility is Visibility.PUBLIC]
    engine = 1 + (exercise.name in lesson.examples)
    number, points = len(checks) + engine, sum(check.points for check in checks) + engine
    counts = f"{counted(number, 'check')}, {counted(points, 'point')}{', a bonus' if exercise.bonus else ''}"
    numbers = [precision[check.name] for check in every]
    merged = Precision(
        tuple(dict.fromkeys(each for part in numbers for each in part.tolerances)),
        any(part.float64 for part in numbers),
    )
    said = " ".join(filter(None, [exercise.summary.removeprefix(BONUS).strip(), str(merged), _unseen(every)]))
    return [f"  {style.paint(exercise.name, '1')}  {counts}", *style.wrapped([said], "    ")]


@dataclass(frozen=True)
class Requirement:
    """What one check requires."""

    claim: str
    reason: str = ""
    precision: str = ""
    points: int = 1


def requirements(
    lesson: Lesson, exercise: Exercise, precision: Mapping[str, Precision] | None = None
) -> list[Requirement]:
    """Return what the public checks of an exercise require, the engine's own among them, in their order."""
    precision = precision if precision is not None else _precision(lesson)
    checks = [each for each in lesson.checks if each.exercise == exercise.name]
    return [
        *([Requirement(EXAMPLE_CLAIM)] if exercise.name in lesson.examples else []),
        *(
            Requirement(check.claim, _reason(check), str(precision[check.name]), check.points)
            for check in checks
            if check.visibility is Visibility.PUBLIC
        ),
        Requirement(CONDUCT_CLAIM),
    ]


def _exercise(lesson: Lesson, exercise: Exercise, style: Style, precision: Mapping[str, Precision]) -> list[str]:
    bonus = " (bonus: it does not count)" if exercise.bonus else ""
    lines = [f"{style.paint(exercise.name, '1')}{bonus}", ""]
    for number, each in enumerate(requirements(lesson, exercise, precision), 1):
        lines += _claim(style, number, each)
    if said := unseen(lesson, exercise):
        lines += ["", *style.wrapped([said], "  ")]
    return [*lines, "", *style.wrapped([tried(lesson, exercise)], "  ")]


def unseen(lesson: Lesson, exercise: Exercise) -> str:
    """Return how many checks of an exercise are run only at grading, in words; empty if there are none."""
    return _unseen([check for check in lesson.checks if check.exercise == exercise.name])


def _unseen(checks: Sequence[Check]) -> str:
    hidden = sum(check.visibility is not Visibility.PUBLIC for check in checks)
    return f"{hidden} more {'is' if hidden == 1 else 'are'} run at grading." if hidden else ""


def _wrong_now(lesson: Lesson, exercise: Exercise, context: Context) -> list[str]:
    """Return the mistake or the cause that the last verdict on the present file names, in words and as data."""
    verdict = context.verdict(lesson)
    graded = verdict.exercises if verdict is not None else ()
    failure = next((each.first_failure for each in graded if each.name == exercise.name), None)
    if failure is None or not (failure.mistake or failure.cause):
        return []
    cause = failure.cause
    found = {"mistake": failure.mistake}
    if cause is not None:
        found = {"kind": cause.kind, "argument": cause.argument, "value": cause.value}
    data = [f"  {name:<9} {clean(value)}" for name, value in found.items() if value]
    said = ["What is wrong now:", *clean(failure.explanation).splitlines()]
    return ["", *context.style.wrapped(said, "  "), *(f"  {line}" for line in data)]


def tried(lesson: Lesson, exercise: Exercise) -> str:
    """Return the answers on which `grade audit` tests the checks."""
    known = sum(mistake.exercise == exercise.name for mistake in lesson.mistakes)
    right = sum(variant.exercise == exercise.name for variant in lesson.variants)
    passes = f"pass the solution and {counted(right, 'right answer')} in other styles, and " if right else ""
    return f"These checks {passes}name the mistake in {counted(known, 'known wrong answer')}."


def _claim(style: Style, number: int, requirement: Requirement) -> list[str]:
    first, *rest = style.wrapped([requirement.claim], "     ")
    lines = [f"  {number}. {first.strip()}", *rest]
    for said in filter(None, (requirement.reason, requirement.precision)):
        lines += style.wrapped([said], "     ")
    if requirement.points != 1:
        lines.append(f"     Worth {requirement.points or 'no'} points.")
    return lines


def _reason(check: Check) -> str:
    return " ".join(check.why.split())


def _precision(lesson: Lesson) -> dict[str, Precision]:
    """Return how precisely each check compares, in its own code and in the functions that it uses."""
    return {check.name: _precision_of(_reached(lesson, check)) for check in lesson.checks}


def _reached(lesson: Lesson, check: Check) -> list[ast.AST]:
    """Return the nodes of a check and of all definitions that it uses, directly or indirectly."""
    own = reached(lesson.files[check.exercise].module.tree, [check.name])
    shared = [reached(module.tree, used_names(own)) for module in lesson.shared_modules.values()]
    return [node for statement in (*own, *itertools.chain(*shared)) for node in ast.walk(statement)]


def _precision_of(nodes: Sequence[ast.AST]) -> Precision:
    assigned: dict[str, ast.expr] = {}
    tolerances: dict[float, None] = {}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                assigned[name] = value
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id="assert_close" | "assert_at_most" as comparison), keywords=keywords):
                given = {word.arg: word.value for word in keywords}
                default = ast.Name("LOSS32") if comparison == "assert_close" else None
                bound = given.get("tolerance", given.get("slack", default))
                if bound is not None and (factor := _factor(bound, assigned)) is not None:
                    tolerances[factor] = None
    float64 = any(isinstance(node, ast.Attribute) and node.attr == "float64" for node in nodes)
    return Precision(tuple(tolerances), float64)


def _factor(bound: ast.expr, assigned: Mapping[str, ast.expr]) -> float | None:
    """Return the number in a bound such as ``2 * LOSS32 * size``; None if there is none."""
    match bound:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.Name(id=name) if name in assigned:
            return _factor(assigned[name], {key: value for key, value in assigned.items() if key != name})
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            factors = [_factor(side, assigned) for side in (left, right)]
            known = [each for each in factors if each is not None]
            return math.prod(known) if known else None
    return None
