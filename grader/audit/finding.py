"""The results of a proof as values, from which the reports are made."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.course.model import Lesson


@dataclass(frozen=True)
class Finding:
    """A problem and its place."""

    file: str
    """Relative to the course's folder."""
    line: int
    text: str
    """What is wrong, and the next step."""

    def __str__(self) -> str:
        """Return it with the place in a form to which editors jump."""
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True)
class Proof:
    """The result of one proof for one lesson."""

    number: int
    claim: str
    """What is proved."""
    findings: tuple[Finding, ...] = ()
    facts: tuple[str, ...] = ()
    """Details of a proof: counts, margins, tables."""
    data: dict[str, Any] = field(default_factory=dict)
    """The same as plain JSON."""

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def finding(lesson: Lesson, path: Path, line: int, text: str) -> Finding:
    """Return a finding in a file of a lesson."""
    return Finding(path.relative_to(lesson.root).as_posix(), line, text)
