"""What a student's file defines, and where: read from its tree, in the worker, before anything of it runs."""

import ast
import builtins
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_SKIPPED = 100
"""Lines of a notebook that are taken as comments; what has more of them is not an exported notebook."""
_MAGICS = (
    "alias|autoreload|capture|cd|conda|config|env|load_ext|ls|matplotlib|mkdir|pdb|pip|precision|pwd|pylab|reload_ext"
    "|set_env|tensorboard|unload_ext|uv|who|whos|xmode"
)
_SKIPPED = re.compile(
    # Not `%time x = 1`, whose x would be lost; the code that follows `%%time` stays.
    rb"\s*(?:![ \t]*[a-zA-Z./]|%(?:" + _MAGICS.encode() + rb")\b|%%(?:time|timeit|capture)\b|(?:```|~~~)[^`]*$)"
)
"""A line that is a command of a notebook and computes nothing, or a fence of Markdown."""
_CELLS = frozenset({"time", "capture"})
"""Commands for a whole cell, which Jupyter exports as a text, that run it as it stands."""
_SETTERS = {
    "set_default_dtype": "default dtype",
    "set_default_tensor_type": "default dtype",
    "set_grad_enabled": "grad mode",
    "set_num_threads": "number of threads",
    "set_default_device": "default device",
}
IN_MAIN = "if __name__"
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Definition = _Function | ast.ClassDef
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")
"""The fields in which statements stand, or what statements stand in."""


@dataclass(frozen=True)
class Definition:
    """A function or class of a file."""

    line: int
    where: str
    """Empty at the left margin; else ``class Batches``, ``function main``, `IN_MAIN`, or ``if``, ``for``, ``try``..."""
    is_stub: bool
    is_decorated: bool


@dataclass(frozen=True)
class Outline:
    """What a file defines."""

    definitions: dict[str, list[Definition]]
    """By name, in the order of the file."""
    stub_lines: frozenset[int]
    """The lines on which a function of which nothing has been written raises."""

    def of_the_module(self, name: str) -> list[Definition]:
        """Return the definitions at the left margin, of which the last one counts."""
        return [each for each in self.definitions.get(name, ()) if not each.where]

    def elsewhere(self, name: str) -> list[Definition]:
        """Return what has been written of a name in a class, in a function, or under a condition."""
        return [each for each in self.definitions.get(name, ()) if each.where and not each.is_stub]


def parse(source: bytes, file: str) -> ast.Module:
    """Return the tree of a file; lines that a notebook has left in it are taken as comments.

    Only where Python stops at such a line: elsewhere it may be part of an expression or of a text.
    """
    parts = re.split(rb"(\r\n|\r|\n)", source)
    for _ in range(MAX_SKIPPED):
        try:
            tree = ast.parse(b"".join(parts), file)
        except SyntaxError as error:
            row = 2 * ((error.lineno or 0) - 1)
            if not 0 <= row < len(parts) or not _SKIPPED.match(parts[row]):
                raise
            # A body may have no other statement.
            parts[row] = parts[row][: len(parts[row]) - len(parts[row].lstrip())] + b"pass"
        else:
            if b"get_ipython" in source:
                _take_commands_out(tree)
            return tree
    return ast.parse(source, file)


def _take_commands_out(tree: ast.Module) -> None:
    """Replace the statements that Jupyter writes for the commands of an exported notebook."""
    for node in ast.walk(tree):
        for field in _BODIES[:3]:
            body = getattr(node, field, None)
            if isinstance(body, list):
                body[:] = [new for statement in body for new in _without_command(statement)]


def _without_command(statement: ast.stmt) -> list[ast.stmt]:
    match statement:
        case ast.Expr(ast.Call(ast.Attribute(ast.Call(ast.Name("get_ipython"), []), called), arguments)):
            match called, [each.value if isinstance(each, ast.Constant) else None for each in arguments]:
                case "system", _:
                    return [ast.copy_location(ast.Pass(), statement)]
                case "run_line_magic", [str(name), *_] if re.fullmatch(_MAGICS, name):
                    return [ast.copy_location(ast.Pass(), statement)]
                case "run_cell_magic", [str(name), _, str(cell)] if name in _CELLS:
                    with contextlib.suppress(SyntaxError):
                        return [_at(statement, each) for each in ast.parse(cell).body]
    return [statement]


def _at(place: ast.stmt, tree: ast.stmt) -> ast.stmt:
    """Return a statement that stands at the place of another one, with all that is in it."""
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            ast.copy_location(node, place)
    return tree


def read(tree: ast.Module) -> Outline:
    """Return what a file defines."""
    definitions: dict[str, list[Definition]] = {}
    stub_lines = set()
    for node, where in sorted(_statements(tree), key=lambda each: each[0].lineno):
        if isinstance(node, _Definition):
            definition = Definition(node.lineno, where, _is_stub(node), bool(node.decorator_list))
            definitions.setdefault(node.name, []).append(definition)
            if definition.is_stub and isinstance(node, _Function):
                stub_lines.add(node.body[-1].lineno)
    return Outline(definitions, frozenset(stub_lines))


def line_of_setting(tree: ast.Module, setting: str) -> int:
    """Return the first line that changes a setting of torch while the file is loaded; 0 where none is found."""
    lines = [
        node.lineno
        for statement, where in _statements(tree)
        if not where.startswith(("function", IN_MAIN)) and not hasattr(statement, "body")
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and _SETTERS.get(_name_of(node.func)) == setting
    ]
    return min(lines, default=0)


def _name_of(function: ast.expr) -> str:
    """Return the last part of the name by which a function is called."""
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _statements(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """Yield every statement with what it stands in; without recursion, for a tree may be deep."""
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, where = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node, where
        inside = _inside(node, where)
        for field in _BODIES:
            waiting.extend((child, inside) for child in getattr(node, field, ()))


def _inside(node: ast.AST, where: str) -> str:
    """Return how to call what stands in a statement."""
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}"
    if isinstance(node, _Function):
        return f"function {node.name}"
    if where.startswith(("class", "function")) or not isinstance(node, ast.stmt):
        return where
    if isinstance(node, ast.If) and isinstance(node.test, ast.Compare):
        names = [each.id for each in (node.test.left, *node.test.comparators) if isinstance(each, ast.Name)]
        if "__name__" in names:
            return IN_MAIN
    return where or type(node).__name__.lower()


def _is_stub(node: _Definition) -> bool:
    """Whether nothing of a function, or of any method of a class, has been written yet."""
    if isinstance(node, ast.ClassDef):
        methods = [each for each in node.body if isinstance(each, _Function)]
        return bool(methods) and all(map(_is_stub, methods))
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    if len(body) != 1:
        return not body
    match body[0]:
        case ast.Pass() | ast.Expr(ast.Constant(value=builtins.Ellipsis)):
            return True
        case ast.Raise(exc=ast.Name("NotImplementedError") | ast.Call(func=ast.Name("NotImplementedError"))):
            return True
    return False
