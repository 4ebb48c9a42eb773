"""The `.md` of an exercise: hints, known mistakes as edits of the solution, the starter, and explained survivors.

    # compute_grid

    ## Hints

    1. A question.
    2. The idea.
    3. The line.

    ## Known mistakes

    ### summed
    - `.mean(dim=-1)` becomes `.sum(dim=-1)`

    What a student who made this mistake reads.

    ## Starter

    - `summed`

    ## Survivors

    - `dim=-1` becomes `dim=+1`
      Why no check can detect it.

A mistake that is not an edit, such as another algorithm, is a function in a Python code block.
An exercise with a starter is to be repaired: its stub is the solution with all the mistakes listed there.
"""

import ast
import functools
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.course.definitions import Definition, Module, clashes, names_of, reached, span, without_docstring
from grader.errors import CourseError
from grader.syntax import parse

if TYPE_CHECKING:
    from markdown_it.token import Token

HINTS, MISTAKES, STARTER, SURVIVORS = SECTIONS = "Hints", "Known mistakes", "Starter", "Survivors"
NUMBER_OF_HINTS = 3
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Edit:
    """A change of the solution: ``old`` becomes ``new``."""

    old: str
    new: str
    line: int
    """Its line in the `.md`."""
    reason: str = ""


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer: edits of the solution, or a function that replaces it."""

    exercise: str
    name: str
    explanation: str
    """Shown to the student."""
    line: int
    """The line of its heading in the `.md`."""
    edits: tuple[Edit, ...] = ()
    function: str = ""
    """The source of the function, if there are no edits."""
    function_line: int = 0
    """Where that source begins in the `.md`."""

    @property
    def label(self) -> str:
        """Its unique name in the lesson: ``compute_grid__transposed``."""
        return f"{self.exercise}__{self.name}"


@dataclass(frozen=True)
class ExerciseText:
    """The parsed `.md` of an exercise."""

    exercise: str
    file: str
    """The path shown in errors."""
    hints: tuple[str, ...] = ()
    hints_line: int = 1
    """The line of their heading."""
    mistakes: tuple[Mistake, ...] = ()
    starter: tuple[Mistake, ...] = ()
    """The mistakes that the stub contains, for the student to repair; none if the stub is empty."""
    survivors: tuple[Edit, ...] = ()

    @property
    def missing_hints(self) -> str:
        """What the hints lack, or an empty string: checks can be tried before the hints are written."""
        if len(self.hints) == NUMBER_OF_HINTS:
            return ""
        return f"expected {NUMBER_OF_HINTS} hints (a question, the idea, the line), found {len(self.hints)}."


def parse_exercise_text(text: str, exercise: str, file: str) -> ExerciseText:
    """Parse the `.md` of an exercise; ``file`` is the path shown in errors."""
    sections: dict[str, _Part] = {}
    for part in _parts(_blocks(text), 2):
        if part.title not in SECTIONS:
            known = f"{', '.join(SECTIONS[:-1])} and {SECTIONS[-1]}"
            raise CourseError(file, part.line, f"unknown section {part.title!r}. The sections are {known}.")
        if part.title in sections:
            problem = f"the section {part.title} begins in line {sections[part.title].line} already. Make them one."
            raise CourseError(file, part.line, problem)
        sections[part.title] = part
        headings = (block for block in part.blocks if block.type == "heading_open")
        if part.title != MISTAKES and (heading := next(headings, None)) is not None:
            problem = f"a heading in the section {part.title}. Known mistakes have headings: move it there."
            raise CourseError(file, _line(heading), problem)
    source = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    mistakes = [_mistake(exercise, part, source, file) for part in _parts(_blocks_of(sections.get(MISTAKES)), 3)]
    lines: dict[str, int] = {}
    for mistake in mistakes:
        if mistake.name in lines:
            problem = f"{mistake.name} is the name of the mistake in line {lines[mistake.name]} too. Give one another."
            raise CourseError(file, mistake.line, problem)
        lines[mistake.name] = mistake.line
    return ExerciseText(
        exercise,
        file,
        _hints(sections.get(HINTS), source, file),
        sections[HINTS].line if HINTS in sections else 1,
        tuple(mistakes),
        tuple(_starter(sections.get(STARTER), mistakes, file)),
        tuple(_survivors(sections.get(SURVIVORS), file))[::-1],
    )


def with_mistake(text: str, draft: str) -> str:
    """Return the `.md` of an exercise with one more known mistake, at the end of its section."""
    lines = text.replace("\r\n", "\n").split("\n")
    parts = list(_parts(_blocks(text), 2))
    begin = next((number for number, part in enumerate(parts) if part.title == MISTAKES), len(parts))
    end = parts[begin + 1].line - 1 if begin + 1 < len(parts) else len(lines)
    heading = [] if begin < len(parts) else [f"## {MISTAKES}", ""]
    before = "\n".join(lines[:end]).rstrip("\n")
    after = "\n".join(["", *lines[end:]]) if lines[end:] else ""
    return "\n".join([before, "", *heading, draft, after])


def replacements(mistake: Mistake, solution: Module, file: str) -> dict[str, str]:
    """Return the definitions of the solution that a known mistake replaces: new sources by name.

    An edit changes the exercise or a private definition that it uses. Raises CourseError, with the line of the edit,
    unless its old text occurs there exactly once.
    """
    if mistake.function:
        for node in clashes(mistake.function, solution, mistake.exercise):
            line = mistake.function_line + node.lineno - 1
            raise CourseError(file, line, f"{node.name} is a name of the solution too. Give it another.")
        return {mistake.exercise: mistake.function.strip("\n")}
    changed = edited(editable(solution, mistake.exercise), mistake.edits)
    if isinstance(changed, Edit):
        count = sum(text.count(changed.old) for text in editable(solution, mistake.exercise).values())
        where = f"occurs {count} times in" if count > 1 else "does not occur in"
        if count == 1:
            where = "no longer occurs exactly once, after the edits before this one, in"
        problem = f"`{changed.old}` {where} the solution of {mistake.exercise}. Quote text that occurs exactly once."
        raise CourseError(file, changed.line, problem)
    for name, text in changed.items():
        try:
            parse(text)
        except SyntaxError as error:
            problem = f"the edited {name} has a syntax error: {error.msg}."
            raise CourseError(file, mistake.edits[0].line, problem) from None
    return changed


def starter_of(text: ExerciseText, solution: Module) -> str:
    """Return the body of an exercise's starter, indented: the solution with all the mistakes of the section.

    Raises CourseError, with the line, unless their edits fit together, and into the exercise itself.
    """
    exercise, changed = text.exercise, replacements(together(text.starter), solution, text.file)
    node = next(each for each in solution.definitions() if each.name == exercise)
    if set(changed) != {exercise} or not isinstance(node, ast.FunctionDef):
        problem = f"a starter changes one function, {exercise}, and this one changes {', '.join(sorted(changed))}."
        raise CourseError(text.file, text.starter[0].line, problem)
    # Without its docstring, the body begins where the docstring began.
    lines = changed[exercise].split("\n")[node.body[0].lineno - span(node).start :]
    # An edit to nothing leaves a line of spaces.
    body = "\n".join(line for line in lines if line.strip() or not line)
    try:
        parse(f"def {exercise}():\n{body}")
    except SyntaxError:
        problem = f"the docstring of {exercise} must have lines of its own, for the code of the starter to follow it."
        raise CourseError(text.file, text.starter[0].line, problem) from None
    return body


def together(mistakes: Sequence[Mistake]) -> Mistake:
    """Return all these mistakes, which are edits of one exercise, as one."""
    edits = tuple(edit for each in mistakes for edit in each.edits)
    name = "_and_".join(each.name for each in mistakes)
    return replace(mistakes[0], name=name, explanation=" ".join(each.explanation for each in mistakes), edits=edits)


@functools.lru_cache(maxsize=64)  # every known mistake of an exercise is an edit of the same sources
def editable(solution: Module, exercise: str) -> Mapping[str, str]:
    """Return the sources that an edit may change, by name: the exercise, without docstring, and its helpers."""
    public = {node.name for node in solution.definitions() if not node.name.startswith("_")} - {exercise}
    nodes = [node for node in reached(solution.tree, [exercise]) if isinstance(node, Definition)]
    return {node.name: without_docstring(solution, node) for node in nodes if node.name not in public}


def edited(texts: Mapping[str, str], edits: Iterable[Edit]) -> dict[str, str] | Edit:
    """Return the changed sources after all edits, or the first edit that does not apply exactly once."""
    now, changed = dict(texts), set[str]()
    for edit in edits:
        found = {name: text.count(edit.old) for name, text in now.items() if edit.old in text}
        if sum(found.values()) != 1:
            return edit
        (name,) = found
        now[name] = now[name].replace(edit.old, edit.new)
        changed.add(name)
    return {name: now[name] for name in changed}


@dataclass(frozen=True)
class _Part:
    """A section: its heading and the blocks below it."""

    title: str
    line: int
    blocks: tuple["Token", ...]


def _blocks(text: str) -> list["Token"]:
    from markdown_it import MarkdownIt  # takes as long to import as everything else that a stub needs

    # What stands within a paragraph is read as it is written.
    return MarkdownIt("commonmark").disable("inline").parse(text)


def _blocks_of(part: _Part | None) -> Sequence["Token"]:
    return part.blocks if part is not None else ()


def _parts(blocks: Sequence["Token"], level: int) -> Iterator[_Part]:
    """Yield the sections of a level, each with the blocks up to the next heading of this level or a higher one."""
    starts = [i for i, block in enumerate(blocks) if block.type == "heading_open" and int(block.tag[1]) <= level]
    for start, end in zip(starts, [*starts, len(blocks)][1:], strict=True):
        if blocks[start].tag == f"h{level}":
            title = blocks[start + 1].content.strip()
            yield _Part(title, _line(blocks[start]), tuple(blocks[start + 3 : end]))


def _line(block: "Token") -> int:
    return block.map[0] + 1 if block.map else 1


def _hints(part: _Part | None, source: list[str], file: str) -> tuple[str, ...]:
    items = [block for block in _blocks_of(part) if block.type == "list_item_open" and block.level == 1]
    for number, item in enumerate(items, start=1):
        if item.info not in ("", str(number)):
            raise CourseError(file, _line(item), f"hint {number} is numbered {item.info}.")
    return tuple(_item_text(item, source) for item in items)


def _item_text(item: "Token", source: list[str]) -> str:
    first, last = item.map or [0, 0]
    head, *rest = source[first:last]
    head = re.sub(r"^\s*(?:\d+[.)]|[-*+])\s+", "", head)
    return "\n".join([head, textwrap.dedent("\n".join(rest))]).strip()


def _mistake(exercise: str, part: _Part, source: list[str], file: str) -> Mistake:
    name = part.title.strip("`")
    if not _NAME.fullmatch(name):
        raise CourseError(
            file, part.line, f"{part.title!r} is not a valid mistake name: use lowercase letters, digits and _."
        )
    edits: list[Edit] = []
    function, function_line, rest = "", 0, list(part.blocks)
    if rest and rest[0].type == "bullet_list_open":
        end = next(i for i, block in enumerate(rest) if block.type == "bullet_list_close" and block.level == 0)
        edits, rest = list(_edits(rest[:end], file)), rest[end + 1 :]
    elif rest and rest[0].type == "fence":
        function, function_line, rest = _function(exercise, rest[0], file), _line(rest[0]) + 1, rest[1:]
    if not edits and not function:
        problem = f"{name} changes nothing: write - `old` becomes `new` below its heading, or a function."
        raise CourseError(file, part.line, problem)
    lines = [block.map for block in rest if block.map and block.level == 0 and block.type != "html_block"]
    explanation = " ".join(" ".join(source[first:last]) for first, last in lines)
    if not explanation.strip():
        raise CourseError(file, part.line, f"{name} has no explanation for the student.")
    return Mistake(exercise, name, " ".join(explanation.split()), part.line, tuple(edits), function, function_line)


def _function(exercise: str, block: "Token", file: str) -> str:
    """Return the code of a fenced block, which must define the exercise."""
    first = _line(block) + 1
    try:
        tree = parse(block.content)
    except SyntaxError as error:
        raise CourseError(file, first + (error.lineno or 1) - 1, f"syntax error: {error.msg}.") from None
    if exercise not in (name for node in tree.body for name in names_of(node)):
        raise CourseError(file, first, f"this code does not define {exercise}.")
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            problem = "this import only works at the start of a file. Remove it: that of the solution counts here."
            raise CourseError(file, first + node.lineno - 1, problem)
    return block.content


def _starter(part: _Part | None, mistakes: Iterable[Mistake], file: str) -> Iterator[Mistake]:
    """Yield the mistakes that the items of the section name."""
    known = {mistake.name: mistake for mistake in mistakes}
    for block in _blocks_of(part):
        if block.type != "inline":
            continue
        name = block.content.strip("`")
        if name not in known:
            raise CourseError(file, _line(block), f"{name!r} is not a known mistake of this file. List one to an item.")
        if not known[name].edits:
            problem = f"{name} is a function, and functions cannot be combined: list mistakes that are edits."
            raise CourseError(file, _line(block), problem)
        yield known.pop(name)


def _survivors(part: _Part | None, file: str) -> Iterator[Edit]:
    reason = ""
    for edit in reversed(list(_edits(_blocks_of(part), file))):
        # Consecutive edits may share the reason below the last of them.
        reason = edit.reason or reason
        if not reason:
            problem = f"explain below why no check can tell `{edit.old}` from `{edit.new}`."
            raise CourseError(file, edit.line, problem)
        yield Edit(edit.old, edit.new, edit.line, reason)


_CODE = r"(?:(?P<{0}_ticks>`+)(?!`)(?P<{0}>.+?)(?<!`)(?P={0}_ticks)(?!`)|``)"
_EDIT = re.compile(_CODE.format("old") + " becomes " + _CODE.format("new") + r"(?P<reason>.*)", re.DOTALL)
"""An empty piece is written as two backticks: there is no such code in Markdown."""


def _edits(blocks: Sequence["Token"], file: str) -> Iterator[Edit]:
    """Yield the edits of a list; what stands behind one, or in a paragraph of its own below, is its reason."""
    present: Edit | None = None
    is_first = False
    for block in blocks:
        if block.type == "list_item_open":
            is_first = True
        if block.type != "inline":
            continue
        found = _EDIT.fullmatch(block.content)
        if is_first and found is not None:
            if present is not None:
                yield present
            old, new = (_plain(found[name] or "") for name in ("old", "new"))
            present = Edit(old, new, _line(block), " ".join(found["reason"].split()))
        elif is_first or present is None:
            problem = "not an edit: write - `old code` becomes `new code`"
            raise CourseError(file, _line(block), problem)
        else:
            present = replace(present, reason=" ".join(f"{present.reason} {block.content}".split()))
        is_first = False
    if present is not None:
        yield present


def _plain(code: str) -> str:
    """Return the text of a code span."""
    text = code.replace("\n", " ")
    return text[1:-1] if text.startswith(" ") and text.endswith(" ") and text.strip() else text
