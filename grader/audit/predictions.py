"""Check the predictions of a lesson: each is a complete question, and its answer comes true."""

import ast
import traceback
from collections.abc import Iterator

from grader.audit.finding import Finding, finding
from grader.course.definitions import Definition
from grader.course.exercise_file import Prediction
from grader.course.model import Lesson
from grader.engine.reference import Reference
from grader.errors import GraderError


def are_well_written(lesson: Lesson) -> Iterator[Finding]:
    """Expect of every prediction a question, arguments named after exercises, and a sentence for each option."""
    names = [exercise.name for exercise in lesson.exercises]
    for prediction in lesson.predictions:
        module = lesson.files[prediction.exercise].module
        node = next(each for each in module.definitions() if each.name == prediction.name)
        for text in _flaws(node, prediction, names):
            yield finding(lesson, lesson.code(prediction.exercise), node.lineno, f"{node.name}: {text}")


def _flaws(node: Definition, prediction: Prediction, names: list[str]) -> Iterator[str]:
    for argument in node.args.args if isinstance(node, ast.FunctionDef) else ():
        if argument.arg not in names:
            yield f"its argument {argument.arg} is not an exercise. Exercises: {', '.join(names)}."
    paragraphs = (ast.get_docstring(node) or "").split("\n\n")
    if not any(paragraph.rstrip().endswith("?") for paragraph in paragraphs):
        yield "its docstring is the question: end a paragraph of it with a question mark."
    for option, sentence in prediction.options:
        if not option or not sentence:
            yield f"the option {option!r} needs a text and a sentence."


def come_true(reference: Reference) -> list[Finding]:
    """Run every prediction with the solutions; its own assertion says whether the answer comes true."""
    lesson = reference.lesson
    try:
        _ = reference.modules, reference.solution
    except GraderError as error:
        return [finding(lesson, lesson.solution, 1, str(error))]
    found = []
    for prediction in lesson.predictions:
        path = lesson.code(prediction.exercise)
        try:
            returned = reference.predicted(prediction)
        except Exception as error:  # noqa: BLE001  whatever it raises is a finding
            frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename == str(path)]
            line = frames[-1].lineno if frames else None
            what = str(error).partition("\n")[0] or "its assertion fails"
            text = f"{prediction.name} does not come true: {type(error).__name__}: {what}"
            found.append(finding(lesson, path, line or prediction.line, text))
        else:
            if returned is None:
                text = f"{prediction.name} returns nothing. Return the value whose picture shows the answer."
                found.append(finding(lesson, path, prediction.line, text))
    return found
