"""The `.py` of an exercise: checks, correct variants, predictions, drivers, and the picture of its values.

It is parsed, never imported. A check is a function named ``test_...``; decorators mark everything else.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.course.definitions import Definition, Module, decorated_as, extracted
from grader.course.solution import refuse_async
from grader.errors import CourseError
from grader.verdict import Visibility

VARIANT, DRIVER, PICTURE, PREDICT = "variant", "driver", "picture", "predict"
MARKS = (VARIANT, DRIVER, PICTURE, PREDICT)
_WITHHELD = {"hidden": Visibility.HIDDEN, "after_due": Visibility.AFTER_DUE}


@dataclass(frozen=True)
class Check:
    """A test function."""

    name: str
    exercise: str
    claim: str
    """The first line of the docstring, shown to the student."""
    why: str
    """The rest of the docstring."""
    visibility: Visibility = Visibility.PUBLIC
    """Set by the decorators ``hidden`` and ``after_due`` of grader.authoring."""
    points: int = 1
    """Set by the decorator ``points``."""
    keeps: str = ""
    """Why it is kept although no known mistake fails it; set by the decorator ``keeps``."""
    line: int = 1


@dataclass(frozen=True)
class Variant:
    """A correct answer in another style, which must pass all checks."""

    exercise: str
    name: str
    summary: str
    """The first line of the docstring."""
    source: str
    """Standalone source: the function and what it uses."""
    line: int

    @property
    def label(self) -> str:
        """Its unique name in the lesson: ``compute_grid__double_loop``."""
        return f"{self.exercise}__{self.name}"


@dataclass(frozen=True)
class Prediction:
    """A question to answer before writing the code."""

    exercise: str
    name: str
    question: str
    options: tuple[tuple[str, str], ...]
    """The possible answers in alphabetical order, each with the reply to it."""
    answer: str
    """The correct option."""
    line: int

    @property
    def label(self) -> str:
        """Its unique name in the lesson: ``run_descent__small_step``."""
        return f"{self.exercise}__{self.name}"


@dataclass(frozen=True)
class ExerciseFile:
    """The parsed `.py` of an exercise."""

    exercise: str
    module: Module
    checks: tuple[Check, ...]
    variants: tuple[Variant, ...]
    predictions: tuple[Prediction, ...]
    drivers: tuple[str, ...]
    """The functions that run in the worker beside the student's."""
    drivers_source: str
    """Standalone source of the drivers: they run in the worker, without the checks."""
    picture: str
    """The function that adds to the picture of the exercise, or empty."""


def read_exercise_file(module: Module, exercise: str, shared: Mapping[str, Module]) -> ExerciseFile:
    """Parse an exercise file; raises CourseError, with the line, if it breaks the format."""
    refuse_async(module)
    marked = {mark: [node for node in module.definitions() if _mark(module, node) == mark] for mark in MARKS}
    tests = [node for node in module.definitions() if node.name.startswith("test_")]
    pictures = [node.name for node in marked[PICTURE]]
    if len(pictures) > 1:
        problem = f"{pictures[1]} is the second @picture of the exercise: only one is allowed."
        raise CourseError(module.file, marked[PICTURE][1].lineno, problem)
    drivers = tuple(node.name for node in marked[DRIVER]) + tuple(_shared_drivers(module, shared))
    return ExerciseFile(
        exercise,
        module,
        tuple(_check(module.file, node, exercise) for node in tests),
        tuple(_variant(module, node, exercise, shared) for node in marked[VARIANT]),
        tuple(_prediction(module.file, node, exercise) for node in marked[PREDICT]),
        drivers,
        extracted(module, drivers, shared, without=MARKS) if drivers else "",
        pictures[0] if pictures else "",
    )


def _mark(module: Module, node: Definition) -> str:
    marks = [name for name in map(decorated_as, node.decorator_list) if name in MARKS]
    if len(marks) > 1:
        raise CourseError(module.file, node.lineno, f"{node.name} is both @{marks[0]} and @{marks[1]}: choose one.")
    if marks and node.name.startswith("test_"):
        raise CourseError(module.file, node.lineno, f"{node.name} is a @{marks[0]} but named like a check: rename it.")
    return marks[0] if marks else ""


def _shared_drivers(module: Module, shared: Mapping[str, Module]) -> Iterator[str]:
    """Yield the drivers that a file imports from the lesson's shared module."""
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom) and node.level and node.module is not None and node.module in shared:
            there = {each.name: each for each in shared[node.module].definitions()}
            for alias in node.names:
                definition = there.get(alias.name)
                if definition is not None and DRIVER in map(decorated_as, definition.decorator_list):
                    yield alias.asname or alias.name


def _check(file: str, node: Definition, exercise: str) -> Check:
    docstring = ast.get_docstring(node)
    if not docstring:
        raise CourseError(file, node.lineno, f"{node.name} has no docstring: its first line is shown to the student.")
    if not isinstance(node, ast.FunctionDef) or exercise not in (each.arg for each in node.args.args):
        raise CourseError(file, node.lineno, f"{node.name} needs an argument named {exercise}.")
    claim, _, why = docstring.partition("\n")
    visibility, points = _visibility(file, node), _points(file, node)
    return Check(
        node.name, exercise, claim.strip(), " ".join(why.split()), visibility, points, _keeps(node), node.lineno
    )


def _visibility(file: str, node: Definition) -> Visibility:
    said = [_WITHHELD[name] for name in map(decorated_as, node.decorator_list) if name in _WITHHELD]
    if len(said) > 1:
        raise CourseError(file, node.lineno, f"{node.name} is both @hidden and @after_due: choose one.")
    return said[0] if said else Visibility.PUBLIC


def _points(file: str, node: Definition) -> int:
    for decorator in node.decorator_list:
        if decorated_as(decorator) == "points" and isinstance(decorator, ast.Call):
            match [*decorator.args, *(word.value for word in decorator.keywords)]:
                case [ast.Constant(value=int(number))]:
                    return number
            problem = f"@points of {node.name} must be a whole number, such as @points(2)."
            raise CourseError(file, node.lineno, problem)
    return 1


def _keeps(node: Definition) -> str:
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(args=[ast.Constant(value=str(reason))]) if decorated_as(decorator) == "keeps":
                return reason
    return ""


def _variant(module: Module, node: Definition, exercise: str, shared: Mapping[str, Module]) -> Variant:
    docstring = ast.get_docstring(node)
    if not docstring:
        raise CourseError(module.file, node.lineno, f"{node.name} has no docstring: describe the style in one line.")
    source = extracted(module, [node.name], shared, without=MARKS)
    if node.name != exercise:
        source += f"\n\n\n{exercise} = {node.name}"
    return Variant(exercise, node.name, docstring.splitlines()[0], source, node.lineno)


def _prediction(file: str, node: Definition, exercise: str) -> Prediction:
    question = ast.get_docstring(node)
    if not question:
        raise CourseError(file, node.lineno, f"{node.name} has no docstring: write the question there.")
    texts = _texts(file, node)
    options = {**texts["otherwise"], texts["answer"]: texts["because"]}
    listed = tuple(sorted(options.items()))
    return Prediction(exercise, node.name, " ".join(question.split()), listed, texts["answer"], node.lineno)


def _texts(file: str, node: Definition) -> dict[str, Any]:
    """Return the arguments of @predict; raises CourseError unless they are literals of the right types."""
    for call in node.decorator_list:
        if not isinstance(call, ast.Call) or decorated_as(call) != PREDICT:
            continue
        try:
            texts = {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
        except ValueError:
            break
        match texts:
            case {"answer": str(), "because": str(), "otherwise": dict() as wrong, **rest} if (
                wrong and not rest and all(isinstance(text, str) for pair in wrong.items() for text in pair)
            ):
                return texts
    problem = (
        f"@predict of {node.name} must be @predict(answer=..., because=..., otherwise={{...}}), with string literals"
        " and at least one wrong option."
    )
    raise CourseError(file, node.lineno, problem)
