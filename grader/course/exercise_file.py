"""What the `.py` of an exercise says: checks, right variants, predictions, drivers, and how its values are drawn.

It is read as text. A function is a check by its name, ``test_...``, and anything else by its decorator.
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
    """The first line of the docstring, which the student reads."""
    why: str
    """The rest of the docstring."""
    visibility: Visibility = Visibility.PUBLIC
    """What the decorators ``hidden`` and ``after_due`` of grader.authoring say."""
    points: int = 1
    """What the decorator ``points`` says."""
    keeps: str = ""
    """Why it stays although no known mistake fails it, as the decorator ``keeps`` says."""
    line: int = 1


@dataclass(frozen=True)
class Variant:
    """A right answer in another style, which all checks must pass."""

    exercise: str
    name: str
    summary: str
    """The first line of the docstring."""
    source: str
    """A source of its own: the function with what it uses."""
    line: int

    @property
    def label(self) -> str:
        """What it is called in all of the lesson: ``compute_grid__double_loop``."""
        return f"{self.exercise}__{self.name}"


@dataclass(frozen=True)
class Prediction:
    """A question that is asked before the code is written."""

    exercise: str
    name: str
    question: str
    options: tuple[tuple[str, str], ...]
    """What can be answered, in the order of the alphabet, each with the sentence that it gets."""
    answer: str
    """The option that is right."""
    line: int

    @property
    def label(self) -> str:
        """What it is called in all of the lesson: ``run_descent__small_step``."""
        return f"{self.exercise}__{self.name}"


@dataclass(frozen=True)
class ExerciseFile:
    """All that the `.py` of an exercise says."""

    exercise: str
    module: Module
    checks: tuple[Check, ...]
    variants: tuple[Variant, ...]
    predictions: tuple[Prediction, ...]
    drivers: tuple[str, ...]
    """The names of the functions that run beside the student's."""
    drivers_source: str
    """A source of its own for the drivers: they run where the student's code does, without the checks."""
    picture: str
    """The name of the function that adds to a picture of the exercise, or empty."""


def read_exercise_file(module: Module, exercise: str, shared: Mapping[str, Module]) -> ExerciseFile:
    """Return what a file says; raises CourseError, with the line, for what is written in another way."""
    refuse_async(module)
    marked = {mark: [node for node in module.definitions() if _mark(module, node) == mark] for mark in MARKS}
    tests = [node for node in module.definitions() if node.name.startswith("test_")]
    pictures = [node.name for node in marked[PICTURE]]
    if len(pictures) > 1:
        problem = f"{pictures[1]} is the second @picture of the exercise: there can be one."
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
        raise CourseError(module.file, node.lineno, f"{node.name} is both {marks[0]} and {marks[1]}: choose one.")
    if marks and node.name.startswith("test_"):
        raise CourseError(module.file, node.lineno, f"{node.name} is a {marks[0]} and named like a check: rename it.")
    return marks[0] if marks else ""


def _shared_drivers(module: Module, shared: Mapping[str, Module]) -> Iterator[str]:
    """Yield the drivers that a file imports from what the lesson shares."""
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
        raise CourseError(file, node.lineno, f"{node.name} has no docstring: its first line is what the student reads.")
    if not isinstance(node, ast.FunctionDef) or exercise not in (each.arg for each in node.args.args):
        raise CourseError(file, node.lineno, f"{node.name} needs an argument called {exercise}.")
    claim, _, why = docstring.partition("\n")
    visibility, points = _visibility(file, node), _points(file, node)
    return Check(
        node.name, exercise, claim.strip(), " ".join(why.split()), visibility, points, _keeps(node), node.lineno
    )


def _visibility(file: str, node: Definition) -> Visibility:
    said = [_WITHHELD[name] for name in map(decorated_as, node.decorator_list) if name in _WITHHELD]
    if len(said) > 1:
        raise CourseError(file, node.lineno, f"{node.name} is both hidden and after_due: choose one.")
    return said[0] if said else Visibility.PUBLIC


def _points(file: str, node: Definition) -> int:
    for decorator in node.decorator_list:
        if decorated_as(decorator) == "points" and isinstance(decorator, ast.Call):
            match [*decorator.args, *(word.value for word in decorator.keywords)]:
                case [ast.Constant(value=int(number))]:
                    return number
            problem = f"the points of {node.name} are not a number: write @points(2), with a whole number."
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
        raise CourseError(file, node.lineno, f"{node.name} has no docstring: it is the question.")
    texts = _texts(file, node)
    options = {**texts["otherwise"], texts["answer"]: texts["because"]}
    listed = tuple(sorted(options.items()))
    return Prediction(exercise, node.name, " ".join(question.split()), listed, texts["answer"], node.lineno)


def _texts(file: str, node: Definition) -> dict[str, Any]:
    """Return what @predict says; raises CourseError for anything but literals of the right kinds."""
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
        f"@predict of {node.name} cannot be read: write @predict(answer=..., because=..., otherwise={{...}}), with"
        " texts in quotes and at least one wrong option."
    )
    raise CourseError(file, node.lineno, problem)
