"""Decide whether a failed check is the student's fault or the course's.

A check that fails or raises runs again on the solution. If the solution does not pass either, the check, the solution
or a driver has a bug: a fault of the course, with file and line, that never costs a student points.
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
from grader.sandbox.worker import CODE

Check = Callable[..., Any]
_BREAKS = Exception, SystemExit, OutOfTime
"""What a broken check raises; not Ctrl-C, nor the BaseExceptions that Hypothesis uses for control flow."""
MAX_TEXT = 500
"""Characters of an error quoted in a fault."""
OURS = "This is a bug in the workbook, not in your code, and costs no points. Please report it with these lines."


@dataclass(frozen=True)
class Solution:
    """The solution, callable by a check in place of the student's function."""

    exercise: Exercise
    reference: Reference

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return the solution's answer; raises Unanswerable if the solution raises."""
        return self._answer(None, args, kwargs)

    def once(self, *args: Any) -> Any:
        """Return the solution's answer."""
        return self._answer(None, args, {})

    def plain(self, *args: Any) -> Any:
        """Return the solution's answer."""
        return self._answer(None, args, {})

    def drive(self, driver: str, *args: Any) -> Any:
        """Return a driver's answer for the solution."""
        return self._answer(driver, args, {})

    def run(self, code: str, **values: Any) -> Any:
        """Return what the last line gives for the solution."""
        return self._answer(CODE, (code,), values)

    def must_raise(
        self, error: type[Exception], driver: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Call the solution, through a driver if one is named; raises Unanswerable unless it raises this error."""
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
        # A copy: the answer is cached, and a check may modify its value.
        return wire.decode(wire.encode(answer.raw)) if isinstance(answer, Returned) else None


def blaming(check: Check, name: str, student: Student) -> Check:
    """Return a check that raises Fault if the solution would not pass it either.

    A check that breaks only on the student's values is the student's failure: such a value may overflow, or keep a loop
    from ending.
    """

    @wraps(check)
    def blame(*args: Any, **kwargs: Any) -> Any:
        try:
            return check(*args, **kwargs)
        except (CallFailed, StillToDo, Fault, hypothesis.errors.HypothesisException):
            raise  # the type already says whose fault it is
        except _BREAKS as error:
            if is_out_of_memory(error):
                raise  # caused by the student's value or by the grader: `Grading` decides
            if isinstance(error, OutOfTime):
                student.interrupt()
            student.watchdog.restart()
            solved = {key: _solved(value, student) for key, value in kwargs.items()}
            try:
                check(*args, **solved)
            except hypothesis.errors.HypothesisException:
                pass  # rejected with the solution: no evidence against the course
            except _BREAKS as ours:
                raise fault_of(ours, name, student.lesson) from ours
            if isinstance(error, (CheckFailed, AssertionError)):
                raise
            raise _student_s(error) from error

    return blame


def fault_of(error: BaseException, name: str, lesson: Lesson) -> Fault:
    """Return the Fault for an error of the course, with the file and line of the check."""
    if isinstance(error, Fault):
        return error
    place = place_of(error, lesson.root, lesson.folder.glob("*.py")) or place_of(error, lesson.root)
    begin = f"{place}: " if place else ""
    return Fault(f"{begin}{_problem(error, name, lesson.root, place)}\n{OURS}")


def fault_at(check: Check, error: Exception, name: str, lesson: Lesson) -> Fault:
    """Return the Fault for a check that cannot run at all."""
    code = getattr(getattr(check, "hypothesis", None), "inner_test", check).__code__
    place = f"{Path(code.co_filename).relative_to(lesson.root).as_posix()}:{code.co_firstlineno}: "
    return Fault(f"{place}{name} cannot be run. {_cut(str(error))}\n{OURS}")


def place_of(error: BaseException, root: Path, files: Iterable[Path] = ()) -> str:
    """Return ``file:line`` of the innermost frame in these files, or in any file of the course; empty if none."""
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
        return f"{name} does not finish{_inside(error, root, place)}, even with the solution: {error}"
    if isinstance(error, Unanswerable):
        inner = _inside(error.__cause__, root, place) if error.__cause__ is not None else ""
        return f"In {name}, {_cut(str(error))}{inner}."
    if isinstance(error, CheckFailed):
        return f"The solution fails {name}. {_cut(error.message)}".rstrip()
    if isinstance(error, AssertionError):
        return f"The solution fails {name}: {_cut(says)}"
    return f"Error in check {name}{_inside(error, root, place)}: {_cut(says)}"


def _inside(error: BaseException, root: Path, place: str) -> str:
    """Return in parentheses where an error was raised, in the course or else anywhere; empty if that is the place."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != watchdog.__file__]
    inner = place_of(error, root)
    if inner == place:
        inner = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f" ({inner})" if inner and not place.endswith(inner) else ""


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_TEXT else line[: MAX_TEXT - 3] + "..."


def _student_s(error: BaseException) -> CheckFailed:
    """Return the failure of a check that breaks only on the student's values."""
    if isinstance(error, OutOfTime):
        return CheckFailed(f"Given what your function returned, the check does not finish: {error}")
    if isinstance(error, Unanswerable):
        return CheckFailed(f"Given what your function returned, the check cannot continue: {error}.")
    says = f"{type(error).__name__}: {error}"
    return CheckFailed(f"Given what your function returned, the check cannot continue: {says}")


def _solved(value: Any, student: Student) -> Any:
    """Return the solution in place of the student's function, and any other value unchanged."""
    return Solution(value.exercise, student.reference) if isinstance(value, StudentFunction) else value
