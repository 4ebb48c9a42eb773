"""A cell of a notebook, written into an exercise file: what of the cell goes there, and where.

The functions and classes of the cell go into the file, with the imports, constants and helpers that they use. What only
tries them out, such as a call or a plot, stays in the notebook. Both texts are parsed, never run.
"""

import ast
import builtins
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.course.definitions import Import, Module, bound, names_of, reached, single_imports, span, used_names
from grader.course.parse import tree_of
from grader.course.unreadable import why_unparsable
from grader.errors import UsageError
from grader.text import meant

_MAIN = "__name__"
_GIVEN = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "__builtins__"}


@dataclass(frozen=True)
class Merged:
    """An exercise file with what a cell defines."""

    text: str
    written: tuple[str, ...]
    """The functions and classes that come from the cell, in its order."""
    unknown: tuple[str, ...]
    """Names that they use, and that neither the file nor Python defines."""


@dataclass(frozen=True)
class _Insertion:
    """A statement that the file does not have yet."""

    line: int
    """The index of the line before which it goes."""
    text: str
    is_after: bool
    """Whether it follows the statement before it, instead of preceding the one after it."""


def merge(file: str, cell: str, exercises: Collection[str], shown: str) -> Merged:
    """Return a file with what a cell defines; a definition replaces the one of the same name.

    ``shown`` is the name of the file in messages. Raises UsageError for a cell or a file that is not Python, and for a
    cell that defines nothing of the lesson.
    """
    there = Module(shown, *_read(file, shown))
    here = Module("the cell", *_read(cell, "the cell"))
    defined = {node.name: node for node in here.definitions()}  # the last of a name counts
    dropped = [node for node in here.definitions() if node is not defined[node.name]]
    tree = ast.Module([node for node in here.tree.body if node not in dropped], [])
    written = [name for name in _bound_in_order(tree) if name in exercises or name in defined]
    _require_exercise(written, there, exercises)
    needed = reached(tree, written)
    statements = [node for node in needed if not isinstance(node, Import)]
    text = _with_statements(there, here, statements)
    used = used_names(statements)
    text = _with_imports(text, [node for node in tree.body if isinstance(node, Import)], used)
    known = _verified(text, there, statements)
    is_complete = any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in known.body)
    unknown = () if is_complete else sorted(used - set(bound(known)) - _GIVEN)
    return Merged(text, tuple(written), tuple(unknown))


def definitions_in(text: str) -> dict[str, str]:
    """Return the source of each top-level function and class of a file; empty if it is not Python."""
    try:
        module = Module("", *_read(text, ""))
    except UsageError:
        return {}
    return {node.name: module.text_of(node) for node in module.definitions()}


def with_plain_ends(text: str) -> str:
    """Return a text with the line ends of Unix."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read(text: str, shown: str) -> tuple[str, ast.Module]:
    plain = with_plain_ends(text)
    try:
        return plain, tree_of(plain)
    except SyntaxError as error:
        line, message = error.lineno or 1, error.msg
        row = next(iter(plain.split("\n")[line - 1 : line]), "").strip().encode(errors="backslashreplace").decode()
        why = why_unparsable(plain, line, message) or f"Line {line} is not Python ({message}): {row[:100]}"
        raise UsageError(f"{shown[:1].upper()}{shown[1:]} cannot be read. {why} Nothing was written.") from None


def _bound_in_order(tree: ast.Module) -> list[str]:
    names = [name for node in tree.body if not isinstance(node, Import) for name in names_of(node)]
    return list(dict.fromkeys(names))


def _require_exercise(written: Sequence[str], there: Module, exercises: Collection[str]) -> None:
    """Raise UsageError unless a cell defines an exercise, or a helper that the file has."""
    if set(written).intersection([*exercises, *(node.name for node in there.definitions())]):
        return
    names = ", ".join(exercises)
    if not written:
        raise UsageError(f"The cell defines no function of the lesson, so nothing was written. It has: {names}.")
    near = next((found for name in written if (found := meant(name, list(exercises)))), "")
    guess = f" Did you mean {near}?" if near else ""
    raise UsageError(
        f"{', '.join(written)} is not a function of the lesson, so nothing was written.{guess} The lesson has: {names}."
        " Put a helper into the cell of the function that uses it."
    )


def _with_statements(there: Module, here: Module, statements: Sequence[ast.stmt]) -> str:
    """Return the file with statements of the cell: in place of those that bind the same names, or before what follows.

    Several that bind the same name are one group, which is replaced as a whole.
    """
    present = _groups(node for node in there.tree.body if not isinstance(node, Import))
    changed: dict[int, tuple[int, str]] = {}
    inserted: list[_Insertion] = []
    groups = _groups(statements)
    for key, nodes in groups.items():
        texts = [_text_of(here, node) for node in nodes]
        if key in present and [_text_of(there, node) for node in present[key]] == texts:
            continue
        if key in present:
            *earlier, last = present[key]
            changed |= {span(node).start - 1: (span(node).stop - 1, "") for node in earlier}
            changed[span(last).start - 1] = span(last).stop - 1, "\n".join(texts)
        else:
            inserted += [_inserted(there, present, list(groups), key, text) for text in texts]
    lines = there.source.split("\n")
    for line in sorted({*changed, *(each.line for each in inserted)}, reverse=True):
        if line in changed:
            end, text = changed[line]
            lines[line:end] = text.split("\n") if text else []
        new = [each for each in inserted if each.line == line]
        if new:
            lines[line:line] = _block(new)
    return "\n".join(lines)


def _groups(nodes: Iterator[ast.stmt] | Sequence[ast.stmt]) -> dict[frozenset[str], list[ast.stmt]]:
    found: dict[frozenset[str], list[ast.stmt]] = {}
    for node in nodes:
        if names := frozenset(names_of(node)):
            found.setdefault(names, []).append(node)
    return found


def _inserted(
    there: Module,
    present: Mapping[frozenset[str], list[ast.stmt]],
    order: list[frozenset[str]],
    key: frozenset[str],
    text: str,
) -> _Insertion:
    """Return where a statement that the file does not have goes: before the next one of the cell that it has."""
    lines = there.source.split("\n")
    index = order.index(key)
    overlapping = [node for names, nodes in present.items() if names & key for node in nodes]
    if overlapping:  # what comes later counts
        return _Insertion(max(span(node).stop for node in overlapping) - 1, text, is_after=True)
    for other in order[index + 1 :]:
        if other in present:
            line = span(present[other][0]).start - 1
            while line and lines[line - 1].startswith("#"):  # a comment belongs to what follows it
                line -= 1
            return _Insertion(line, text, is_after=False)
    for other in reversed(order[:index]):
        if other in present:
            return _Insertion(span(present[other][-1]).stop - 1, text, is_after=True)
    main = [node for node in there.tree.body if isinstance(node, ast.If) and _MAIN in ast.unparse(node.test)]
    if main:
        return _Insertion(main[0].lineno - 1, text, is_after=False)
    return _Insertion(len(there.source.rstrip().split("\n")), text, is_after=True)


def _block(new: Sequence[_Insertion]) -> list[str]:
    """Return new statements as lines: two empty ones around each function, none between constants."""
    text = ""
    for each in new:
        is_function = "\n" in each.text
        text += f"{'' if not text else chr(10) if not is_function else chr(10) * 3}{each.text}"
    around = ["", ""]
    lines = text.split("\n")
    return [*around, *lines] if new[0].is_after else [*lines, *around]


def _text_of(module: Module, node: ast.stmt) -> str:
    """Return the lines of a statement, or the part of a line that it shares with others."""
    is_shared = any(other is not node and set(span(other)).intersection(span(node)) for other in module.tree.body)
    return (ast.get_source_segment(module.source, node) or "") if is_shared else module.text_of(node)


def _with_imports(text: str, imports: Sequence[Import], used: Collection[str]) -> str:
    """Return a file with the imports that the new code uses, after its last one."""
    tree = tree_of(text)
    there = {ast.dump(each) for each in single_imports(tree.body)}
    missing = [
        each
        for each in single_imports(imports)
        if ast.dump(each) not in there and (_is_for_all(each) or _binds_one_of(each, used))
    ]
    begin = tree.body[0].end_lineno or 0 if ast.get_docstring(tree, clean=False) is not None else 0
    present = [node.end_lineno or 0 for node in tree.body if isinstance(node, Import)]
    lines = text.split("\n")
    others = [ast.unparse(each) for each in missing if not _is_future(each)]
    place = present[-1] if present else begin
    lines[place:place] = others if present or not others else [*([""] if begin else []), *others]
    future = [ast.unparse(each) for each in missing if _is_future(each)]
    lines[begin:begin] = [*([""] if begin and future else []), *future]
    return "\n".join(lines)


def _binds_one_of(node: Import, used: Collection[str]) -> bool:
    """Whether one of the names that an import binds is used."""
    return not set(used).isdisjoint(names_of(node))


def _is_future(node: Import) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _is_for_all(node: Import) -> bool:
    return _is_future(node) or node.names[0].name == "*"


def _verified(text: str, there: Module, statements: Sequence[ast.stmt]) -> ast.Module:
    """Return the tree of the merged file; raises UsageError unless it holds what it must: nothing may get lost."""
    replaced = {frozenset(names_of(node)) for node in statements}
    kept = [node for node in there.tree.body if isinstance(node, Import) or frozenset(names_of(node)) not in replaced]
    try:
        tree = tree_of(text)
    except SyntaxError:
        tree = ast.Module([], [])
    if Counter(map(ast.dump, [*kept, *statements])) - Counter(map(ast.dump, tree.body)):
        raise UsageError(
            f"The cell does not fit into {there.file}, so nothing was written: one line there, or in the cell, holds"
            " several statements. Give each its own line, and run the cell again."
        )
    return tree
