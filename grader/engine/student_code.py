"""What a student's file says of its functions, read as text: the names they use and the exercises they call."""

import ast
import contextlib
from collections.abc import Collection

from grader.course.definitions import names_of, reached
from grader.course.submission import Source, Unreadable
from grader.sandbox import outline


def names_in(source: Source | Unreadable, exercise: str) -> frozenset[str]:
    """Return the variables and parameters of a student's function or class, and its attributes, as ``self.grad``."""
    nodes = [part for node in _tree(source).body if exercise in names_of(node) for part in ast.walk(node)]
    bound = {part.id for part in nodes if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    attributes = {ast.unparse(part) for part in nodes if isinstance(part, ast.Attribute) and _is_self(part.value)}
    return frozenset(bound | attributes | {part.arg for part in nodes if isinstance(part, ast.arg)})


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def exercises_used(source: Source | Unreadable, exercise: str, exercises: Collection[str]) -> list[str]:
    """Return the other exercises that a student's function calls, itself or through functions that it calls."""
    used = {name for node in reached(_tree(source), [exercise]) for name in names_of(node)}
    return [name for name in exercises if name in used and name != exercise]


def _tree(source: Source | Unreadable) -> ast.Module:
    """Return the syntax tree of a file, which is empty where there is none."""
    if isinstance(source, Source):
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return outline.parse(source.content, source.shown)
    return ast.Module(body=[], type_ignores=[])
