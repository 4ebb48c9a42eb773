"""The results of a run, as values: checks, exercises, lessons and the whole report."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

_Verdict = TypeVar("_Verdict")


class Status(StrEnum):
    """How a check, an exercise or a lesson ended."""

    PASSED = "passed"
    WRONG = "wrong"
    """A check fails."""
    RAISED = "raised"
    """The student's code raised an exception."""
    TIMEOUT = "timeout"
    """A call did not return in time."""
    CRASHED = "crashed"
    """The process of the student's code ended: it was killed, ran out of memory, or exited."""
    INVALID = "invalid"
    """Nothing to run: missing, not callable, wrong signature, unreadable or unparsable file."""
    TODO = "todo"
    """Still the stub."""
    FAULT = "fault"
    """The grader or the course failed: no score, never a zero."""


_OF_THE_MACHINE = frozenset([Status.TIMEOUT, Status.CRASHED, Status.FAULT])
"""Statuses that the machine may have caused: they are not remembered."""


class Visibility(StrEnum):
    """The readers of a check's result."""

    PUBLIC = "public"
    """The student, at once."""
    AFTER_DUE = "after_due"
    """The student, once the exercise is due."""
    HIDDEN = "hidden"
    """Only the instructor."""


PUBLIC = frozenset([Visibility.PUBLIC])
AFTER_DUE = frozenset([Visibility.PUBLIC, Visibility.AFTER_DUE])
EVERYTHING = frozenset(Visibility)


@dataclass(frozen=True)
class Frame:
    """A line of the student's own file that was running."""

    file: str
    line: int
    function: str
    code: str
    column: int = 0
    """Where in the code Python stopped, counted from 1; 0 if unknown."""
    width: int = 0
    """How many characters are marked from there on."""


class Difference(StrEnum):
    """How a wrong answer differs from the expected one."""

    NONE = ""
    """Nothing was compared, or what was compared is equal."""
    KIND = "kind"
    """In its kind, its shape or its dtype."""
    VALUES = "values"
    """In its values."""
    FORM = "form"
    """In its values, in a form that has a description: a factor, an offset, a transposition, ..."""


@dataclass(frozen=True)
class LoopNumber:
    """A number of the student's loop beside the expected one."""

    name: str
    """The student's name for it: ``w``, ``theta[0]``."""
    mine: str
    """Empty while it has no value yet."""
    expected: str
    is_wrong: bool


@dataclass(frozen=True)
class LoopStep:
    """A moment of the student's loop; all steps of a table have the same numbers."""

    place: str
    """``after pass 2``."""
    numbers: tuple[LoopNumber, ...]


@dataclass(frozen=True)
class Cause:
    """Why an exercise is wrong: what reproduces every recorded answer of the student's function, or the first step."""

    kind: str
    """The family that explains it: ``fixed``, ``argument``, ``result``, ``state``, ``where`` in the solution, ``calls``
    of another exercise, ... A ``step`` explains one call alone: where a loop first differs from the solution's.
    """
    argument: str = ""
    """The parameters, the part of the result or the student's variable that it is about."""
    value: str = ""
    """What was found: the number that an argument is fixed to, the change in words, or where the step is."""
    sentence: str = ""
    """What the student reads."""
    steps: tuple[LoopStep, ...] = ()
    """Of a ``step``: the last moments up to the one at which a number first differs; that one is the last."""


@dataclass(frozen=True)
class CheckVerdict:
    """How one check of one exercise ended."""

    name: str
    claim: str
    """The first line of the check's docstring: what must hold, in words."""
    status: Status
    max_points: int = 1
    message: str = ""
    """What went wrong, in words; empty where the check passed."""
    counterexample: str = ""
    """The smallest failing call, ready to paste."""
    returned: str = ""
    """What the student's code returned, abbreviated."""
    wanted: str = ""
    """The expected value, abbreviated."""
    mistake: str = ""
    """The known mistake that behaves the same way, or empty."""
    explanation: str = ""
    """The explanation of that mistake, or the sentence of the tensor explainer."""
    seen: str = ""
    """The sentence of the tensor explainer, even if a mistake says it better."""
    output: str = ""
    """What the student's code printed while the check ran."""
    frames: tuple[Frame, ...] = ()
    """The student's own frames, innermost last."""
    duration_ms: float = 0.0
    earned: bool = True
    """False if a passed check gives no points yet: the first check fails, or too few answers are right."""
    visibility: Visibility = Visibility.PUBLIC
    names_mistake: bool = False
    """Whether the check itself has named the mistake: then the calls are not searched for another."""
    cause: Cause | None = None
    """What explains all answers, if no known mistake does, or the step of a loop at which this call goes wrong."""
    difference: Difference = Difference.NONE
    """How the answer of its counterexample differs from the expected one."""

    @property
    def points(self) -> int:
        """A check gives all of its points or none."""
        return self.max_points if self.status is Status.PASSED and self.earned else 0


_TELLING: tuple[Callable[[CheckVerdict], bool], ...] = (
    lambda check: bool(check.mistake),
    lambda check: check.cause is not None,
    lambda check: check.difference is Difference.FORM,
    lambda check: check.difference is Difference.VALUES,
    lambda check: bool(check.explanation),
    lambda check: check.difference is Difference.KIND,
)
"""What a failed check may tell, the most telling first."""


def telling(check: CheckVerdict) -> int:
    """Return how much a failed check tells: the lower, the more."""
    return next((rank for rank, holds in enumerate(_TELLING) if holds(check)), len(_TELLING))


@dataclass(frozen=True)
class ExerciseVerdict:
    """How all checks of one exercise ended."""

    name: str
    bonus: bool
    checks: tuple[CheckVerdict, ...]
    advice: tuple[str, ...] = ()
    """What is right but could be better; it costs nothing."""
    withheld: int = 0
    """How many checks run only at grading and are not part of this verdict."""

    @property
    def status(self) -> Status:
        """``fault`` if any check is one, else how the first check ended that did not pass."""
        statuses = [check.status for check in self.checks]
        if Status.FAULT in statuses or not (statuses or self.withheld):
            return Status.FAULT
        return next((status for status in statuses if status is not Status.PASSED), Status.PASSED)

    @property
    def is_repeatable(self) -> bool:
        """Whether the same file must get this verdict again: the machine may cause time-outs, crashes and faults."""
        return not any(check.status in _OF_THE_MACHINE for check in self.checks)

    @property
    def first_failure(self) -> CheckVerdict | None:
        """The check to show: of those that ended like the exercise, the one that tells most, of equal ones the first.

        The first check stays first where passed checks give their points only once it passes.
        """
        if self.status is Status.PASSED:
            return None
        failed = [check for check in self.checks if check.status is self.status]
        is_awaited = any(check.status is Status.PASSED and not check.earned for check in self.checks)
        if is_awaited and failed[:1] == list(self.checks[:1]):
            return failed[0]
        return min(failed, key=telling, default=None)

    @property
    def also_failed(self) -> str:
        """The claim of the first check that failed, if another one is shown."""
        shown = self.first_failure
        first = next((check for check in self.checks if check.status is self.status), None)
        return first.claim if shown is not None and first is not None and first.name != shown.name else ""

    @property
    def mend_first(self) -> str:
        """The exercise that this one calls and that is to blame; empty if there is none."""
        cause = self.first_failure.cause if self.first_failure is not None else None
        return cause.argument if cause is not None and cause.kind == "calls" else ""

    @property
    def unpaid_until(self) -> str:
        """When passed checks will give their points; empty if they already do."""
        if all(check.earned for check in self.checks):
            return ""
        is_guessed = self.checks[0].status is Status.PASSED
        return "most answers are right" if is_guessed else "the first check passes"

    @property
    def points(self) -> int | None:
        """The points of the passed checks; None if a fault prevents a score."""
        return None if self.status is Status.FAULT else sum(check.points for check in self.checks)

    @property
    def max_points(self) -> int:
        """All points that the checks can give."""
        return sum(check.max_points for check in self.checks)


@dataclass(frozen=True)
class LessonVerdict:
    """How the selected exercises of one lesson ended."""

    id: str
    name: str
    title: str
    exercises: tuple[ExerciseVerdict, ...]

    @property
    def counted(self) -> tuple[ExerciseVerdict, ...]:
        """The exercises that count: all but the bonus, or the bonus where nothing else is selected."""
        required = tuple(exercise for exercise in self.exercises if not exercise.bonus)
        return required or self.exercises

    @property
    def status(self) -> Status:
        """``fault`` if any exercise is one, else how the first counted exercise ended that did not pass."""
        if any(exercise.status is Status.FAULT for exercise in self.exercises):
            return Status.FAULT
        statuses = [exercise.status for exercise in self.counted]
        # A lesson that is half done is better described by what went wrong than by what is still to do.
        went_wrong = next((status for status in statuses if status not in (Status.PASSED, Status.TODO)), None)
        if went_wrong is not None:
            return went_wrong
        return Status.TODO if Status.TODO in statuses else Status.PASSED

    @property
    def is_repeatable(self) -> bool:
        """Whether the same file must get this verdict again."""
        return all(exercise.is_repeatable for exercise in self.exercises)

    @property
    def points(self) -> int | None:
        """The points of the counted exercises; None if a fault prevents a score."""
        return total(exercise.points for exercise in self.counted)

    @property
    def max_points(self) -> int:
        """All points that the counted exercises can give."""
        return sum(exercise.max_points for exercise in self.counted)

    @property
    def bonus_points(self) -> int | None:
        """The points of the exercises that do not count; None if a fault prevents a score."""
        has_required = any(not exercise.bonus for exercise in self.exercises)
        return total(exercise.points for exercise in self.exercises if exercise.bonus and has_required)


@dataclass(frozen=True)
class Report:
    """The whole result of one run."""

    lessons: tuple[LessonVerdict, ...]
    isolation: str
    """``confined`` or ``process``: how the student's code was isolated."""
    seed: int | None = 0
    """0 for the fixed examples, else the seed of fresh ones; None for fresh ones with a secret seed."""

    @property
    def points(self) -> int | None:
        """The points of all lessons; None if a fault prevents a score."""
        return total(lesson.points for lesson in self.lessons)

    @property
    def max_points(self) -> int:
        """All points that the graded lessons can give."""
        return sum(lesson.max_points for lesson in self.lessons)

    @property
    def bonus_points(self) -> int | None:
        """The bonus points of all lessons, which are not part of the points; None if a fault prevents a score."""
        return total(lesson.bonus_points for lesson in self.lessons)

    @property
    def exit_code(self) -> int:
        """0 all passed, 1 something has not passed, 3 a fault."""
        statuses = {lesson.status for lesson in self.lessons}
        if Status.FAULT in statuses:
            return 3
        return 0 if not statuses - {Status.PASSED} else 1


def unchecked(message: str, visibility: Visibility = Visibility.PUBLIC) -> CheckVerdict:
    """Return a fault in place of the checks of an exercise, if none could be run."""
    claim = "The checks can be run."
    return CheckVerdict("checks", claim, Status.FAULT, message=message, visibility=visibility)


def total(points: Iterable[int | None]) -> int | None:
    """Return the sum, or None if a part has no score."""
    parts = list(points)
    return None if None in parts else sum(part for part in parts if part is not None)


def lesson_from(plain: dict[str, Any]) -> LessonVerdict:
    """Return the verdict from the plain data of ``dataclasses.asdict``; raises ValueError for other data."""
    return _from(plain, LessonVerdict)


def exercise_from(plain: dict[str, Any]) -> ExerciseVerdict:
    """Return the verdict on an exercise, as `lesson_from` does."""
    return _from(plain, ExerciseVerdict)


def _from(plain: dict[str, Any], kind: type[_Verdict]) -> _Verdict:
    try:
        return msgspec.convert(plain, kind)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
