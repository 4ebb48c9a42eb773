"""What follows from a lesson's own files: the stub, the Solutions section of the README, its list, and the figures.

`grade sync` writes what is stale, and `grade sync --check` only says so. A student's work is never overwritten.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.course import shipped
from grader.course.model import Lesson
from grader.course.parse import read_text
from grader.course.stub import derive_stub

HEADING = "## Solutions\n"


@dataclass(frozen=True)
class Derived:
    """A file as it should be."""

    path: Path
    content: bytes
    why: str
    """From what it follows."""
    is_kept: bool = False
    """Whether somebody's own work stands there, which must stay."""

    @property
    def is_stale(self) -> bool:
        """Whether the file is missing or another."""
        return not self.path.is_file() or self.path.read_bytes() != self.content


def texts_of(lesson: Lesson) -> Iterator[Derived]:
    """Yield what follows from the files of a lesson, as text; raises CourseError where one of them cannot be read."""
    source = lesson.solution_module.source
    stub = lesson.root / "exercises" / f"{lesson.name}.py"
    is_kept = stub.is_file() and not is_stub(read_text(stub, lesson.root))
    yield Derived(stub, derive_stub(source).encode(), "the stub follows from the solution", is_kept=is_kept)
    readme = lesson.folder / "README.md"
    if readme.is_file():
        text = with_solutions(read_text(readme, lesson.root), lesson, source)
        yield Derived(readme, text.encode(), "its section Solutions follows from the solution")
    listed = shipped.list_of(lesson).encode()
    yield Derived(lesson.folder / shipped.LIST, listed, "it lists the solution and the checks by their content")


def is_stub(text: str) -> bool:
    """Whether nobody has written anything into the functions of a file; what has no TODO is somebody's work."""
    try:
        return "NotImplementedError" in text and derive_stub(text) == text
    except (SyntaxError, ValueError):  # the second: text that cannot be encoded
        return False


def with_solutions(readme: str, lesson: Lesson, source: str) -> str:
    """Return a README whose last section shows each exercise as it is in the solution."""
    before, heading, section = readme.partition(f"\n{HEADING}")
    introduction = section.partition("\n### ")[0].strip("\n") if heading else ""
    if not introduction:
        introduction = f"These are the functions in `solutions/{lesson.name}.py`, to compare with after your own try."
    names = [exercise.name for exercise in lesson.exercises]
    shown = [
        f"### {node.name}\n\n```python\n{ast.get_source_segment(source, node)}\n```\n"
        for node in ast.parse(source).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in names
    ]
    return "\n".join([before.rstrip("\n"), "", HEADING, introduction, "", "\n".join(shown)])
