"""Drills: an exercise of the solution with one mistake, alone in a file, for a student to find and mend."""

import ast
import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from grader.course.changes import Change, applied, changes_of
from grader.course.definitions import Definition, Module, extracted, reached, replaced, span
from grader.course.exercise_text import Mistake, editable
from grader.course.model import Lesson
from grader.course.parse import tree_of
from grader.syntax import parse


@dataclass(frozen=True)
class Drill:
    """One drill. Whether the checks catch its mistake, grading it tells."""

    exercise: str
    label: str
    """Its unique name in the lesson."""
    text: str
    """The content of the file."""
    explanation: str
    """What a student reads about the mistake."""


def drills_of(lesson: Lesson, exercise: str) -> Iterator[Drill]:
    """Yield the drills of an exercise: its known mistakes that are edits, then small changes of the solution.

    Both come in an order that is always the same and says nothing about which is which.
    """
    seen = set[str]()
    for label, source, explanation in itertools.chain(_known(lesson, exercise), _small(lesson, exercise)):
        text = _file_of(lesson, exercise, source)
        if text not in seen:
            seen.add(text)
            yield Drill(exercise, label or f"{exercise}__{_digest(text)}", text, explanation)


def _known(lesson: Lesson, exercise: str) -> Iterator[tuple[str, str, str]]:
    """Yield the label, the changed solution and the explanation of each known mistake that is an edit."""
    mistakes = [each for each in lesson.mistakes if each.exercise == exercise and each.edits]
    for mistake in sorted(mistakes, key=lambda each: _digest(each.label)):
        yield mistake.label, _changed_by(lesson, mistake), mistake.explanation


def _small(lesson: Lesson, exercise: str) -> Iterator[tuple[str, str, str]]:
    """Yield the same for small changes, which have no label."""
    module = lesson.solution_module
    changes = [each for each in changes_of(module.source, list(editable(module, exercise))) if each.what]
    for change in sorted(changes, key=lambda each: _digest(f"{each.start} {each.end} {each.text}")):
        if (source := _changed(module.source, change)) is not None:
            yield "", source, f"One small thing is changed: {change.what}."


def needed_for(lesson: Lesson, exercise: str) -> set[str]:
    """Return the exercises whose solutions a drill shows: this one, and those that its solution calls."""
    names = {each.name for each in lesson.exercises}
    shown = reached(lesson.solution_module.tree, [exercise])
    return {node.name for node in shown if isinstance(node, Definition)} & names


def _changed_by(lesson: Lesson, mistake: Mistake) -> str:
    """Return the solution with a known mistake; what it changes keeps its docstring."""
    module, changed = lesson.solution_module, lesson.changed_by[mistake.label]
    documented = {
        node.name: _with_docstring(module, node, changed[node.name])
        for node in module.definitions()
        if node.name in changed
    }
    return replaced(module, documented)


def _with_docstring(module: Module, node: Definition, text: str) -> str:
    """Return the source of a changed definition with the docstring that it had, where that fits."""
    if ast.get_docstring(node) is None:
        return text
    docstring, lines = node.body[0], text.split("\n")
    at = docstring.lineno - span(node).start
    lines[at:at] = module.source.split("\n")[docstring.lineno - 1 : docstring.end_lineno]
    whole = "\n".join(lines)
    try:
        (there,) = parse(whole).body
    except (SyntaxError, ValueError):
        return text
    return whole if ast.get_docstring(there) == ast.get_docstring(node) else text  # type: ignore[arg-type]  # a Definition


def _changed(source: str, change: Change) -> str | None:
    """Return the source with a small change, or None if that is not valid Python, or the same program."""
    changed = applied(source, [change])
    try:
        is_same = ast.dump(parse(changed)) == ast.dump(parse(source))
    except SyntaxError:
        return None
    return None if is_same else changed


def _file_of(lesson: Lesson, exercise: str, source: str) -> str:
    """Return the file: the exercise and what it uses."""
    module = Module(lesson.solution_module.file, source, tree_of(source))
    head = f"Drill of lesson {lesson.id}: {exercise} has one mistake. Find it, mend it, save, and run: grade debug"
    text = extracted(module, [exercise], {}).lstrip("\n")
    gap = "\n\n" if text.startswith(("from ", "import ")) else "\n\n\n"
    return f'"""{head}"""{gap}{text}\n'


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
