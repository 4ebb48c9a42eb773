"""Files generated from a lesson's own: the stub, the Solutions section of the README, and the checksum list.

`grade sync` rewrites the stale ones; `grade sync --check` only reports them. A student's work is never overwritten.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.course import shipped
from grader.course.model import Lesson
from grader.course.parse import read_text
from grader.course.stub import NO_STARTERS, derive_stub
from grader.syntax import parse

HEADING = "## Solutions\n"


@dataclass(frozen=True)
class Derived:
    """A generated file and its expected content."""

    path: Path
    content: bytes
    why: str
    """Why it is stale, as `grade sync` reports it."""
    is_kept: bool = False
    """Whether the file holds a student's work, which must be kept."""

    @property
    def is_stale(self) -> bool:
        """Whether the file is missing or its content differs."""
        return not self.path.is_file() or self.path.read_bytes() != self.content


def texts_of(lesson: Lesson) -> Iterator[Derived]:
    """Yield the generated text files of a lesson; raises CourseError if one of its own cannot be read."""
    source = lesson.solution_text
    stub = lesson.root / "exercises" / f"{lesson.name}.py"
    is_kept = stub.is_file() and not is_stub(read_text(stub, lesson.root), lesson.starters)
    yield Derived(stub, lesson.stub.encode(), "the stub is generated from the solution", is_kept=is_kept)
    readme = lesson.folder / "README.md"
    if readme.is_file():
        text = with_solutions(read_text(readme, lesson.root), lesson, source)
        yield Derived(readme, text.encode(), "its Solutions section is generated from the solution")
    listed = shipped.list_of(lesson).encode()
    yield Derived(lesson.folder / shipped.LIST, listed, "it lists the checksums of the lesson's files")


def is_stub(text: str, starters: Mapping[str, str] = NO_STARTERS) -> bool:
    """Whether a file is an untouched stub; a file without a TODO is a student's work."""
    try:
        return "TODO: " in text and derive_stub(text, starters) == text
    except (SyntaxError, ValueError):  # ValueError: text that cannot be encoded
        return False


def with_solutions(readme: str, lesson: Lesson, source: str) -> str:
    """Return a README whose last section shows each exercise's solution."""
    before = readme.partition(f"\n{HEADING}")[0].rstrip("\n")
    introduction = f"The functions of `solutions/{lesson.name}.py`. Try each one yourself before you compare."
    names = [exercise.name for exercise in lesson.exercises]
    shown = [
        f"### {node.name}\n\n```python\n{ast.get_source_segment(source, node)}\n```\n"
        for node in parse(source).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in names
    ]
    return "\n".join([before, "", HEADING, introduction, "", "\n".join(shown)])
