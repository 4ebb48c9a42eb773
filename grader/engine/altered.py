"""Solutions with a small change, each with what it changes and where, in words that give no code away."""

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from grader.course.changes import Change, applied, changes_of
from grader.course.exercise_text import Mistake, editable
from grader.course.model import Lesson
from grader.engine.mistake_worker import joined
from grader.text import listed

_ORDINALS = ("first", "second", "third", "fourth", "fifth")


@dataclass(frozen=True)
class Alteration:
    """One small change."""

    place: str
    """Where it is: ``the line that computes `b```."""
    what: str
    """What differs: ``the sign of one term``."""


@dataclass(frozen=True)
class Altered:
    """A solution with a small change."""

    source: str
    """The exercise and the private functions that it uses."""
    difference: Alteration
    mistake: Mistake | None = None
    """The known mistake that it makes too."""


def singles(lesson: Lesson, exercise: str, names: Collection[str]) -> list[Altered]:
    """Return the solution of an exercise with each small change; ``names`` are those that the student uses."""
    source = "\n\n\n".join(editable(lesson.solution_module, exercise).values())
    return list(_distinct(_altered(source, change, exercise, names) for change in _changes(source, variables=True)))


def besides_a_mistake(lesson: Lesson, exercise: str, names: Collection[str]) -> Iterator[Altered]:
    """Yield each known mistake that is an edit, with each small change besides."""
    texts = editable(lesson.solution_module, exercise)
    for mistake in lesson.mistakes:
        if mistake.exercise == exercise and mistake.edits:
            source = joined(texts, lesson.changed_by[mistake.label])
            yield from _distinct(_altered(source, change, exercise, names, mistake) for change in _changes(source))


def _distinct(solutions: Iterable[Altered]) -> Iterator[Altered]:
    """Yield each source once, with what is said of it first: of the dimension before the number that it is."""
    seen = set[str]()
    for each in solutions:
        if each.source not in seen:
            seen.add(each.source)
            yield each


def _altered(
    source: str, change: Change, exercise: str, names: Collection[str], mistake: Mistake | None = None
) -> Altered:
    difference = _difference(change, exercise, names)
    for lines, method in _methods(source).items():
        if change.statement.lineno in lines and change.function == exercise:
            difference = replace(difference, place=f"{difference.place} in `{method}`")
    return Altered(applied(source, [change]), difference, mistake)


def _methods(source: str) -> dict[range, str]:
    """Return the names of the methods of the classes in a source, by their lines."""
    return {
        range(method.lineno, (method.end_lineno or method.lineno) + 1): method.name
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef)
    }


def _changes(source: str, *, variables: bool = False) -> list[Change]:
    """Return the changes that may be a student's mistake; those that may keep a loop from ending come last."""
    tree = ast.parse(source)
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    found = [change for change in changes_of(source, functions, terms=True, variables=variables) if change.what]
    in_loops = {id(part) for node in ast.walk(tree) if isinstance(node, ast.While) for part in ast.walk(node)}
    places = {part.lineno for part in ast.walk(tree) if isinstance(part, ast.stmt) and id(part) in in_loops}
    return sorted(found, key=lambda change: change.statement.lineno in places)


def _difference(change: Change, exercise: str, names: Collection[str]) -> Alteration:
    if change.function != exercise:
        return Alteration("a function that it calls", change.what)
    return Alteration(_place(change.statement, change.node, names), change.what)


def _place(statement: ast.stmt, node: ast.AST, names: Collection[str]) -> str:
    """Return where a part of a statement is, by a name of the student's if the statement assigns one."""
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign):
        return _assigning(statement, node, names)
    match statement:
        case ast.Return(value=value):
            return _returning(value, node)
        case ast.For():
            return "the head of a loop" if node is not statement else "a loop"
        case ast.While():
            return "the condition of a loop"
        case ast.If():
            return "the condition of an `if`"
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append" | "extend"))):
            return f"the line that appends to `{name}`" if name in names else "a line that appends to a list"
        case ast.Expr():
            return "a line that calls a function for its effect"
    return "one of its lines"


def _assigning(statement: ast.Assign | ast.AugAssign | ast.AnnAssign, node: ast.AST, names: Collection[str]) -> str:
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(values):
            changed = [target for target, value in zip(targets, values, strict=True) if _holds(value, node)]
            targets = changed or targets
        case ast.Assign(targets=targets):
            targets = [part for each in targets for part in (each.elts if isinstance(each, ast.Tuple) else [each])]
        case _:
            targets = [statement.target]
    found = [name for each in targets if (name := _root(each))]
    if found and set(found) <= set(names):
        verb = "updates" if isinstance(statement, ast.AugAssign) else "computes"
        return f"the line that {verb} {listed([f'`{name}`' for name in dict.fromkeys(found)])}"
    return "an intermediate step"


def _root(target: ast.expr) -> str:
    """Return the name of the variable, or of the object's attribute, that an assignment binds or changes."""
    while isinstance(target, ast.Attribute | ast.Subscript | ast.Starred):
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
            return ast.unparse(target)  # of `self.grad` the name is the attribute
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def _returning(value: ast.expr | None, node: ast.AST) -> str:
    match value:
        case ast.Tuple(elts=parts) if len(parts) <= len(_ORDINALS):
            for word, part in zip(_ORDINALS, parts, strict=False):
                if _holds(part, node):
                    return f"the {word} value that it returns"
        case ast.Dict(keys=keys, values=values):
            for key, part in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and _holds(part, node):
                    return f"the entry {key.value!r} of what it returns"
    return "the line that returns the result"


def _holds(tree: ast.AST, node: ast.AST) -> bool:
    return any(part is node for part in ast.walk(tree))
