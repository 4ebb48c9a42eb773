"""The student's functions as values that a check can call: each call crosses to the worker and comes back judged."""

import contextlib
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import Any

import torch

from grader.authoring import CheckFailed
from grader.course.exercise_text import Mistake
from grader.course.model import Lesson
from grader.course.solution import Exercise
from grader.course.submission import Source
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
from grader.sandbox import outline, wire
from grader.sandbox.clock import Usage
from grader.verdict import Status

MAX_CALLS = 400
"""Calls of one exercise that are kept for the diagnosis."""
_ANSWER = "end", "value", "arguments", "settings", "open_figures"


class Origin(Enum):
    """Where the arguments of a call come from."""

    FORESEEN = "the same with every seed, for everyone to read"
    DRAWN = "the seed decided on them"
    SMALLER = "a failing example was made smaller"


@dataclass(frozen=True)
class Call(Asked):
    """One call of a student's function, as it was recorded."""

    returned: Any = None
    """What came back, before it was looked at."""
    ending: Ending | None = None
    """Set where nothing came back."""
    wanted: Returned | Raised | None = None
    """What the reference answers for the same arguments."""
    output: str = ""
    value: bytes = b""
    """What came back, as it was sent."""
    is_repeated: bool = False
    """Whether what came back is the answer to an earlier such call: of the function it tells nothing new."""
    origin: Origin = Origin.FORESEEN
    must_raise: type[Exception] | None = None
    """The exception that the check requires of this call, and that the reference raises."""


@dataclass
class Suspects:
    """The known mistakes that all calls so far look like: each mistake is tried on each call once at most."""

    mistakes: list[Mistake]
    examined: int = 0
    """How many calls of the history have been looked at."""
    differs: bool = False
    """Whether any of them differs from the reference."""
    untried: list[Call] = field(default_factory=list)
    """Calls that no mistake has been tried on yet."""
    matched: dict[str, int] = field(default_factory=dict)
    """By mistake: how many wrong calls it answers as the student's code did."""
    excused: dict[str, int] = field(default_factory=dict)
    """By mistake: how many calls it answers otherwise, and only because it divides by 0 or meets too large numbers."""


@dataclass(repr=False)
class Student:
    """Who has handed a file in: their functions, and all that was noticed when they were called."""

    runner: Runner
    reference: Reference
    watchdog: Watchdog = field(default_factory=Watchdog)
    """The clock on the checks."""
    mistaken: Mistaken = field(init=False)
    """What the known mistakes would have answered."""
    example: list[Call] = field(default_factory=list)
    """The calls of the example that runs, or ran last."""
    first_calls: dict[str, list[Call]] = field(default_factory=dict)
    """By exercise: the first call of each check, which is the same for everybody."""
    history: dict[str, list[Call]] = field(default_factory=dict)
    """By exercise: its first calls in all checks, which tell one mistake from another."""
    suspects: dict[str, Suspects] = field(default_factory=dict)
    """By exercise: the known mistakes that its calls still look like."""
    conduct: dict[str, dict[str, Call]] = field(default_factory=dict)
    """By exercise: what a call did to its surroundings, with the first call that did it."""
    advice: dict[str, list[str]] = field(default_factory=dict)
    """By exercise: what is right and could be better."""
    observed: set[str] = field(default_factory=set)
    """The exercises that have returned at least once."""
    endings: dict[str, Ending] = field(default_factory=dict)
    """By exercise: how its last call ended that returned nothing."""
    _lost: dict[str, Ending] = field(default_factory=dict)
    _is_first_call: bool = False
    _origin: Origin = Origin.FORESEEN
    _once: dict[Key, Back] = field(default_factory=dict)
    """What the calls came back with that are made once."""
    _ahead: deque[tuple[Key, Back]] = field(default_factory=deque)
    """The next calls of the example, where they have been made already."""

    def __post_init__(self) -> None:
        """Let the known mistakes run where this student's code does, in a worker of their own."""
        self.mistaken = Mistaken(self.reference, self.runner.zygote)

    @property
    def lesson(self) -> Lesson:
        """The lesson of the file."""
        return self.runner.lesson

    def begin_check(self) -> None:
        """Forget the calls of the check before."""
        self._is_first_call = True
        self.begin_example()
        self.runner.charge_between_calls()

    def begin_example(self, origin: Origin = Origin.FORESEEN) -> None:
        """Forget the calls of the example before, or of the check before."""
        self.example = []
        self._origin = origin

    def function(self, exercise: Exercise) -> "StudentFunction":
        """Return an exercise of the student as a value to call."""
        return StudentFunction(self, exercise)

    def standing(self, exercise: Exercise) -> Ending | None:
        """Return why an exercise cannot be called at all, or None where it can."""
        loaded = self.runner.load()
        if isinstance(loaded, Ending):
            return loaded
        standing = standing_of(loaded.get(exercise.name))
        return ending_of_standing(standing, exercise, self.runner.source.shown)

    def note(self, exercise: Exercise) -> str:
        """Return what a student may not see who wonders why a change has no effect: an exercise is defined twice."""
        loaded = self.runner.load()
        standing = standing_of(loaded.get(exercise.name)) if not isinstance(loaded, Ending) else Standing()
        if standing.word != "ready" or len(standing.lines) < 2:
            return ""
        first, last = standing.lines
        file = self.runner.source.shown
        return f"{file} defines {exercise.name} at line {first} and again at line {last}. The last one counts."

    def call(  # noqa: PLR0913  what can be said of a call, each by its name
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
        """Call the student's function and return what came back: in the kind of the reference's answer, or plainly.

        A call that is made ``once`` is answered as before where it has been made before. One that ``must_raise``
        returns nothing, and fails unless it raises that. Raises Unanswerable where the reference has no such answer.
        """
        ending = self._lost.get(exercise.name) or self.standing(exercise)
        if ending is not None:
            raise CallLost(ending)
        # Taken before the student's call, from our own copy: what a student does to the arguments changes nothing here.
        asked = Asked.of(exercise.name, driver, args, kwargs)
        key, wanted = asked.key, partial(self.reference.wanted, asked)
        is_repeated = once and key in self._once
        if is_repeated:
            back = self._once[key]
        else:
            # The reference answers while the worker does, on another core; asked a second time, it knows.
            back = self._back(key, lambda: _seconds(wanted()))
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
            # Reading a huge answer takes our time, which is the student's to spend.
            self.runner.charge(exercise.name, Usage(time.process_time() - started))

    def give_up(self, exercise: str, ending: Ending) -> None:
        """Let all further calls of an exercise end like this, without being made."""
        self._lost[exercise] = self.endings[exercise] = ending

    def repeats(self, calls: Sequence[Call]) -> bool:
        """Make the calls that the solution has made in an example; return whether all came back with its answers.

        Then the example ends as it did for the solution, and nobody has to look at the answers again. Else the check
        looks: it makes the same calls, and those that have been made are not made a second time.
        """
        self._ahead.clear()
        printed = []
        for call in calls:
            exercise = self.lesson.exercise(call.exercise)
            if self._lost.get(call.exercise) or self.standing(exercise) is not None:
                return False
            back = self.runner.call(call.key, partial(_seconds, call.wanted))
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
        """Return the calls of the present example as `repeats` takes them, or none where it could not tell enough."""
        for call in self.example:
            if not call.value or call.key in self._once or self.advice.get(call.exercise):
                return ()
        return tuple(self.example)

    def _back(self, key: Key, think: Callable[[], float]) -> Back:
        """Return what a call comes back with; one that has been made ahead is not made again."""
        if self._ahead and self._ahead[0][0] == key:
            return self._ahead.popleft()[1]
        self._ahead.clear()
        return self.runner.call(key, think)

    def _value(self, exercise: Exercise, made: Callable[..., Call], answer: dict[str, Any], *, is_plain: bool) -> Any:
        """Return the value of an answer, plainly or in the kind of the reference's; raises where there is none.

        ``made`` takes how the call ended, and returns it as it is to be recorded.
        """
        if answer["end"] != "returned":
            ending = self.endings[exercise.name] = _of_whom(self.runner.ending(answer), exercise, self.lesson)
            if answer["end"] == "refused":
                raise self._lose(made(), ending)
            call = made(ending=ending)
            self._record(call)
            if raises_as_required(call):
                return None
            raise CallFailed(_instead(ending, call.must_raise))
        try:
            value = wire.decode(answer["value"])
        except wire.WireError as error:
            raise self._lose(made(), Ending(Status.WRONG, f"What your function returned {error}.")) from None
        except (KeyError, TypeError) as error:
            raise self.runner.forged(error) from None
        call = made(returned=value, value=answer["value"])
        try:
            noticed = complaints(changed_arguments(exercise, call.args, call.kwargs, answer["arguments"]))
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
            text = f"These arguments require a {name}, and your function returned a value. Raise it before you compute."
            raise CheckFailed(text, value)
        assert isinstance(call.wanted, Returned)
        known = self.advice.setdefault(exercise.name, [])
        known += [text for text in advice(value, call.wanted.value, call.args, open_figures) if text not in known]
        if is_plain:
            return value
        return coercion.coerce(value, call.wanted.value, sizes_of(exercise.parameters, call.args))

    def _line_of_setting(self, setting: str) -> int:
        """Return the line at which the file changes a setting of torch when it is loaded, or 0."""
        source = self.runner.source
        assert isinstance(source, Source)  # it was loaded
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return outline.line_of_setting(outline.parse(source.content, source.shown), setting)
        return 0

    def interrupt(self) -> None:
        """End the worker, after a check was broken off at any point: half of an answer may have been read."""
        self._ahead.clear()
        self.runner.close()

    def close(self) -> None:
        """End the workers and remove their folders."""
        self.runner.close()
        self.mistaken.close()

    def _lose(self, call: Call, ending: Ending) -> CallLost:
        """Give an exercise up: its further checks end like this call, without another wait."""
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
    """A function of the student, as a check calls it.

    No dataclass: Hypothesis prints the arguments of its examples, and a dataclass field by field, down to every call.
    """

    def __init__(self, student: Student, exercise: Exercise) -> None:
        self.student = student
        self.exercise = exercise

    def __repr__(self) -> str:
        """Return the exercise's name."""
        return self.exercise.name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the worker; raises CheckFailed for a result of another kind or shape than the reference's."""
        return self.student.call(self.exercise, None, args, kwargs)

    def once(self, *args: Any) -> Any:
        """Call it unless it has been asked ``once`` for the same before: then what came back is the answer."""
        return self.student.call(self.exercise, None, args, {}, once=True)

    def plain(self, *args: Any) -> Any:
        """Call it in the worker and return what came back as data, of whatever kind."""
        return self.student.call(self.exercise, None, args, {}, is_plain=True)

    def drive(self, driver: str, *args: Any) -> Any:
        """Call the lesson's driver of that name in the worker, with the student's function as its first argument."""
        return self.student.call(self.exercise, driver, args, {})

    def must_raise(
        self, error: type[Exception], driver: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Call it, by a driver if one is named; raises CheckFailed or CallFailed unless it raises this error."""
        self.student.call(self.exercise, driver, args, kwargs, must_raise=error)


def require_answer(wanted: Returned | Raised, exercise: str, must_raise: type[Exception] | None) -> None:
    """Raise Unanswerable where the reference returns nothing, or does not raise what a check requires."""
    if isinstance(wanted, Returned):
        if must_raise is not None:
            value = format_value.short(wanted.value)
            raise Unanswerable(f"the check requires a {must_raise.__name__}, and the solution returns {value}")
        return
    error = wanted.error
    if isinstance(error, Unanswerable):
        # Once more, for the check's own place: the first time it may have been another check.
        raise Unanswerable(str(error)) from error.__cause__
    if must_raise is not None and isinstance(error, must_raise):
        return
    says = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if must_raise is not None:
        raise Unanswerable(f"the check requires a {must_raise.__name__}, and the solution raises {says}") from error
    raise Unanswerable(f"the solution of {exercise} raises {says}") from error


def raises_as_required(call: Call) -> bool:
    """Whether a call raised what the check requires of it."""
    return call.must_raise is not None and call.ending is not None and call.ending.is_a(call.must_raise)


def _instead(ending: Ending, must_raise: type[Exception] | None) -> Ending:
    """Return how a call ended that raised something else than it has to."""
    if must_raise is None or ending.status is not Status.RAISED:
        return ending
    text = f"These arguments require a {must_raise.__qualname__}, and your function raised {ending.message}"
    return replace(ending, message=text)


def _seconds(wanted: Returned | Raised | None) -> float:
    """Return how long the reference took."""
    return wanted.seconds if wanted is not None else 0.0


def sizes_of(parameters: tuple[str, ...], args: tuple[Any, ...]) -> dict[str, int]:
    """Return the named sizes of a call's arguments: N for the first tensor's, n_w for the values of w_values."""
    sizes: dict[str, int] = {}
    for name, value in zip(parameters, args, strict=False):
        if type(value) is torch.Tensor and value.ndim:
            length = value.shape[0]
            sizes.setdefault("N", length)
            if name.endswith("_values"):
                sizes[f"n_{name.removesuffix('_values')}"] = length
    return sizes


def _is_plain(answer: dict[str, Any], value: bytes) -> bool:
    """Whether an answer, which may be forged, is this value and nothing besides that would have to be told."""
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
    """Return how a call ended; where it met the stub of another exercise, that one is to do, and not this one."""
    other = ending.frames[-1].function if ending.frames else exercise.name
    if (
        ending.status is not Status.TODO
        or other == exercise.name
        or other not in {each.name for each in lesson.exercises}
    ):
        return ending
    text = f"{exercise.name} calls {other}, which is still to do. Write {other} first."
    return replace(ending, status=Status.RAISED, message=text)
