"""Functions beside the solution, right or wrong, as files that a student could hand in."""

import ast
from dataclasses import dataclass
from pathlib import Path

from grader.audit.finding import Finding, finding
from grader.audit.proving import submission
from grader.course.model import Lesson
from grader.course.submission import Source


@dataclass(frozen=True)
class Candidate:
    """A function ``compute_grid__by_a_loop`` of mistakes.py or variants.py."""

    function: str
    exercise: str
    name: str
    line: int
    summary: str
    """The first line of the docstring."""


def read_candidates(lesson: Lesson, path: Path, found: list[Finding]) -> list[Candidate]:
    """Return the candidates of a file in its order; what cannot be one is added to what was found."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        found.append(finding(lesson, path, getattr(error, "lineno", None) or 1, f"this is no Python: {error}."))
        return []
    names = [exercise.name for exercise in lesson.exercises]
    candidates = []
    for node in tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        exercise, separator, name = node.name.partition("__")
        docstring = ast.get_docstring(node) or ""
        if not separator or not name or exercise not in names:
            text = f"{node.name} is named after no exercise: write <exercise>__<name>, with one of {', '.join(names)}."
            found.append(finding(lesson, path, node.lineno, text))
        elif not docstring:
            found.append(finding(lesson, path, node.lineno, f"{node.name} has no docstring: say in a line what it is."))
        else:
            candidates.append(Candidate(node.name, exercise, name, node.lineno, docstring.splitlines()[0]))
    found += _hidden_names(lesson, path, tree)
    return candidates


def handed_in(lesson: Lesson, path: Path, *candidates: Candidate) -> Source:
    """Return the solution with these candidates in the places of their exercises."""
    parts = [lesson.solution.read_text(encoding="utf-8"), path.read_text(encoding="utf-8")]
    parts += [f"{candidate.exercise} = {candidate.function}\n" for candidate in candidates]
    return submission(lesson, "\n\n".join(parts))


def _hidden_names(lesson: Lesson, path: Path, tree: ast.Module) -> list[Finding]:
    """Find what has a name of the solution: in one file with it, it would change what the solution does."""
    given = {node.name for node in ast.parse(lesson.solution.read_bytes()).body if isinstance(node, _DEFINITIONS)}
    return [
        finding(lesson, path, node.lineno, f"{node.name} is a name of the solution too. Give it another.")
        for node in tree.body
        if isinstance(node, _DEFINITIONS) and node.name in given
    ]


_DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
