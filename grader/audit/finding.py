"""What a proof finds, as values: the reports are made of them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.course.model import Lesson


@dataclass(frozen=True)
class Finding:
    """Something that does not hold, and where."""

    file: str
    """Below the course's folder."""
    line: int
    text: str
    """What is wrong, and the next step."""

    def __str__(self) -> str:
        """Return it as an editor can jump to it."""
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True)
class Proof:
    """What one proof has found out about one lesson."""

    number: int
    claim: str
    """What is proved, in words."""
    findings: tuple[Finding, ...] = ()
    facts: tuple[str, ...] = ()
    """What a person wants to know of a proof that holds: counts, margins, tables."""
    data: dict[str, Any] = field(default_factory=dict)
    """The same as plain JSON."""

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def finding(lesson: Lesson, path: Path, line: int, text: str) -> Finding:
    """Return a finding in a file of a lesson."""
    return Finding(path.relative_to(lesson.root).as_posix(), line, text)
