"""What the engine of rounds tells the face that shows it: plain values, in the order in which they happen."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable
from grader.verdict import LessonVerdict, Status


class Reason(Enum):
    """Why a round began."""

    OPENED = "the lesson was opened"
    SAVED = "the student saved the file"
    REQUESTED = "the student requested it"
    LESSON_CHANGED = "the lesson itself has changed"


@dataclass(frozen=True)
class Loading:
    """Something has to be loaded before anything can be graded; `Loaded` follows."""

    what: str


@dataclass(frozen=True)
class Loaded:
    """Everything is loaded: a round that waits begins to grade."""


@dataclass(frozen=True)
class Started:
    """A round began; what earlier rounds said is about an earlier file."""

    lesson: Lesson
    source: Source | Unreadable
    """The file that is graded."""
    reason: Reason
    replaced: bool
    """Whether a running round was stopped and dropped for it."""


@dataclass(frozen=True)
class FirstFailure:
    """A check fails, the first one of the round; the verdict on its exercise follows."""

    exercise: str
    claim: str
    status: Status


@dataclass(frozen=True)
class Graded:
    """The verdict on one exercise."""

    exercise: str
    lesson: LessonVerdict
    """With this exercise alone."""


@dataclass(frozen=True)
class Faulted:
    """A fault prevents the verdict on an exercise."""

    exercise: str
    message: str


@dataclass(frozen=True)
class Done:
    """The round is over."""

    lesson: LessonVerdict | None
    """The verdict on the lesson, or None if a fault prevents it."""
    isolation: str
    seconds: float


@dataclass(frozen=True)
class Drawn:
    """What the requested picture's job returned; or why there is none."""

    exercise: str
    answer: Any = None
    fault: str = ""


@dataclass(frozen=True)
class Unusable:
    """The files of the lesson or of the course cannot be read as they are now."""

    message: str


Event: TypeAlias = Loading | Loaded | Started | FirstFailure | Graded | Faulted | Done | Drawn | Unusable
