"""What a check process is to do, and what it says: plain values that cross as JSON."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from grader.course.submission import Source, Unreadable
from grader.engine.grading import Options
from grader.verdict import LessonVerdict, Status


@dataclass(frozen=True)
class Job:
    """A submission to grade, or whatever the hook does with it."""

    lesson: str
    source: Source | Unreadable
    """What was handed in: read once, so that all jobs of a run are about the same version of the file."""
    options: Options = field(default_factory=Options)
    hook: str = ""
    """``module:function`` of ours, called in the check process with the Task instead of grading; what it returns must
    be plain JSON."""
    label: str = ""
    """What the client calls it."""


class Failing(msgspec.Struct, frozen=True, tag=True):
    """A check fails: the first of a job, said at once, while the other checks still run."""

    claim: str
    status: Status


class Finding(msgspec.Struct, frozen=True, tag=True):
    """The last word of a check process: a verdict, the answer of the hook, or why there is neither."""

    lesson: LessonVerdict | None = None
    isolation: str = ""
    behaviours: dict[str, str] = {}
    """What `grader.engine.grading.Graded` says of them."""
    answer: Any = None
    fault: str = ""
