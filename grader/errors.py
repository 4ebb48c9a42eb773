"""The ways in which the grader itself can end without a verdict, each with its exit code.

GraderError            what a person reads: the file, the value, the next step
├── UsageError         2  the command line asks for something that does not exist
├── CourseError        2  a lesson is written in a way that cannot be read, with file and line
└── Fault              3  ours: a broken check, a missing solution, a sandbox that does not start
"""

from typing import ClassVar


class GraderError(Exception):
    """Base of all errors that end a run; the text is meant to be read by a person."""

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
