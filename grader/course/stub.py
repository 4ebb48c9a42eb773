"""The stub that a student fills in, derived from the solution."""

import ast
from collections.abc import Iterator, Mapping

from grader.course.parse import tree_of

_Function = ast.FunctionDef | ast.AsyncFunctionDef


NO_STARTERS: Mapping[str, str] = {}


def derive_stub(solution: str, starters: Mapping[str, str] = NO_STARTERS) -> str:
    """Return the solution with the body of every public function replaced by a TODO.

    Where ``starters`` has a body for a function, that one takes its place: code to be repaired.

    Imports, signatures, types, docstrings, private functions and the ``__main__`` block are kept. In a class, the
    methods with a docstring become TODOs, except private ones. Raises SyntaxError if the source is not valid Python.
    """
    content = solution.encode()
    # Lines as Python counts them: str.splitlines also breaks at form feeds.
    starts = [0, *(i + 1 for i, byte in enumerate(content) if byte == ord("\n"))]
    for function, name in reversed(list(_to_be_written(tree_of(solution)))):
        content = _with_body(content, starts, function, _todo(name, starters.get(name, "")))
    return content.decode()


def _to_be_written(tree: ast.Module) -> Iterator[tuple[_Function, str]]:
    for node in tree.body:
        if isinstance(node, _Function) and not node.name.startswith("_"):
            yield node, node.name
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for method in node.body:
                if isinstance(method, _Function) and ast.get_docstring(method) and not _is_private(method.name):
                    yield method, f"{node.name}.{method.name}"


def _is_private(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def _todo(name: str, starter: str) -> str:
    """Return what a student finds in a function: without the indent of the first line."""
    if starter:
        return f"# TODO: {name}: repair this code. As long as it is unchanged, it counts as to do.\n{starter}\n"
    return f'raise NotImplementedError("TODO: {name}")\n'


def _with_body(content: bytes, starts: list[int], function: _Function, body: str) -> bytes:
    """Return the source with everything in the function after its docstring replaced."""
    first = function.body[0]
    begin = starts[first.lineno - 1] + first.col_offset
    has_docstring = ast.get_docstring(function, clean=False) is not None
    end = starts[(first.end_lineno or first.lineno) - 1] + (first.end_col_offset or 0) if has_docstring else begin
    before = content[starts[first.lineno - 1] : begin]
    indent, head = before, content[:begin]
    if before.strip():
        # A one-line function: the TODO gets its own line.
        line = content[starts[function.lineno - 1] :]
        indent = line[: len(line) - len(line.lstrip(b" \t"))] + b"    "
        head = content[:begin].rstrip() + b"\n" + indent
    docstring = content[begin:end] + b"\n" + indent if has_docstring else b""
    last_line = function.end_lineno or function.lineno
    rest = content[starts[last_line] :] if last_line < len(starts) else b""
    return head + docstring + body.encode() + rest
