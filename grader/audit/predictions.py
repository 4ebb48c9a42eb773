"""The questions of predictions.py: each is written so that it can be asked, and its answer is what happens."""

import ast
import inspect
import traceback
from collections.abc import Iterator

from grader.audit.finding import Finding, finding
from grader.course.model import Lesson
from grader.engine.reference import Reference
from grader.errors import GraderError

TEXTS = ("answer", "because", "otherwise")


def are_well_written(lesson: Lesson) -> Iterator[Finding]:
    """Every prediction is named after an exercise, asks a question, and holds its texts as literals."""
    path = lesson.predictions_file
    if not path.is_file():
        return
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        yield finding(lesson, path, getattr(error, "lineno", None) or 1, f"this is no Python: {error}.")
        return
    names = [exercise.name for exercise in lesson.exercises]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield from (finding(lesson, path, node.lineno, f"{node.name}: {text}") for text in _flaws(node, names))


def _flaws(node: ast.FunctionDef, names: list[str]) -> Iterator[str]:
    exercise, _, topic = node.name.partition("__")
    if exercise not in names or not topic:
        yield f"it is named after no exercise. Write <exercise>__<topic>, with one of {', '.join(names)}."
    for argument in node.args.args:
        if argument.arg not in names:
            yield f"its argument {argument.arg} is no exercise. There are: {', '.join(names)}."
    paragraphs = (ast.get_docstring(node) or "").split("\n\n")
    if not any(paragraph.rstrip().endswith("?") for paragraph in paragraphs):
        yield "its docstring is the question, so let a paragraph of it end with a question mark."
    given = {
        keyword.arg: keyword.value
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "predict"
        for keyword in decorator.keywords
    }
    for name in TEXTS:
        if name not in given:
            yield f"@predict({name}=...) is missing."
            continue
        try:
            value = ast.literal_eval(given[name])
        except ValueError:
            yield f"the text of {name} is no literal: it is read without running the file."
        else:
            if not value:
                yield f"{name} is empty."


def come_true(reference: Reference) -> list[Finding]:
    """Run every prediction with the solutions; its own assertion says whether the answer is what happens."""
    lesson = reference.lesson
    path = lesson.predictions_file
    if not path.is_file():
        return []
    try:
        module, _ = reference.predictions, reference.solution
    except GraderError as error:
        return [finding(lesson, path, 1, str(error))]
    found = []
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if name.startswith("_") or function.__module__ != module.__name__:
            continue
        try:
            returned = reference.predicted(name)
        except Exception as error:  # noqa: BLE001  whatever it raises is what is found
            frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename == str(path)]
            line = frames[-1].lineno if frames else None
            what = str(error).partition("\n")[0] or "its assertion does not hold"
            text = f"{name} does not come true: {type(error).__name__}: {what}"
            found.append(finding(lesson, path, line or function.__code__.co_firstlineno, text))
        else:
            if returned is None:
                text = f"{name} returns nothing. Return the value whose picture shows the answer."
                found.append(finding(lesson, path, function.__code__.co_firstlineno, text))
    return found
