"""The student's functions, callable by checks: each call runs in the worker, and its answer is validated."""

import contextlib
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property, partial
from typing import Any

import torch

from grader.authoring import CheckFailed
from grader.course.exercise_text import Mistake
from grader.course.model import Lesson
from grader.course.solution import Exercise
from grader.course.submission import Source
from grader.engine.agreement import same
from grader.engine.mistake_worker import Mistaken
from grader.engine.reading import is_out_of_memory, reading
from grader.engine.reference import Asked, Key, Raised, Reference, Returned, Unanswerable
from grader.engine.watchdog import Watchdog
from grader.engine.worker_session import Back, Runner
from grader.feedback import coercion, format_value
from grader.feedback.call_failure import (
    CallFailed,
    CallLost,
    Ending,
    Standing,
    ending_of_standing,
    number_of,
    standing_of,
    unread,
)
from grader.feedback.side_effects import advice, changed_arguments, changed_settings, complaints
from grader.sandbox import arrays, outline, wire
from grader.sandbox.clock import Usage
from grader.sandbox.worker import CODE
from grader.verdict import Status

MAX_CALLS = 400
"""Calls of one exercise kept for the diagnosis."""
_ANSWER = "end", "value", "arguments", "settings", "open_figures"


class Origin(Enum):
    """Where the arguments of a call come from."""

    FORESEEN = "the same for every seed, so they can be known beforehand"
    DRAWN = "drawn from the seed"
    SMALLER = "shrunk from a failing example"


@dataclass(frozen=True)
class Call(Asked):
    """A recorded call of a student's function."""

    returned: Any = None
    """The returned value, before any conversion."""
    ending: Ending | None = None
    """Set if the call gave no value."""
    wanted: Returned | Raised | None = None
    """The reference's answer for the same arguments."""
    output: str = ""
    value: bytes = b""
    """The returned value, encoded."""
    is_repeated: bool = False
    """Whether the answer was reused from an identical earlier call: it says nothing new about the function."""
    origin: Origin = Origin.FORESEEN
    must_raise: type[Exception] | None = None
    """The exception that the check requires of this call, and that the reference raises."""

    @property
    def raises_as_required(self) -> bool:
        """Whether it raised what the check requires of it."""
        return self.must_raise is not None and self.ending is not None and self.ending.is_a(self.must_raise)

    @cached_property
    def is_right(self) -> bool:
        """Whether it returned what the reference returns, or raised what the check requires."""
        if self.ending is not None:
            return self.raises_as_required
        return isinstance(self.wanted, Returned) and same(self.returned, self.wanted.value, self.size)

    @property
    def is_secret(self) -> bool:
        """Whether what the reference answers is never shown: without arguments there is one answer, as in a quiz."""
        return not self.args and not self.kwargs


@dataclass
class Suspects:
    """The known mistakes that fit all calls so far; each mistake is tried at most once per call."""

    mistakes: list[Mistake]
    examined: int = 0
    """How many calls of the history have been examined."""
    differs: bool = False
    """Whether any of them differs from the reference."""
    untried: list[Call] = field(default_factory=list)
    """Calls on which no mistake has been tried yet."""
    matched: dict[str, int] = field(default_factory=dict)
    """By mistake: how many wrong calls it answers like the student's code."""
    excused: dict[str, int] = field(default_factory=dict)
    """By mistake: how many calls it answers differently only because it divides by 0 or overflows."""


@dataclass(repr=False)
class Student:
    """A submission's functions, and everything observed when they were called."""

    runner: Runner
    reference: Reference
    watchdog: Watchdog = field(default_factory=Watchdog)
    """The time limit on the checks."""
    mistaken: Mistaken = field(init=False)
    """The answers of the known mistakes."""
    example: list[Call] = field(default_factory=list)
    """The calls of the current or last example."""
    first_calls: dict[str, list[Call]] = field(default_factory=dict)
    """By exercise: the first call of each check, which is the same for every submission."""
    history: dict[str, list[Call]] = field(default_factory=dict)
    """By exercise: its first calls in all checks, which distinguish mistakes."""
    suspects: dict[str, Suspects] = field(default_factory=dict)
    """By exercise: the known mistakes that still fit its calls."""
    conduct: dict[str, dict[str, Call]] = field(default_factory=dict)
    """By exercise: side effects, each with the first call that had it."""
    advice: dict[str, list[str]] = field(default_factory=dict)
    """By exercise: what is right but could be better."""
    observed: set[str] = field(default_factory=set)
    """Exercises that have returned at least once."""
    endings: dict[str, Ending] = field(default_factory=dict)
    """By exercise: how the last call that gave no value ended."""
    _lost: dict[str, Ending] = field(default_factory=dict)
    _is_first_call: bool = False
    _origin: Origin = Origin.FORESEEN
    _once: dict[Key, Back] = field(default_factory=dict)
    """Results of the calls made ``once``."""
    _ahead: deque[tuple[Key, Back]] = field(default_factory=deque)
    """The example's next calls that have already been made."""

    def __post_init__(self) -> None:
        """Let the known mistakes run in their own worker, forked like the student's."""
        self.mistaken = Mistaken(self.reference, self.runner.zygote)

    @property
    def lesson(self) -> Lesson:
        """The lesson of the submission."""
        return self.runner.lesson

    def begin_check(self) -> None:
        """Forget the calls of the previous check."""
        self._is_first_call = True
        self.begin_example()
        self.runner.charge_between_calls()

    def begin_example(self, origin: Origin = Origin.FORESEEN) -> None:
        """Forget the calls of the previous example or check."""
        self.example = []
        self._origin = origin

    def function(self, exercise: Exercise) -> "StudentFunction":
        """Return the student's function for an exercise."""
        return StudentFunction(self, exercise)

    def standing(self, exercise: Exercise) -> Ending | None:
        """Return why an exercise cannot be called at all, or None if it can."""
        loaded = self.runner.load()
        if isinstance(loaded, Ending):
            return loaded
        standing = standing_of(loaded.get(exercise.name))
        return ending_of_standing(standing, exercise, self.runner.source.shown)

    def note(self, exercise: Exercise) -> str:
        """Return a warning if an exercise is defined twice, which may be why a change has no effect."""
        loaded = self.runner.load()
        standing = standing_of(loaded.get(exercise.name)) if not isinstance(loaded, Ending) else Standing()
        if standing.word != "ready" or len(standing.lines) < 2:
            return ""
        first, last = standing.lines
        file = self.runner.source.shown
        return f"{file} defines {exercise.name} on line {first} and again on line {last}. The last one counts."

    def call(  # noqa: PLR0913  the options of a call, each by its name
        self,
        exercise: Exercise,
        driver: str | None,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        once: bool = False,
        is_plain: bool = False,
        must_raise: type[Exception] | None = None,
    ) -> Any:
        """Call the student's function and return its value, plain or converted to the kind of the reference's answer.

        With ``once``, the result of an identical earlier call is reused. With ``must_raise``, the call returns nothing
        and fails unless it raises that. Raises Unanswerable if the reference has no such answer.
        """
        ending = self._lost.get(exercise.name) or self.standing(exercise)
        if ending is not None:
            raise CallLost(ending)
        # Encoded before the student's call, from our own copy: changes that it makes to the arguments have no effect.
        asked = Asked.of(exercise.name, driver, args, kwargs)
        key, wanted = asked.key, partial(self.reference.wanted, asked)
        is_repeated = once and key in self._once
        if is_repeated:
            back = self._once[key]
        else:
            # The reference computes its answer while the worker does, on another core, and caches it.
            back = self._back(key, lambda: seconds_of(wanted()))
            if once:
                self._once[key] = back
        require_answer(wanted(), exercise.name, must_raise)
        made = partial(
            Call,
            **vars(asked),
            wanted=wanted(),
            is_repeated=is_repeated,
            origin=self._origin,
            must_raise=must_raise,
        )
        if isinstance(back, CallLost):
            raise self._lose(made(), back.ending) from None
        answer, output = back
        started = time.process_time()
        try:
            with reading(exercise.name):
                return self._value(exercise, partial(made, output=output), answer, is_plain=is_plain)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            raise self._lose(made(output=output), unread(self.runner.limits)) from None
        finally:
            # Reading a huge answer takes CPU time here: charge it to the student.
            self.runner.charge(exercise.name, Usage(time.process_time() - started))

    def give_up(self, exercise: str, ending: Ending) -> None:
        """End all further calls of an exercise like this, without making them."""
        self._lost[exercise] = self.endings[exercise] = ending

    def repeats(self, calls: Sequence[Call]) -> bool:
        """Make the solution's calls of an example; return whether all gave the solution's answers.

        If so, the example passes as it did for the solution, and the check need not run. Otherwise it runs and makes
        the same calls; those already made are not repeated.
        """
        self._ahead.clear()
        printed = []
        for call in calls:
            exercise = self.lesson.exercise(call.exercise)
            if self._lost.get(call.exercise) or self.standing(exercise) is not None:
                return False
            back = self.runner.call(call.key, partial(seconds_of, call.wanted))
            self._ahead.append((call.key, back))
            if isinstance(back, CallLost) or not _is_plain(back[0], call.value):
                return False
            printed.append(back[1])
        self._ahead.clear()
        for call, output in zip(calls, printed, strict=True):
            self._record(replace(call, output=output) if output else call)
            self.observed.add(call.exercise)
        return True

    def repeatable(self) -> tuple[Call, ...]:
        """Return the current example's calls for `repeats`, or none if repeating them could miss something."""
        for call in self.example:
            if not call.value or call.key in self._once or self.advice.get(call.exercise):
                return ()
        return tuple(self.example)

    def _back(self, key: Key, think: Callable[[], float]) -> Back:
        """Return the result of a call; a call made ahead is not repeated."""
        if self._ahead and self._ahead[0][0] == key:
            return self._ahead.popleft()[1]
        self._ahead.clear()
        return self.runner.call(key, think)

    def _value(self, exercise: Exercise, made: Callable[..., Call], answer: dict[str, Any], *, is_plain: bool) -> Any:
        """Return an answer's value, plain or converted to the kind of the reference's; raises if there is none.

        ``made`` takes how the call ended, and returns the call to record.
        """
        if answer["end"] != "returned":
            ending = self.endings[exercise.name] = _of_whom(self.runner.ending(answer), exercise, self.lesson)
            if answer["end"] == "refused":
                raise self._lose(made(), ending)
            call = made(ending=ending)
            self._record(call)
            if call.raises_as_required:
                return None
            raise CallFailed(_instead(ending, call.must_raise))
        try:
            value = wire.decode(answer["value"])
        except wire.WireError as error:
            raise self._lose(made(), Ending(Status.WRONG, f"What your function returned {error}.")) from None
        except (KeyError, TypeError) as error:
            raise self.runner.forged(error) from None
        call = made(returned=arrays.tensors_of(value), value=answer["value"])
        try:
            noticed = complaints(changed_arguments(exercise, *call.given, answer["arguments"]))
            noticed += changed_settings(answer["settings"], self._line_of_setting)
            open_figures = number_of(answer["open_figures"])
        except (KeyError, TypeError, ValueError) as error:
            raise self.runner.forged(error) from None
        self._record(call)
        self.observed.add(exercise.name)
        noted = self.conduct.setdefault(exercise.name, {})
        for text in noticed:
            noted.setdefault(text, call)
        if call.must_raise is not None:
            name = call.must_raise.__qualname__
            text = f"These arguments must raise {name}; your function returned a value. Raise it before you compute."
            raise CheckFailed(text, value)
        assert isinstance(call.wanted, Returned)
        known = self.advice.setdefault(exercise.name, [])
        known += [
            text for text in advice(call.returned, call.wanted.value, call.args, open_figures) if text not in known
        ]
        if is_plain:
            return value
        return coercion.coerce(value, call.wanted.raw, sizes_of(exercise.parameters, call.args))

    def _line_of_setting(self, setting: str) -> int:
        """Return the line where the file changes a torch setting while it loads, or 0."""
        source = self.runner.source
        assert isinstance(source, Source)  # it was loaded
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return outline.line_of_setting(outline.parse(source.content, source.shown), setting)
        return 0

    def interrupt(self) -> None:
        """End the worker after a check was interrupted: an answer may be half read."""
        self._ahead.clear()
        self.runner.close()

    def close(self) -> None:
        """End the workers and remove their folders."""
        self.runner.close()
        self.mistaken.close()

    def _lose(self, call: Call, ending: Ending) -> CallLost:
        """Give up an exercise: its further checks end like this call, without another wait."""
        self.give_up(call.exercise, ending)
        self._record(replace(call, ending=ending))
        return CallLost(ending)

    def _record(self, call: Call) -> None:
        self.example.append(call)
        if self._is_first_call:
            self._is_first_call = False
            self.first_calls.setdefault(call.exercise, []).append(call)
        history = self.history.setdefault(call.exercise, [])
        if len(history) < MAX_CALLS and not call.is_repeated:
            history.append(call)


class StudentFunction:
    """A student's function, as a check calls it.

    Not a dataclass: Hypothesis prints the arguments of its examples, and would print every field, down to every call.
    """

    def __init__(self, student: Student, exercise: Exercise) -> None:
        self.student = student
        self.exercise = exercise

    def __repr__(self) -> str:
        """Return the exercise's name."""
        return self.exercise.name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the worker; raises CheckFailed if the result's kind or shape differs from the reference's."""
        return self.student.call(self.exercise, None, args, kwargs)

    def once(self, *args: Any) -> Any:
        """Call it, or return the result of an identical earlier call made ``once``."""
        return self.student.call(self.exercise, None, args, {}, once=True)

    def plain(self, *args: Any) -> Any:
        """Call it in the worker and return the result as data of any kind."""
        return self.student.call(self.exercise, None, args, {}, is_plain=True)

    def drive(self, driver: str, *args: Any) -> Any:
        """Call a driver in the worker, with the student's function as its first argument."""
        return self.student.call(self.exercise, driver, args, {})

    def run(self, code: str, **values: Any) -> Any:
        """Run lines of Python in the worker, and return the value of the last one."""
        return self.student.call(self.exercise, CODE, (code,), values)

    def must_raise(
        self, error: type[Exception], driver: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Call it, through a driver if one is named; raises CheckFailed or CallFailed unless it raises this error."""
        self.student.call(self.exercise, driver, args, kwargs, must_raise=error)


def require_answer(wanted: Returned | Raised, exercise: str, must_raise: type[Exception] | None) -> None:
    """Raise Unanswerable if the reference returns nothing, or does not raise what a check requires."""
    if isinstance(wanted, Returned):
        if must_raise is not None:
            value = format_value.short(wanted.raw)
            raise Unanswerable(f"the check requires a {must_raise.__name__}, but the solution returns {value}")
        return
    error = wanted.error
    if isinstance(error, Unanswerable):
        # A new error, for the place in this check: the cached one may come from another check.
        raise Unanswerable(str(error)) from error.__cause__
    if must_raise is not None and isinstance(error, must_raise):
        return
    says = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if must_raise is not None:
        raise Unanswerable(f"the check requires a {must_raise.__name__}, but the solution raises {says}") from error
    raise Unanswerable(f"the solution of {exercise} raises {says}") from error


def _instead(ending: Ending, must_raise: type[Exception] | None) -> Ending:
    """Return how a call ended, with a message if it raised something other than required."""
    if must_raise is None or ending.status is not Status.RAISED:
        return ending
    text = f"These arguments must raise {must_raise.__qualname__}; your function raised {ending.message}"
    return replace(ending, message=text)


def seconds_of(wanted: Returned | Raised | None) -> float:
    """Return how long the reference took."""
    return wanted.seconds if wanted is not None else 0.0


def sizes_of(parameters: tuple[str, ...], args: tuple[Any, ...]) -> dict[str, int]:
    """Return the named sizes of a call's arguments: N for the first tensor, n_w for w_values."""
    sizes: dict[str, int] = {}
    for name, value in zip(parameters, args, strict=False):
        if type(value) is torch.Tensor and value.ndim:
            length = value.shape[0]
            sizes.setdefault("N", length)
            if name.endswith("_values"):
                sizes[f"n_{name.removesuffix('_values')}"] = length
    return sizes


def _is_plain(answer: dict[str, Any], value: bytes) -> bool:
    """Whether an answer, which may be forged, is exactly this value, without a side effect to report."""
    came, kinds = [answer.get(name) for name in _ANSWER], (str, bytes, list, list, int)
    if not all(type(part) is kind for part, kind in zip(came, kinds, strict=True)):
        return False
    end, came_back, arguments, settings, open_figures = came
    if (end, came_back, arguments, open_figures) != ("returned", value, [], 0):
        return False
    try:
        return not changed_settings(settings)
    except TypeError:
        return False


def _of_whom(ending: Ending, exercise: Exercise, lesson: Lesson) -> Ending:
    """Return how a call ended; if it met another exercise's stub, that exercise is to do, not this one."""
    other = ending.frames[-1].function if ending.frames else exercise.name
    if (
        ending.status is not Status.TODO
        or other == exercise.name
        or other not in {each.name for each in lesson.exercises}
    ):
        return ending
    text = f"{exercise.name} calls {other}, which is still to do. Write {other} first."
    return replace(ending, status=Status.RAISED, message=text)
