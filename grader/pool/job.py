"""The job of a check process and its findings: plain values that cross as JSON."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from grader.course.submission import Source, Unreadable
from grader.engine.grading import Options, Searched
from grader.verdict import LessonVerdict, Status


@dataclass(frozen=True)
class Job:
    """A submission to grade, or to pass to a hook."""

    lesson: str
    source: Source | Unreadable
    """The submission, read once, so that all jobs of a run use the same version of the file."""
    options: Options = field(default_factory=Options)
    hook: str = ""
    """``module:function`` of the grader, called in the check process with the Task instead of grading; it must return
    plain JSON."""
    label: str = ""
    """The client's name for the job."""
    data: dict[str, Any] = field(default_factory=dict)
    """Further arguments of the hook, by their names."""


class Failing(msgspec.Struct, frozen=True, tag=True):
    """The first failing check of a job, sent at once, while the other checks still run."""

    claim: str
    status: Status


class Finding(msgspec.Struct, frozen=True, tag=True):
    """The last message of a check process: a verdict, the hook's answer, or why there is neither."""

    lesson: LessonVerdict | None = None
    isolation: str = ""
    behaviours: dict[str, str] = {}
    """As in `grader.engine.grading.Graded`."""
    searched: tuple[Searched, ...] = ()
    """The same."""
    answer: Any = None
    fault: str = ""
