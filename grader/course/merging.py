"""A student's file brought to a new version of its exercises: what the student wrote stays, what is untouched changes.

Three files are compared: the starter code that the student began with, the new starter code, and the student's. Their
parts are the statements at the top level, known by the names that they define.
"""

import ast
import codecs
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from grader.course.definitions import single_imports, span
from grader.course.parse import tree_of

MAIN = "__main__"
_HEADER = "docstring"


@dataclass(frozen=True)
class Part:
    """A statement at the top level, or several of one kind."""

    name: str
    text: str
    """Its lines, with those of its decorators."""
    first: int
    """The index of its first line."""
    end: int
    """The index behind its last line."""


@dataclass(frozen=True)
class Merged:
    """The new content of a student's file, and what became of its exercises."""

    content: bytes
    replaced: tuple[str, ...] = ()
    """Untouched ones that are the new starter code now."""
    added: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """The student's code for an exercise whose starter code has changed."""
    removed: tuple[str, ...] = ()
    """Untouched ones that the course no longer has."""
    left: tuple[str, ...] = ()
    """The student's code for an exercise that the course no longer has: it stays in the file."""
    taken: tuple[str, ...] = ()
    """New exercises whose name the student already uses."""


def merge(mine: bytes, base: str, new: str) -> Merged:
    """Return a student's file with the new starter code; ``base`` is the starter code that it began with.

    Byte order mark and line ends stay as they are. Raises SyntaxError or ValueError for a file that is not Python, not
    UTF-8, or has line ends of its own kind.
    """
    mark = codecs.BOM_UTF8 if mine.startswith(codecs.BOM_UTF8) else b""
    raw = mine.removeprefix(mark).decode().split("\n")
    plain = _plain(raw)
    if "\r" in plain:
        raise ValueError("a line ends with a carriage return alone")
    end = "\r" if sum(line.endswith("\r") for line in raw) * 2 > len(raw) - 1 else ""
    if plain == base:
        merged, lines = _whole(base, new), [f"{line}{end}" for line in new.split("\n")]
        lines[-1] = lines[-1].removesuffix(end)
    else:
        merged, lines = _by_parts(raw, base, new, end)
    content = "\n".join(lines)
    tree_of(_plain(lines))  # whatever the file was, this one is Python
    return replace(merged, content=mark + content.encode())


def _plain(lines: list[str]) -> str:
    return "\n".join(line.removesuffix("\r") for line in lines)


def _whole(base: str, new: str) -> Merged:
    old, now = parts_of(base), parts_of(new)
    replaced = [name for name in old if name in now and old[name].text != now[name].text]
    return Merged(
        b"",
        _public(replaced),
        _public([name for name in now if name not in old]),
        removed=_public([name for name in old if name not in now]),
    )


def _by_parts(lines: list[str], base: str, new: str, end: str) -> tuple[Merged, list[str]]:
    mine = _plain(lines)
    old, now, own = parts_of(base), parts_of(new), parts_of(mine)
    defined = Counter(part.name for part in _parts(mine))
    edits: list[tuple[int, int, list[str]]] = []
    replaced, kept, removed, left, taken = [], [], [], [], []
    for name, part in own.items():
        is_untouched = name in old and part.text == old[name].text and defined[name] == 1
        if name in now and part.text == now[name].text:
            continue
        if is_untouched and name in now:
            edits.append((part.first, part.end, _lines(now[name], end)))
            replaced.append(name)
        elif is_untouched and _is_exercise(name):
            edits.append((_with_blank_lines(mine, part), part.end, []))
            removed.append(name)
        elif name in now and name not in old:
            taken.append(name)
        elif name in now and old[name].text != now[name].text:
            kept.append(name)
        elif name in old and name not in now:
            left.append(name)
    added = [name for name in now if name not in old and name not in own]
    result = list(lines)
    for first, behind, text in sorted(edits, reverse=True):
        result[first:behind] = text
    for name in added:
        result = _with_added(result, now[name], list(now), end)
    fates = (replaced, added, kept, removed, left, taken)
    return Merged(b"", *map(_public, fates)), _with_imports(result, base, new, end)


def _lines(part: Part, end: str) -> list[str]:
    return [f"{line}{end}" for line in part.text.split("\n")]


def parts_of(source: str) -> dict[str, Part]:
    """Return the parts of a file by name, the last of each name; raises SyntaxError."""
    return {part.name: part for part in _parts(source)}


def _parts(source: str) -> Iterator[Part]:
    lines = source.split("\n")
    for place, node in enumerate(tree_of(source).body):
        name = _name(node, is_first=place == 0)
        if name:
            first, end = span(node).start - 1, span(node).stop - 1
            yield Part(name, "\n".join(lines[first:end]), first, end)


def _name(node: ast.stmt, *, is_first: bool) -> str:
    """Return what a statement is known by; imports, which are compared by what they bind, have no name."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return node.name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return f"{name} ="
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return MAIN
        case ast.Expr(value=ast.Constant(value=str())) if is_first:
            return _HEADER
    return ""


def _is_exercise(name: str) -> bool:
    return name.isidentifier() and not name.startswith("_") and name != _HEADER


def _public(names: list[str]) -> tuple[str, ...]:
    return tuple(filter(_is_exercise, names))


def _with_blank_lines(source: str, part: Part) -> int:
    """Return the first of the blank lines before a part."""
    lines, first = source.split("\n"), part.first
    while first > 0 and not lines[first - 1].strip():
        first -= 1
    return first


def _with_added(lines: list[str], part: Part, order: list[str], end: str) -> list[str]:
    """Return the lines of a file with one more part: behind the part that precedes it in the starter code."""
    there = parts_of(_plain(lines))
    before = next((there[name] for name in reversed(order[: order.index(part.name)]) if name in there), None)
    main = there.get(MAIN)
    if before is not None and before.name != _HEADER and (main is None or before.end <= main.first):
        at = before.end
    else:
        at = len(lines) if main is None else main.first
        while at > 0 and (not lines[at - 1].strip() or (main is not None and lines[at - 1].startswith("#"))):
            at -= 1
    behind = lines[at:]
    while behind and not behind[0].strip():
        behind = behind[1:]
    gap = [end, end] if at else []
    rest = [end, end, *behind] if behind else [""]
    ahead = list(lines[:at])
    if ahead and at == len(lines) and end and not ahead[-1].endswith(end):
        ahead[-1] += end  # the last line of the file had no end
    return [*ahead, *gap, *_lines(part, end), *rest]


def _with_imports(lines: list[str], base: str, new: str, end: str) -> list[str]:
    """Return the lines of a file with the imports that the new starter code has and the old one has not."""
    body = tree_of(_plain(lines)).body
    present = {ast.unparse(each) for each in single_imports([*tree_of(base).body, *body])}
    missing = [text for each in single_imports(tree_of(new).body) if (text := ast.unparse(each)) not in present]
    if not missing:
        return lines
    header = body[0].end_lineno or 0 if body and _name(body[0], is_first=True) == _HEADER else 0
    last = max([node.end_lineno or 0 for node in _block(body)], default=header)
    future = [f"{each}{end}" for each in missing if each.startswith("from __future__")]
    others = [f"{each}{end}" for each in missing if not each.startswith("from __future__")]
    return [*lines[:header], *future, *lines[header:last], *others, *lines[last:]]


def _block(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the imports at the top of a file."""
    for place, node in enumerate(body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not (place == 0 and _name(node, is_first=True) == _HEADER):
            return
