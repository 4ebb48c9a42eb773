"""Exercises that the text of a file alone proves unwritten: their verdicts need neither torch nor a process."""

import ast
import contextlib
import warnings
from collections.abc import Collection
from dataclasses import replace

from grader.course import shipped
from grader.course.model import Lesson
from grader.course.parse import tree_of
from grader.course.solution import Exercise
from grader.course.submission import Source, Unreadable
from grader.engine.grading import Options, items_of
from grader.feedback.call_failure import Standing, ending_of_standing
from grader.sandbox import outline
from grader.text import clean
from grader.verdict import ExerciseVerdict, LessonVerdict, Visibility


def is_untouched(lesson: Lesson, source: Source | Unreadable) -> bool:
    """Whether a file is the stub, whatever its line ends; nothing is parsed, so it may be anyone's."""
    return isinstance(source, Source) and _lines(source.content) == lesson.stub.encode()


def unwritten(lesson: Lesson, source: Source | Unreadable) -> frozenset[str]:
    """Return the exercises that a file leaves unwritten, as far as its text proves that; nothing is run.

    It proves it where the file is the stub but for the bodies of exercises: then loading it runs what the stub runs, so
    it cannot fail. This parses the file, so use it for the student's own.
    """
    if is_untouched(lesson, source):
        return frozenset(exercise.name for exercise in lesson.exercises)
    if not isinstance(source, Source):
        return frozenset()
    stub = tree_of(lesson.stub)
    with contextlib.suppress(SyntaxError, RecursionError, MemoryError, ValueError), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the student's, who reads them where the code runs
        tree = tree_of(source.content)
        # What the parser accepts may still not compile, such as a `break` outside of a loop.
        compile(source.content, source.shown, "exec", dont_inherit=True)
        if _outside_of_bodies(tree) == _outside_of_bodies(stub):
            found = outline.read(tree, lesson.starters)
            return frozenset(each.name for each in lesson.exercises if _is_open(found, each.name))
    return frozenset()


def verdict_of(
    lesson: Lesson, source: Source | Unreadable, exercises: Collection[str], checks: frozenset[Visibility]
) -> LessonVerdict | None:
    """Return the verdict on unwritten exercises, as the engine gives it; None if only the engine can tell.

    A lesson that differs from the shipped one may fail in a way of its own, and so may a check of several exercises.
    Which unwritten method of a class a check calls first, only running it tells.
    """
    verdicts = verdicts_of(lesson, source, exercises, checks)
    selected = [exercise.name for exercise in lesson.exercises if exercise.name in exercises]
    if not all(name in verdicts for name in selected):
        return None
    return LessonVerdict(lesson.id, lesson.name, lesson.title, tuple(verdicts[name] for name in selected))


def verdicts_of(
    lesson: Lesson, source: Source | Unreadable, exercises: Collection[str], checks: frozenset[Visibility]
) -> dict[str, ExerciseVerdict]:
    """Return by name the verdicts of `verdict_of` on those of the unwritten exercises for which there is one."""
    if not shipped.is_as_shipped(lesson):
        return {}
    return {
        exercise.name: _verdict(lesson, source, exercise, checks)
        for exercise in lesson.exercises
        if exercise.name in exercises and _is_alone(lesson, exercise)
    }


def _verdict(
    lesson: Lesson, source: Source | Unreadable, exercise: Exercise, checks: frozenset[Visibility]
) -> ExerciseVerdict:
    ending = ending_of_standing(Standing("todo"), exercise, source.shown)
    assert ending is not None
    items = items_of(lesson, Options((exercise.name,), checks=checks))
    withheld = sum(each.exercise == exercise.name and each.visibility not in checks for each in lesson.checks)
    message = clean(ending.message)
    verdicts = (replace(each.passed, status=ending.status, message=message, earned=False) for each in items)
    return ExerciseVerdict(exercise.name, exercise.bonus, tuple(verdicts), (), withheld)


def _is_alone(lesson: Lesson, exercise: Exercise) -> bool:
    """Whether the checks of an exercise call one function: of several, the text does not show which is called first."""
    if exercise.is_class:
        return False
    others = {each.name for each in lesson.exercises} - {exercise.name}
    module = lesson.files[exercise.name].module
    tests = (node for node in module.definitions() if node.name.startswith("test_"))
    return not any(isinstance(node, ast.arg) and node.arg in others for test in tests for node in ast.walk(test))


def _is_open(found: outline.Outline, name: str) -> bool:
    here = found.of_the_module(name)
    return len(here) == 1 and here[0].is_stub and not found.elsewhere(name)


def _outside_of_bodies(tree: ast.Module) -> str:
    """Return everything that loading a module runs, as text: all but the bodies of its public functions.

    Their names, decorators, defaults and annotations are part of it, and so is a class: its body runs.
    """
    return ast.dump(ast.Module([_without_body(node) for node in tree.body], []))


def _without_body(node: ast.stmt) -> ast.stmt:
    if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
        return node
    return ast.FunctionDef(node.name, node.args, [ast.Pass()], node.decorator_list, node.returns, node.type_comment)


def _lines(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")
