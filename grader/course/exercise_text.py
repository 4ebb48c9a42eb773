"""What the `.md` of an exercise says: hints, known mistakes as edits of the solution, and explained survivors.

    # compute_grid

    ## Hints

    1. A question.
    2. The idea.
    3. The line.

    ## Known mistakes

    ### summed

    - `.mean(dim=-1)` becomes `.sum(dim=-1)`

    What the student reads whose answers are those of this mistake.

    ## Survivors

    - `dim=-1` becomes `dim=+1`
      Why no check can tell.

A mistake that is not an edit, such as another algorithm, is a function in a fenced block of Python.
"""

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.errors import CourseError

HINTS, MISTAKES, SURVIVORS = "Hints", "Known mistakes", "Survivors"
NUMBER_OF_HINTS = 3
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Edit:
    """A change of the solution: a piece of its text becomes another one."""

    old: str
    new: str
    line: int
    """Where it stands in the `.md`."""
    reason: str = ""


@dataclass(frozen=True)
class KnownMistake:
    """A known wrong answer: edits of the solution, or a function of its own."""

    name: str
    line: int
    edits: tuple[Edit, ...]
    function: str
    """The source of the function, where there are no edits."""
    explanation: str
    """What the student reads."""


@dataclass(frozen=True)
class ExerciseText:
    """All that the `.md` of an exercise says."""

    exercise: str
    file: str
    """The path that errors name."""
    hints: tuple[str, ...] = ()
    mistakes: tuple[KnownMistake, ...] = ()
    survivors: tuple[Edit, ...] = ()


def read_exercise_text(path: Path, root: Path) -> ExerciseText:
    """Return what the file of an exercise says; raises CourseError, with the line, where that cannot be read."""
    shown = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CourseError(shown, 1, f"cannot be read: {error}.") from None
    return parse_exercise_text(text, path.stem, shown)


def parse_exercise_text(text: str, exercise: str, file: str) -> ExerciseText:
    """Return what a text says about an exercise; ``file`` is what errors call it."""
    sections = {part.title: part for part in _parts(_blocks(text), 2)}
    for title, part in sections.items():
        if title not in (HINTS, MISTAKES, SURVIVORS):
            known = f"{HINTS}, {MISTAKES} and {SURVIVORS}"
            raise CourseError(file, part.line, f"unknown section {title!r}. The sections are {known}.")
    source = text.splitlines()
    return ExerciseText(
        exercise,
        file,
        _hints(sections.get(HINTS), source, file),
        tuple(_mistake(part, source, file) for part in _parts(_blocks_of(sections.get(MISTAKES)), 3)),
        tuple(_survivors(sections.get(SURVIVORS), file)),
    )


def mistaken_function(solution: str, exercise: str, mistake: KnownMistake, file: str) -> str:
    """Return the source of a known mistake, a function called ``exercise__mistake``.

    Raises CourseError, with the line of the edit, where an edit does not apply to the solution exactly once.
    """
    name = f"{exercise}__{mistake.name}"
    if mistake.function:
        return _renamed(mistake.function, exercise, name)
    source = _without_docstring(solution, exercise)
    for edit in mistake.edits:
        found = source.count(edit.old)
        if found != 1:
            where = "does not occur in" if not found else f"occurs {found} times in"
            problem = f"`{edit.old}` {where} the solution of {exercise}. Quote a piece of it that occurs once."
            raise CourseError(file, edit.line, problem)
        source = source.replace(edit.old, edit.new)
    return _renamed(source, exercise, name)


def mistakes_module(solution: str, texts: Iterable[ExerciseText]) -> str:
    """Return a module with all known mistakes: the solution, and behind it a function for each of them."""
    functions = [
        mistaken_function(solution, text.exercise, mistake, text.file) for text in texts for mistake in text.mistakes
    ]
    return "\n\n\n".join([solution.rstrip(), *functions]) + "\n"


@dataclass(frozen=True)
class _Part:
    """A section: its heading and the blocks below it."""

    title: str
    line: int
    blocks: tuple[Token, ...]


def _blocks(text: str) -> list[Token]:
    return MarkdownIt("commonmark").parse(text)


def _blocks_of(part: _Part | None) -> Sequence[Token]:
    return part.blocks if part is not None else ()


def _parts(blocks: Sequence[Token], level: int) -> Iterator[_Part]:
    """Yield the sections of a level, each with the blocks up to the next heading of this level or a higher one."""
    starts = [i for i, block in enumerate(blocks) if block.type == "heading_open" and int(block.tag[1]) <= level]
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        if blocks[start].tag == f"h{level}":
            title = blocks[start + 1].content.strip()
            yield _Part(title, _line(blocks[start]), tuple(blocks[start + 3 : end]))


def _line(block: Token) -> int:
    return block.map[0] + 1 if block.map else 1


def _hints(part: _Part | None, source: list[str], file: str) -> tuple[str, ...]:
    items = [block for block in _blocks_of(part) if block.type == "list_item_open" and block.level == 1]
    if len(items) != NUMBER_OF_HINTS:
        line = part.line if part is not None else 1
        problem = f"{len(items)} hints. Give it {NUMBER_OF_HINTS}: a question, the idea, the line."
        raise CourseError(file, line, problem)
    return tuple(_item_text(item, source) for item in items)


def _item_text(item: Token, source: list[str]) -> str:
    first, last = item.map or [0, 0]
    head, *rest = source[first:last]
    head = re.sub(r"^\s*(?:\d+[.)]|[-*+])\s+", "", head)
    return "\n".join([head, textwrap.dedent("\n".join(rest))]).strip()


def _mistake(part: _Part, source: list[str], file: str) -> KnownMistake:
    name = part.title.strip("`")
    if not _NAME.fullmatch(name):
        raise CourseError(file, part.line, f"{part.title!r} cannot name a mistake: use small letters, digits and _.")
    edits: list[Edit] = []
    function, rest = "", list(part.blocks)
    if rest and rest[0].type == "bullet_list_open":
        end = next(i for i, block in enumerate(rest) if block.type == "bullet_list_close" and block.level == 0)
        edits, rest = list(_edits(rest[:end], file)), rest[end + 1 :]
    elif rest and rest[0].type == "fence":
        function, rest = rest[0].content, rest[1:]
    if not edits and not function:
        problem = f"{name} changes nothing: write - `old` becomes `new` below its heading, or a function."
        raise CourseError(file, part.line, problem)
    lines = [block.map for block in rest if block.map and block.level == 0]
    explanation = " ".join(" ".join(source[first:last]) for first, last in lines)
    if not explanation.strip():
        raise CourseError(file, part.line, f"{name} has no sentence for the student.")
    return KnownMistake(name, part.line, tuple(edits), function, " ".join(explanation.split()))


def _survivors(part: _Part | None, file: str) -> Iterator[Edit]:
    reason = ""
    for edit in reversed(list(_edits(_blocks_of(part), file))):
        # Several changes may share the reason that stands below the last of them.
        reason = edit.reason or reason
        if not reason:
            problem = f"why does no check tell `{edit.old}` from `{edit.new}`? Write it below."
            raise CourseError(file, edit.line, problem)
        yield Edit(edit.old, edit.new, edit.line, reason)


def _edits(blocks: Sequence[Token], file: str) -> Iterator[Edit]:
    for block in blocks:
        if block.type != "inline" or block.children is None:
            continue
        children = block.children
        match [each.type for each in children[:3]], children:
            case ["code_inline", "text", "code_inline"], [old, middle, new, *rest] if middle.content == " becomes ":
                reason = "".join(each.content or " " for each in rest)
                yield Edit(old.content, new.content, _line(block), " ".join(reason.split()))
            case _:
                problem = "this is not an edit: write - `a piece of the solution` becomes `what is there instead`"
                raise CourseError(file, _line(block), problem)


def _without_docstring(solution: str, exercise: str) -> str:
    """Return the source of an exercise in the solution, without its docstring."""
    tree = ast.parse(solution)
    definitions = [each for each in tree.body if isinstance(each, (ast.FunctionDef, ast.ClassDef))]
    node = next(each for each in definitions if each.name == exercise)
    lines = solution.splitlines()
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    body = node.body[0]
    if ast.get_docstring(node) is None:
        return "\n".join(lines[first - 1 : node.end_lineno])
    return "\n".join([*lines[first - 1 : body.lineno - 1], *lines[body.end_lineno or body.lineno : node.end_lineno]])


def _renamed(source: str, exercise: str, name: str) -> str:
    return re.sub(rf"(?m)^(def|class) {re.escape(exercise)}\b", rf"\1 {name}", source.strip("\n"), count=1)
