"""What a solution says: the exercises of a lesson, and the examples of their docstrings."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.course.definitions import Definition, Module
from grader.errors import CourseError

BONUS = "Bonus:"
"""How the docstring of an exercise begins that does not count against the total."""


@dataclass(frozen=True)
class Exercise:
    """A public function or class of a solution."""

    name: str
    parameters: tuple[str, ...]
    returns: str
    """The return annotation as it is written, or empty."""
    bonus: bool
    summary: str
    """The first line of the docstring."""


@dataclass(frozen=True)
class Example:
    """The example of a docstring whose last line calls the exercise; one that needs more only explains."""

    statements: tuple[str, ...]
    """What comes before the call."""
    call: str
    lines: tuple[int, ...]
    """Where each of the statements stands in the solution, and the call."""


def exercises_of(solution: Module) -> tuple[Exercise, ...]:
    """Return the public functions and classes, in file order; raises CourseError where there are none."""
    refuse_async(solution)
    found = tuple(_exercise(solution.file, node) for node in solution.definitions() if not node.name.startswith("_"))
    if not found:
        raise CourseError(solution.file, 1, "no public function: a solution needs at least one exercise.")
    return found


def examples_of(solution: Module) -> dict[str, Example]:
    """Return by exercise the example of its docstring that is a check; one that only explains is not there."""
    return dict(_examples(solution))


def imports_of(solution: Module) -> tuple[str, ...]:
    """Return the modules that a solution imports, which its students will need."""
    modules: list[str] = []
    for node in solution.tree.body:
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.append(node.module)
    return tuple(dict.fromkeys(modules))


def refuse_async(module: Module) -> None:
    """Raise CourseError for an async function: nothing here awaits it."""
    for node in module.tree.body:
        if isinstance(node, ast.AsyncFunctionDef):
            raise CourseError(module.file, node.lineno, f"{node.name} is async: write a plain def.")


def _exercise(file: str, node: Definition) -> Exercise:
    docstring = ast.get_docstring(node)
    if not docstring:
        raise CourseError(file, node.lineno, f"{node.name} has no docstring: write what it returns.")
    summary = docstring.splitlines()[0]
    arguments = node.args.posonlyargs + node.args.args if isinstance(node, ast.FunctionDef) else []
    returns = ast.unparse(node.returns) if isinstance(node, ast.FunctionDef) and node.returns else ""
    return Exercise(
        name=node.name,
        parameters=tuple(argument.arg for argument in arguments),
        returns=returns,
        bonus=summary.startswith(BONUS),
        summary=summary,
    )


def _examples(solution: Module) -> Iterator[tuple[str, Example]]:
    import doctest  # it imports a debugger with it

    for node in solution.definitions():
        if not isinstance(node, ast.FunctionDef):
            continue
        docstring, first = ast.get_docstring(node, clean=False) or "", node.body[0].lineno
        try:
            examples = doctest.DocTestParser().get_examples(docstring)
        except ValueError as error:
            raise CourseError(solution.file, first, f"the example cannot be read: {error}.") from None
        calls = [_called(solution.file, each.source, first + each.lineno) for each in examples]
        if calls and calls[-1] == node.name:
            *before, last = (each.source for each in examples)
            lines = tuple(first + each.lineno for each in examples)
            yield node.name, Example(tuple(before), last.strip(), lines)


def _called(file: str, source: str, line: int) -> str:
    """Return which function a line of an example calls, or an empty string."""
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise CourseError(file, line, f"syntax error in this line of an example: {error.msg}.") from None
    match body:
        case [ast.Expr(ast.Call(func=ast.Name(id=name)))]:
            return name
    return ""
