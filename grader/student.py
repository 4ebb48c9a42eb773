"""The student's functions as values that a check can call: each call crosses to the worker and comes back judged."""

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import torch

from grader import kind, meter, wire
from grader.authoring import CheckFailed
from grader.channel import Channel, Clock, Request
from grader.confine import Limits
from grader.course import Exercise, Lesson, Mistake
from grader.ending import (
    CallFailed,
    CallLost,
    Ending,
    cause_of_death,
    ending_of_answer,
    ending_of_standing,
    items_of,
    last_words,
    number_of,
    standing_of,
    text_of,
)
from grader.errors import Fault
from grader.reference import Raised, Reference, Returned
from grader.submission import Source, Unreadable
from grader.verdict import Status
from grader.zygote import SLOW_IMPORTS, Zygote

LAST_BREATH_SECONDS = 0.2
"""How long a worker that has closed its channel may take to come to the end by which we know why."""
PATIENCE = 20
"""A call may take this many times what the reference takes."""
MAX_CALLS = 400
"""Calls of one exercise that are kept for the diagnosis."""
_HOLDS_NONE = frozenset({float, int, bool, str})

_ANSWER = "end", "value", "changed", "settings", "open_figures"

Key = tuple[str, str | None, bytes]
"""An exercise, a driver, and the arguments as they are sent."""
Back = tuple[dict[str, Any], str] | CallLost
"""What a call has come back with, and what it has printed; or how it was lost."""


@dataclass(frozen=True)
class Call:
    """One call of a student's function, as it was recorded."""

    exercise: str
    driver: str | None
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    returned: Any = None
    """What came back, before it was looked at."""
    ending: Ending | None = None
    """Set where nothing came back."""
    wanted: Returned | Raised | None = None
    """What the reference answers for the same arguments."""
    output: str = ""
    payload: bytes = b""
    """The arguments as they were sent."""
    value: bytes = b""
    """What came back, as it was sent."""
    is_repeated: bool = False
    """Whether what came back is the answer to an earlier such call: of the function it tells nothing new."""

    @property
    def key(self) -> Key:
        """What was called with what."""
        return self.exercise, self.driver, self.payload


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


@dataclass(repr=False)
class Student:
    """The submission of one lesson, and the worker that runs it."""

    lesson: Lesson
    source: Source | Unreadable
    zygote: Zygote
    reference: Reference
    limits: Limits = field(default_factory=Limits)
    worker: Channel | None = None
    """One that has been started already: it is used unless it lacks something."""
    has_waited: bool = False
    """Whether a call of this submission has not returned: then we wait less."""
    example: list[Call] = field(default_factory=list)
    """The calls of the example that runs, or ran last."""
    first_calls: dict[str, list[Call]] = field(default_factory=dict)
    """By exercise: the first call of each check, which is the same for everybody."""
    history: dict[str, list[Call]] = field(default_factory=dict)
    """By exercise: its first calls in all checks, which tell one mistake from another."""
    suspects: dict[str, "Suspects"] = field(default_factory=dict)
    """By exercise: the known mistakes that its calls still look like."""
    conduct: dict[str, dict[str, Call]] = field(default_factory=dict)
    """By exercise: what a call did to its surroundings, with the first call that did it."""
    advice: dict[str, list[str]] = field(default_factory=dict)
    """By exercise: what is right and could be better."""
    observed: set[str] = field(default_factory=set)
    """The exercises that have returned at least once."""
    endings: dict[str, Ending] = field(default_factory=dict)
    """By exercise: how its last call ended that returned nothing."""
    _channel: Channel | None = None
    _loaded: dict[str, Any] | Ending | None = None
    _lost: dict[str, Ending] = field(default_factory=dict)
    _is_first_call: bool = False
    _spent: float = 0.0
    _charged: float = 0.0
    """Seconds of `_spent` that are calls of the present worker."""
    _requests: int = 0
    _once: dict[Key, Back] = field(default_factory=dict)
    """What the calls came back with that are made once."""
    _ahead: deque[tuple[Key, Back]] = field(default_factory=deque)
    """The next calls of the example, where they have been made already."""

    def begin_check(self) -> None:
        """Forget the calls of the check before."""
        self._is_first_call = True
        self.begin_example()
        self._charge_between_calls()

    def begin_example(self) -> None:
        """Forget the calls of the example before, or of the check before."""
        self.example = []

    def function(self, exercise: Exercise) -> "StudentFunction":
        """Return an exercise of the student as a value to call."""
        return StudentFunction(self, exercise)

    def standing(self, exercise: Exercise) -> Ending | None:
        """Return why an exercise cannot be called at all, or None where it can."""
        if isinstance(self.source, Unreadable):
            return Ending(Status.INVALID, self.source.reason)
        if self._loaded is None:
            self._loaded = self._load()
        if isinstance(self._loaded, Ending):
            return self._loaded
        standing, detail = standing_of(self._loaded.get(exercise.name))
        return ending_of_standing(standing, detail, exercise, self.source.shown)

    def call(
        self,
        exercise: Exercise,
        driver: str | None,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        once: bool = False,
    ) -> Any:
        """Call the student's function and return what came back, in the kind of the reference's answer.

        A call that is made ``once`` is answered as before where it has been made before.
        """
        ending = self._lost.get(exercise.name) or self.standing(exercise)
        if ending is not None:
            raise CallLost(ending)
        # Taken before the student's call, from our own copy: what a student does to the arguments changes nothing here.
        payload = self._encode([args, kwargs])
        key = exercise.name, driver, payload
        wanted = partial(self.reference.wanted, exercise.name, driver, args, kwargs, payload)
        is_repeated = once and key in self._once
        if is_repeated:
            back = self._once[key]
        else:
            # The reference answers while the worker does, on another core; asked a second time, it knows.
            back = self._back(key, lambda: _seconds(wanted()))
            if once:
                self._once[key] = back
        made = partial(
            Call, exercise.name, driver, args, kwargs, wanted=wanted(), payload=payload, is_repeated=is_repeated
        )
        if isinstance(back, CallLost):
            raise self._lose(made(), back.ending) from None
        answer, output = back
        started = time.process_time()
        try:
            return self._value(exercise, partial(made, output=output), answer)
        finally:
            # Reading a huge answer takes our time, which is the student's to spend.
            self._spent += time.process_time() - started

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
            back = self._made(call.key, partial(_seconds, call.wanted))
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
        return self._made(key, think)

    def _made(self, key: Key, think: Callable[[], float]) -> Back:
        """Make a call."""
        name, driver, payload = key
        request = self._request({"do": "call", "name": name, "driver": driver, "payload": payload})
        spent = self._spent
        try:
            back = self._ask(request, think)
        except CallLost as lost:
            return lost
        if (measures := meter.present()) is not None:
            measures.note_call(name, self._spent - spent)
        return back

    def _value(self, exercise: Exercise, made: Callable[..., Call], answer: dict[str, Any]) -> Any:
        """Return the value of an answer in the kind of the reference's; raises where there is none.

        ``made`` takes how the call ended, and returns it as it is to be recorded.
        """
        if answer["end"] != "returned":
            ending = self.endings[exercise.name] = self._ending(answer)
            if answer["end"] == "refused":
                raise self._lose(made(), ending)
            self._record(made(ending=ending))
            raise CallFailed(ending)
        try:
            value = wire.decode(answer["value"])
        except wire.WireError as error:
            raise self._lose(made(), Ending(Status.WRONG, f"What your function returned {error}.")) from None
        except (KeyError, TypeError) as error:
            raise self._forged(error) from None
        try:
            changed = [number_of(position) for position in items_of(answer["changed"])]
            settings = [text_of(setting) for setting in items_of(answer["settings"])]
            open_figures = number_of(answer["open_figures"])
        except (KeyError, TypeError) as error:
            raise self._forged(error) from None
        call = made(returned=value, value=answer["value"])
        self._record(call)
        self.observed.add(exercise.name)
        self._note_conduct(call, exercise, changed, settings)
        if not isinstance(call.wanted, Returned):
            raise _unwanted(call.wanted, value, self.lesson)
        self._note_advice(call, call.wanted.value, open_figures)
        return kind.coerce(value, call.wanted.value, sizes_of(exercise.parameters, call.args))

    def close(self) -> None:
        """End the worker and remove its folder."""
        for channel in (self._channel, self.worker):
            if channel is not None:
                channel.end()
        self._channel = self.worker = None

    def _lose(self, call: Call, ending: Ending) -> CallLost:
        """Give an exercise up: its further checks end like this call, without another wait."""
        self._lost[call.exercise] = self.endings[call.exercise] = ending
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

    def _request(self, request: dict[str, Any]) -> Request:
        self._requests += 1
        return Request(self._requests, wire.encode({**request, "id": self._requests}, wire.MAX_FRAME))

    def _encode(self, value: object) -> bytes:
        try:
            return wire.encode(value)
        except wire.WireError as error:
            raise Fault(f"A check of lesson {self.lesson.id} passes an argument that {error}.") from error

    def _load(self) -> dict[str, Any] | Ending:
        assert isinstance(self.source, Source)
        slow = [module for word, module in SLOW_IMPORTS.items() if word in self.source.content]
        if self.zygote.import_modules([*self.lesson.imports, *slow]) and self.worker is not None:
            self.worker.end()  # it has been forked before
            self.worker = None
        try:
            answer, _ = self._ask(None, _without_end)
        except CallLost as lost:
            return lost.ending
        if answer["end"] == "loaded" and type(answer.get("exercises")) is dict:
            return dict(answer["exercises"])
        return self._ending(answer)

    def _load_request(self) -> Request:
        assert isinstance(self.source, Source)
        drivers = self.lesson.drivers_file
        return self._request(
            {
                "do": "load",
                "module": self.lesson.name,
                "file": self.source.shown,
                "source": self.source.content,
                "drivers": drivers.read_bytes() if drivers.is_file() else b"",
                "exercises": [[exercise.name, len(exercise.parameters)] for exercise in self.lesson.exercises],
            }
        )

    def _ask(self, request: Request | None, think: Callable[[], float]) -> tuple[dict[str, Any], str]:
        """Send a request to the worker, started and loaded where it is not; None asks for the loading alone.

        ``think`` is called while the worker is at it, and returns how many seconds the reference takes.
        """
        self._allowed(0.0)
        if self._channel is None:
            self._channel, self._charged = self._start(), 0.0
            answer, output = self._exchange(self._load_request(), "load", _without_end)
            if request is None or answer["end"] != "loaded":
                return answer, output
        assert request is not None
        return self._exchange(request, "return", think)

    def _start(self) -> Channel:
        """Return a worker that has loaded nothing yet."""
        ready, self.worker = self.worker, None
        if ready is not None:
            if ready.limits == self.limits and ready.is_waiting():
                return ready
            ready.end()
        return Channel.start(self.zygote, self.limits)

    def _exchange(self, request: Request, verb: str, think: Callable[[], float]) -> tuple[dict[str, Any], str]:
        assert self._channel is not None
        allowed = self._allowed(0.0)
        clock = Clock(self._channel.pid, allowed)
        try:
            self._channel.send(request, clock)
            allowed = self._allowed(think())
            clock.allow(allowed)
            return self._channel.receive(request, clock)
        except TimeoutError:
            what = "Your file did not finish loading" if verb == "load" else "The call did not return"
            limit = f"{allowed:.2g}"
            unit = "second" if limit == "1" else "seconds"
            text = f"{what} within {limit} {unit}, and was stopped. Is there a loop that never ends?"
            output = self._channel.take_output()
            self.has_waited = True
            self._drop_channel()
            raise CallLost(Ending(Status.TIMEOUT, text + last_words(output))) from None
        except EOFError:
            output = self._channel.take_output()
            status, was_running = self._drop_channel(LAST_BREATH_SECONDS)
            text = cause_of_death(status, self.limits, was_running=was_running)
            raise CallLost(Ending(Status.CRASHED, text + last_words(output))) from None
        except wire.WireError as error:
            self._drop_channel()
            raise self._forged(error) from None
        finally:
            self._spent += clock.charged
            self._charged += clock.charged

    def _charge_between_calls(self) -> None:
        """Count what threads of the worker have used of the processor while no call was on: it is ours that they use.

        A worker that has used up all its time is ended.
        """
        if self._channel is None:
            return
        between = max(0.0, self._channel.processor - self._charged)
        self._spent += between
        self._charged += between
        if self._spent >= self.limits.lesson_seconds:
            self._drop_channel()

    def _allowed(self, reference_seconds: float) -> float:
        """Return how many seconds a call may take; raises CallLost where none are left."""
        limits = self.limits
        least = limits.impatient_seconds if self.has_waited else limits.patient_seconds
        patience = min(limits.call_seconds, max(least, PATIENCE * reference_seconds))
        allowed = min(patience, limits.lesson_seconds - self._spent)
        if allowed <= 0:
            text = f"All calls of this lesson together have used up their {limits.lesson_seconds:g} seconds."
            raise CallLost(Ending(Status.TIMEOUT, text))
        return allowed

    def _drop_channel(self, patience: float = 0.0) -> tuple[int, bool]:
        assert self._channel is not None
        end = self._channel.end(patience)
        self._channel = None
        return end

    def _forged(self, error: Exception) -> CallLost:
        if self._channel is not None:
            self._drop_channel()
        text = "Your code wrote into the grader's own channel, so no answer can be read from it."
        return CallLost(Ending(Status.CRASHED, f"{text} ({error})"))

    def _ending(self, answer: dict[str, Any]) -> Ending:
        """Return what an answer without a value means; its texts are cleaned where they are shown."""
        assert isinstance(self.source, Source)
        try:
            return ending_of_answer(answer, self.source.shown, self.limits)
        except (KeyError, TypeError, ValueError) as error:
            return self._forged(error).ending

    def _note_conduct(self, call: Call, exercise: Exercise, changed: list[int], settings: list[str]) -> None:
        noted = self.conduct.setdefault(exercise.name, {})
        for position in changed:
            name = (
                exercise.parameters[position] if 0 <= position < len(exercise.parameters) else f"number {position + 1}"
            )
            text = f"Your function changed its argument `{name}` in place. Its caller still needs it: work on a clone."
            noted.setdefault(text, call)
        for setting in settings:
            if setting in _SETTING_TEXTS:
                noted.setdefault(_SETTING_TEXTS[setting], call)

    def _note_advice(self, call: Call, wanted: Any, open_figures: int) -> None:
        for text in advice(call.returned, wanted, call.args, open_figures):
            known = self.advice.setdefault(call.exercise, [])
            if text not in known:
                known.append(text)


_SETTING_TEXTS = {
    "seed": (
        "Your function sets the seed of torch's global generator, so every other random number of the program is"
        " disturbed. Use a generator of your own: torch.Generator().manual_seed(...)."
    ),
    "default dtype": "Your function changes torch's default dtype for the whole program. Pass `dtype=` instead.",
    "grad mode": "Your function leaves gradients switched off for the whole program. Use `with torch.no_grad():`.",
    "number of threads": "Your function changes torch's number of threads for the whole program. Leave it as it is.",
    "default device": "Your function changes torch's default device for the whole program. Leave it as it is.",
}


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

    def drive(self, driver: str, *args: Any) -> Any:
        """Call the lesson's driver of that name in the worker, with the student's function as its first argument."""
        return self.student.call(self.exercise, driver, args, {})


def _seconds(wanted: Returned | Raised | None) -> float:
    """Return how long the reference took."""
    return wanted.seconds if wanted is not None else 0.0


def _without_end() -> float:
    """Return what the reference takes where there is none to compare with: loading a file takes what its imports do."""
    return math.inf


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


def advice(returned: Any, wanted: Any, args: tuple[Any, ...], open_figures: int) -> list[str]:
    """Return what could be better about a value that may well be right."""
    texts = []
    tensors = _tensors(returned)
    if any(tensor.requires_grad for tensor in tensors):
        texts.append(
            "Your result still carries its gradient history. Detach it before you return it: `.detach()` or `.item()`."
        )
    floats = [arg.dtype for arg in args if type(arg) is torch.Tensor and arg.is_floating_point()]
    if floats and set(floats) == {torch.float64} and any(tensor.dtype is torch.float32 for tensor in tensors):
        texts.append(
            "For float64 data your result is float32, so half of the digits are lost. Pass on `dtype=x.dtype`."
        )
    if tensors and type(returned) is not torch.Tensor and not _tensors(wanted):
        texts.append("Your result holds tensors where plain floats are asked. `.item()` turns one into a float.")
    elif type(returned) is torch.Tensor and type(wanted) is float:
        texts.append("Your result is a tensor where a plain float is asked. `.item()` turns it into a float.")
    if open_figures > 2:
        texts.append(
            f"{open_figures} figures are left open, and each keeps its memory. Close what is saved: plt.close(figure)."
        )
    return texts


def _is_plain(answer: dict[str, Any], value: bytes) -> bool:
    """Whether an answer, which may be forged, is this value and nothing besides that would have to be told."""
    came, kinds = [answer.get(name) for name in _ANSWER], (str, bytes, list, list, int)
    is_known = all(type(part) is kind for part, kind in zip(came, kinds, strict=True))
    return is_known and came == ["returned", value, [], [], 0]


def _unwanted(wanted: Raised | None, value: Any, lesson: Lesson) -> Exception:
    """Return what to raise where the student's function returned a value and the reference did not."""
    assert wanted is not None
    if isinstance(wanted.error, ValueError):
        return CheckFailed(
            "These arguments make no sense: a ValueError is asked, and your function returned a value.", value
        )
    error = wanted.error
    return Fault(f"The solution of lesson {lesson.id} raises {type(error).__name__}: {error} where the check calls it.")


def _tensors(value: Any) -> list[torch.Tensor]:
    """Return the tensors in a value, however deep."""
    if type(value) is torch.Tensor:
        return [value]
    parts = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    if _HOLDS_NONE.issuperset(map(type, parts)):
        return []  # as in most answers, whose numbers need not be looked at one by one
    return [tensor for part in parts for tensor in _tensors(part)]
