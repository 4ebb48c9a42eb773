"""Who is to blame for a check that does not hold: the student's function, or the course.

A check that fails or breaks runs once more, on the solution. Where that one does not pass either, the check, the
solution or a driver has a bug: a fault of ours, with file and line, and never a student's.
"""

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import hypothesis

from grader.authoring import CheckFailed, StillToDo
from grader.course.model import Lesson
from grader.course.solution import Exercise
from grader.engine import watchdog
from grader.engine.reading import is_out_of_memory
from grader.engine.reference import Asked, Reference, Returned, Unanswerable
from grader.engine.student import Student, StudentFunction, require_answer
from grader.engine.watchdog import OutOfTime
from grader.errors import Fault
from grader.feedback.call_failure import CallFailed
from grader.sandbox import wire

Check = Callable[..., Any]
_BREAKS = Exception, SystemExit, OutOfTime
"""What ends a check that goes wrong. Hypothesis has other exceptions of its own, and Ctrl-C is another."""
MAX_TEXT = 500
"""Characters of an error that a fault quotes."""
OURS = "This is our fault, not yours, and costs no points. Please report it with these lines."


@dataclass(frozen=True)
class Solution:
    """The solution, as a check calls a student's function."""

    exercise: Exercise
    reference: Reference

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what it answers; raises Unanswerable where it raises."""
        return self._answer(None, args, kwargs)

    def once(self, *args: Any) -> Any:
        """Return the same."""
        return self._answer(None, args, {})

    def plain(self, *args: Any) -> Any:
        """Return the same."""
        return self._answer(None, args, {})

    def drive(self, driver: str, *args: Any) -> Any:
        """Return what a driver answers."""
        return self._answer(driver, args, {})

    def must_raise(
        self, error: type[Exception], driver: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Call it, by a driver if one is named; raises Unanswerable unless it raises this error."""
        self._answer(driver, args, kwargs, error)

    def _answer(
        self,
        driver: str | None,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        must_raise: type[Exception] | None = None,
    ) -> Any:
        answer = self.reference.wanted(Asked.of(self.exercise.name, driver, args, kwargs))
        require_answer(answer, self.exercise.name, must_raise)
        # A copy: others are told the same answer, and a check may change what it gets.
        return wire.decode(wire.encode(answer.value)) if isinstance(answer, Returned) else None


def blaming(check: Check, name: str, student: Student) -> Check:
    """Return a check that raises Fault where it would not hold for the solution either.

    What values of the student's function alone break is the student's: a number may overflow that no right function
    returns, a loop may never end.
    """

    @wraps(check)
    def blame(*args: Any, **kwargs: Any) -> Any:
        try:
            return check(*args, **kwargs)
        except (CallFailed, StillToDo, Fault, hypothesis.errors.HypothesisException):
            raise  # it says itself whose it is
        except _BREAKS as error:
            if is_out_of_memory(error):
                raise  # of what the student's function returned, or of ours: `Grading` finds out
            if isinstance(error, OutOfTime):
                student.interrupt()
            student.watchdog.restart()
            solved = {key: _solved(value, student) for key, value in kwargs.items()}
            try:
                check(*args, **solved)
            except hypothesis.errors.HypothesisException:
                pass  # with the solution it would not have come so far
            except _BREAKS as ours:
                raise fault_of(ours, name, student.lesson) from ours
            if isinstance(error, (CheckFailed, AssertionError)):
                raise
            raise _student_s(error) from error

    return blame


def fault_of(error: BaseException, name: str, lesson: Lesson) -> Fault:
    """Return the fault that an error of the course is, with file and line where the check was."""
    if isinstance(error, Fault):
        return error
    place = place_of(error, lesson.root, lesson.folder.glob("*.py")) or place_of(error, lesson.root)
    begin = f"{place}: " if place else ""
    return Fault(f"{begin}{_problem(error, name, lesson.root, place)}\n{OURS}")


def fault_at(check: Check, error: Exception, name: str, lesson: Lesson) -> Fault:
    """Return the fault that stands for a check which cannot be run at all."""
    code = getattr(getattr(check, "hypothesis", None), "inner_test", check).__code__
    place = f"{Path(code.co_filename).relative_to(lesson.root).as_posix()}:{code.co_firstlineno}: "
    return Fault(f"{place}{name} cannot be run. {_cut(str(error))}\n{OURS}")


def place_of(error: BaseException, root: Path, files: Iterable[Path] = ()) -> str:
    """Return ``file:line`` of the innermost frame in some files of a course, or in any; empty where there is none."""
    wanted = set(map(str, files))
    folders = (root / "lessons", root / "solutions")
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if frame.filename in wanted or (not wanted and any(path.is_relative_to(folder) for folder in folders)):
            return f"{path.relative_to(root).as_posix()}:{frame.lineno}"
    return ""


def _problem(error: BaseException, name: str, root: Path, place: str) -> str:
    says = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, OutOfTime):
        return f"{name} does not end{_inside(error, root, place)}, with the solution either: {error}"
    if isinstance(error, Unanswerable):
        inner = _inside(error.__cause__, root, place) if error.__cause__ is not None else ""
        return f"In {name} {_cut(str(error))}{inner}."
    if isinstance(error, CheckFailed):
        return f"The solution itself does not pass {name}. {_cut(error.message)}".rstrip()
    if isinstance(error, AssertionError):
        return f"The solution itself does not pass {name}: {_cut(says)}"
    return f"The check {name} broke{_inside(error, root, place)}: {_cut(says)}"


def _inside(error: BaseException, root: Path, place: str) -> str:
    """Return in parentheses where an error was raised, where that is another place: in the course, else anywhere."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != watchdog.__file__]
    inner = place_of(error, root)
    if inner == place:
        inner = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f" ({inner})" if inner and not place.endswith(inner) else ""


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_TEXT else line[: MAX_TEXT - 3] + "..."


def _student_s(error: BaseException) -> CheckFailed:
    """Return the failure of a check that only values of the student's break."""
    if isinstance(error, OutOfTime):
        return CheckFailed(f"With what your function returned, the check does not end: {error}")
    if isinstance(error, Unanswerable):
        return CheckFailed(f"With what your function returned, the check cannot go on: {error}.")
    says = f"{type(error).__name__}: {error}"
    return CheckFailed(f"With what your function returned, the check cannot go on: {says}")


def _solved(value: Any, student: Student) -> Any:
    """Return the solution in the place of the student's function, and anything else as it is."""
    return Solution(value.exercise, student.reference) if isinstance(value, StudentFunction) else value
