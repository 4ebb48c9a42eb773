"""What a student's file defines, and where: read from its syntax tree in the worker, before the file runs."""

import ast
import builtins
import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader import syntax

MAX_SKIPPED = 100
"""Notebook lines that are skipped; a file with more of them is not an exported notebook."""
_MAGICS = (
    "alias|autoreload|capture|cd|conda|config|env|load_ext|ls|matplotlib|mkdir|pdb|pip|precision|pwd|pylab|reload_ext"
    "|set_env|tensorboard|unload_ext|uv|who|whos|xmode"
)
_SKIPPED = re.compile(
    # Not `%time x = 1`, whose x would be lost; the code that follows `%%time` is kept.
    rb"\s*(?:![ \t]*[a-zA-Z./]|%(?:" + _MAGICS.encode() + rb")\b|%%(?:time|timeit|capture)\b|(?:```|~~~)[^`]*$)"
)
"""A notebook command that computes nothing, or a Markdown fence."""
_CELLS = frozenset({"time", "capture"})
"""Cell magics that run the cell unchanged; Jupyter exports the cell as a string."""
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
"""The fields that hold statements, or nodes with statements."""


@dataclass(frozen=True)
class Definition:
    """A function or class of a file."""

    line: int
    where: str
    """Empty at module level; else ``class Batches``, ``function main``, `IN_MAIN`, or ``if``, ``for``, ``try``..."""
    is_stub: bool
    is_decorated: bool


@dataclass(frozen=True)
class Outline:
    """What a file defines."""

    definitions: dict[str, list[Definition]]
    """By name, in file order."""
    stub_lines: frozenset[int]
    """The lines on which unwritten functions raise."""

    def of_the_module(self, name: str) -> list[Definition]:
        """Return the definitions at module level, of which the last one counts."""
        return [each for each in self.definitions.get(name, ()) if not each.where]

    def elsewhere(self, name: str) -> list[Definition]:
        """Return the written definitions of a name in a class, a function or another block."""
        return [each for each in self.definitions.get(name, ()) if each.where and not each.is_stub]


@dataclass(frozen=True)
class Loop:
    """A `for` or `while` loop of a function."""

    line: int
    """Its first line."""
    head: int
    """The last line of its head: whenever the code comes here, another pass begins, or the loop ends."""
    last: int
    """The last line of its body."""
    outer: int
    """The number of the loop around it, -1 if there is none."""


def parse(source: bytes, file: str) -> ast.Module:
    """Parse a file; lines that a notebook has left in it are skipped.

    Only if Python stops at such a line: elsewhere it may be part of an expression or a string.
    """
    parts = re.split(rb"(\r\n|\r|\n)", source)
    for _ in range(MAX_SKIPPED):
        try:
            tree = syntax.parse(b"".join(parts), file)
        except SyntaxError as error:
            row = 2 * ((error.lineno or 0) - 1)
            if not 0 <= row < len(parts) or not _SKIPPED.match(parts[row]):
                raise
            # `pass`, since a body may have no other statement.
            parts[row] = parts[row][: len(parts[row]) - len(parts[row].lstrip())] + b"pass"
        else:
            if b"get_ipython" in source:
                _take_commands_out(tree)
            return tree
    return syntax.parse(source, file)


def _take_commands_out(tree: ast.Module) -> None:
    """Replace the statements that Jupyter exports for notebook commands."""
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
                        return [_at(statement, each) for each in syntax.parse(cell).body]
    return [statement]


def _at(place: ast.stmt, tree: ast.stmt) -> ast.stmt:
    """Return a statement moved, with everything in it, to the location of another one."""
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            ast.copy_location(node, place)
    return tree


NO_STARTERS: Mapping[str, str] = {}


def read(tree: ast.Module, starters: Mapping[str, str] = NO_STARTERS) -> Outline:
    """Return what a file defines.

    ``starters`` has the bodies of the functions that are to be repaired: with the same code, a function is a stub.
    """
    bodies = {name: _body(syntax.parse(f"def {name}():\n{source}").body[0]) for name, source in starters.items()}
    definitions: dict[str, list[Definition]] = {}
    stub_lines = set()
    for node, where in sorted(_statements(tree), key=lambda each: each[0].lineno):
        if isinstance(node, _Definition):
            is_empty = _is_stub(node)
            is_stub = is_empty or (node.name in bodies and _is_same(_body(node), bodies[node.name]))
            definition = Definition(node.lineno, where, is_stub, bool(node.decorator_list))
            definitions.setdefault(node.name, []).append(definition)
            if is_empty and isinstance(node, _Function):
                stub_lines.add(node.body[-1].lineno)
    return Outline(definitions, frozenset(stub_lines))


def loops_of(tree: ast.Module, name: str) -> list[Loop]:
    """Return the loops of a function at module level, of the last one with this name; not those of functions inside it.

    A loop whose body begins on the line of its head is left out: its passes cannot be told by their lines.
    """
    named = [each for each, where in _statements(tree) if isinstance(each, ast.FunctionDef) and not where]
    functions = [each for each in named if each.name == name]
    if not functions:
        return []
    loops: list[Loop] = []
    waiting: list[tuple[ast.AST, int]] = [(max(functions, key=lambda each: each.lineno), -1)]
    while waiting:
        node, outer = waiting.pop()
        inside = outer
        if isinstance(node, (ast.For, ast.While)) and (loop := _loop(node, outer)) is not None:
            inside = len(loops)
            loops.append(loop)
        for field in _BODIES:
            children = [each for each in getattr(node, field, ()) if not isinstance(each, _Definition)]
            waiting.extend((child, inside if field == "body" else outer) for child in children)
    return loops


def _loop(node: ast.For | ast.While, outer: int) -> Loop | None:
    first, head = node.body[0], node.body[0].lineno - 1
    if isinstance(node, ast.While) and isinstance(node.test, ast.Constant):
        # Python does not come back to `while True:`, but to the first statement of the body.
        if isinstance(first, (ast.For, ast.While)) or len(node.body) == 1:
            return None
        inner = getattr(first, "body", None)
        head = inner[0].lineno - 1 if inner else first.end_lineno or first.lineno
        if inner and head < first.lineno:
            return None
    return Loop(node.lineno, head, node.end_lineno or head, outer) if head >= node.lineno else None


def class_with(tree: ast.Module, attribute: str) -> str:
    """Return the name of the first class at module level whose objects have an attribute, or an empty string."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and attribute in set(_attributes(node)):
            return node.name
    return ""


def _attributes(node: ast.ClassDef) -> Iterator[str]:
    for each in ast.walk(node):
        match each:
            case ast.Attribute(ast.Name("self"), name, ast.Store()):
                yield name
    for statement in node.body:
        match statement:
            case ast.FunctionDef(name) | ast.AnnAssign(ast.Name(name)):
                yield name


@dataclass(frozen=True)
class LoopAround:
    """A loop around a line."""

    line: int
    condition: str = ""
    """Of a `while` loop that assigns none of the variables of its condition, and uses them for arithmetic alone."""
    variables: tuple[str, ...] = ()
    """Those variables."""


def loop_around(tree: ast.Module, line: int) -> LoopAround | None:
    """Return the outermost `while` loop around a line, else the outermost `for` loop, within its function.

    The outermost, because it is the same whenever the code is stopped.
    """
    loops = [
        node
        for node in _of_the_function(tree, line)
        if isinstance(node, ast.While | ast.For) and node.lineno <= line <= (node.body[-1].end_lineno or 0)
    ]
    loops.sort(key=lambda node: (isinstance(node, ast.For), node.lineno))
    if not loops:
        return None
    first = loops[0]
    variables = _unassigned(first) if isinstance(first, ast.While) else ()
    return LoopAround(
        first.lineno, ast.unparse(first.test) if isinstance(first, ast.While) and variables else "", variables
    )


def _of_the_function(tree: ast.Module, line: int) -> list[ast.AST]:
    """Return the nodes of the innermost function around a line, or else of the whole file."""
    around = [
        node for node in ast.walk(tree) if isinstance(node, _Function) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return list(ast.walk(max(around, key=lambda node: node.lineno, default=tree)))


def _unassigned(loop: ast.While) -> tuple[str, ...]:
    """Return the variables of a condition if the loop neither assigns them nor does anything that could change them."""
    plain = (ast.Name, ast.Constant, ast.Compare, ast.BoolOp, ast.BinOp, ast.UnaryOp)
    marks = (ast.expr_context, ast.cmpop, ast.boolop, ast.operator, ast.unaryop)
    inside = list(ast.walk(loop.test))
    names = dict.fromkeys(node.id for node in inside if isinstance(node, ast.Name))
    if not all(isinstance(node, (*plain, *marks)) for node in inside):
        return ()
    body = [node for statement in loop.body for node in ast.walk(statement)]
    for node in body:
        if isinstance(node, ast.Name) and node.id in names and not isinstance(node.ctx, ast.Load):
            return ()
        match node:
            case ast.Attribute(value=ast.Name(id=name)) | ast.Subscript(value=ast.Name(id=name)) if name in names:
                return ()
            case ast.Assign(value=ast.Name(id=name)) if name in names:
                return ()  # under its other name it may be changed
            case ast.Call(args=args, keywords=keywords):
                given = [*args, *(word.value for word in keywords)]
                if any(isinstance(each, ast.Name) and each.id in names for each in given):
                    return ()
            case ast.Global() | ast.Nonlocal() | ast.FunctionDef() | ast.Lambda():
                return ()
    return tuple(names)


def line_of_setting(tree: ast.Module, setting: str) -> int:
    """Return the first line that changes a torch setting while the file is loaded; 0 if none is found."""
    lines = [
        node.lineno
        for statement, where in _statements(tree)
        if not where.startswith(("function", IN_MAIN)) and not hasattr(statement, "body")
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and _SETTERS.get(_name_of(node.func)) == setting
    ]
    return min(lines, default=0)


def _name_of(function: ast.expr) -> str:
    """Return the last part of a called function's name."""
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _statements(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """Yield every statement with its enclosing block; without recursion, since a tree may be deep."""
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, where = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node, where
        inside = _inside(node, where)
        for field in _BODIES:
            waiting.extend((child, inside) for child in getattr(node, field, ()))


def _inside(node: ast.AST, where: str) -> str:
    """Return the name of the block that a node encloses."""
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
    """Whether a function, or every method of a class, is still unwritten."""
    if isinstance(node, ast.ClassDef):
        methods = [each for each in node.body if isinstance(each, _Function)]
        return bool(methods) and all(map(_is_stub, methods))
    body = _body(node)
    if len(body) != 1:
        return not body
    match body[0]:
        case ast.Pass() | ast.Expr(ast.Constant(value=builtins.Ellipsis)):
            return True
        case ast.Raise(exc=ast.Name("NotImplementedError") | ast.Call(func=ast.Name("NotImplementedError"))):
            return True
    return False


def _body(node: ast.stmt) -> list[ast.stmt]:
    """Return the statements of a function or class after its docstring."""
    assert isinstance(node, _Definition)
    return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body


def _is_same(one: list[ast.stmt], other: list[ast.stmt]) -> bool:
    """Whether two bodies are the same code, whatever their layout and comments; without recursion."""
    waiting: list[tuple[Any, Any]] = [(one, other)]
    while waiting:
        mine, theirs = waiting.pop()
        if type(mine) is not type(theirs):
            return False
        if isinstance(mine, list):
            if len(mine) != len(theirs):
                return False
            waiting.extend(zip(mine, theirs, strict=True))
        elif isinstance(mine, ast.AST):
            waiting.extend((getattr(mine, name, None), getattr(theirs, name, None)) for name in mine._fields)
        elif mine != theirs:
            return False
    return True
