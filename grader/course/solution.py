"""The contents of a solution: the exercises of a lesson and their docstring examples."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.course.definitions import Definition, Module
from grader.errors import CourseError
from grader.syntax import parse

BONUS = "Bonus:"
"""Docstring prefix of an exercise that does not count toward the total."""


@dataclass(frozen=True)
class Exercise:
    """A public function or class of a solution."""

    name: str
    parameters: tuple[str, ...]
    """Of a class, those that a new object must be given: what else it takes is its own affair."""
    returns: str
    """The return annotation as written, or empty."""
    bonus: bool
    summary: str
    """The first line of the docstring."""
    is_class: bool = False


@dataclass(frozen=True)
class Example:
    """A docstring example that is a check: its last line calls the exercise, or shows what a class has done."""

    statements: tuple[str, ...]
    """The statements before the call."""
    call: str
    """The last line."""
    lines: tuple[int, ...]
    """The line in the solution of each statement, and of the call."""

    @property
    def code(self) -> str:
        """All lines of the example."""
        return "".join((*self.statements, self.call))


def exercises_of(solution: Module) -> tuple[Exercise, ...]:
    """Return the public functions and classes, in file order; raises CourseError if there are none."""
    refuse_async(solution)
    found = tuple(_exercise(solution.file, node) for node in solution.definitions() if not node.name.startswith("_"))
    if not found:
        raise CourseError(solution.file, 1, "no public function: a solution needs at least one exercise.")
    return found


def examples_of(solution: Module) -> dict[str, Example]:
    """Return the docstring examples that are checks, by exercise; ones that only explain are left out."""
    return dict(_examples(solution))


def imports_of(solution: Module) -> tuple[str, ...]:
    """Return the modules that a solution imports, which students will need."""
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
    arguments = _arguments(node) if isinstance(node, ast.FunctionDef) else _required(node)
    returns = ast.unparse(node.returns) if isinstance(node, ast.FunctionDef) and node.returns else ""
    return Exercise(
        name=node.name,
        parameters=tuple(argument.arg for argument in arguments),
        returns=returns,
        bonus=summary.startswith(BONUS),
        summary=summary,
        is_class=isinstance(node, ast.ClassDef),
    )


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    return function.args.posonlyargs + function.args.args


def _required(node: ast.ClassDef) -> list[ast.arg]:
    """Return the arguments without a default of the method that makes a new object, except the object itself."""
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and each.name == "__init__":
            return _arguments(each)[1 : len(_arguments(each)) - len(each.args.defaults)]
    return []


def _examples(solution: Module) -> Iterator[tuple[str, Example]]:
    import doctest  # imports a debugger too

    for node in solution.definitions():
        docstring, first = ast.get_docstring(node, clean=False) or "", node.body[0].lineno
        try:
            examples = doctest.DocTestParser().get_examples(docstring)
        except ValueError as error:
            raise CourseError(solution.file, first, f"the example cannot be read: {error}.") from None
        calls = [_called(solution.file, each.source, first + each.lineno) for each in examples]
        if calls and (calls[-1] == node.name or isinstance(node, ast.ClassDef)):
            *before, last = (each.source for each in examples)
            lines = tuple(first + each.lineno for each in examples)
            yield node.name, Example(tuple(before), last.strip(), lines)


def _called(file: str, source: str, line: int) -> str:
    """Return the name of the function that an example line calls, or an empty string."""
    try:
        body = parse(source).body
    except SyntaxError as error:
        raise CourseError(file, line, f"syntax error in this example line: {error.msg}.") from None
    match body:
        case [ast.Expr(ast.Call(func=ast.Name(id=name)))]:
            return name
    return ""
