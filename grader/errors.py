"""Errors that end a run without a verdict, each with its exit code.

GraderError            its text is for people: the file, the value, the next step
├── UsageError         2  the command line names something that does not exist
├── CourseError        2  a file of the course breaks a convention, with file and line
└── Fault              3  the grader failed: a broken check, a missing solution, a sandbox that does not start
"""

from typing import ClassVar


class GraderError(Exception):
    """Base of all errors that end a run; the text is for people."""

    exit_code: ClassVar[int] = 3


class UsageError(GraderError):
    """The command line names something that does not exist."""

    exit_code = 2


class CourseError(GraderError):
    """A file of the course breaks a convention; the text starts with ``file:line``."""

    exit_code = 2

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}:{line}: {problem}")
        self.file = file
        self.line = line
        self.problem = problem


class Fault(GraderError):
    """The grader failed, not the student: no score, and never a zero."""

    exit_code = 3
