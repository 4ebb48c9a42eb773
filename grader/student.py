"""The student's functions as values that a check can call: each call crosses to the worker, with a deadline."""

import contextlib
import os
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

from grader import kind, show, wire
from grader.authoring import CheckFailed
from grader.confine import Limits
from grader.course import Exercise, Lesson, Mistake
from grader.errors import Fault
from grader.reference import Raised, Reference, Returned
from grader.submission import Source, Unreadable
from grader.verdict import Frame, Status
from grader.zygote import SLOW_IMPORTS, Zygote

READY_SECONDS = 60.0
LAST_BREATH_SECONDS = 0.2
"""How long a worker that has closed its channel may take to come to the end by which we know why."""
PATIENCE = 20
"""After a first time-out a call may still take this many times what the reference takes."""
SLEEPING = 0.1
"""A call that uses less of the processor than this part of its time sleeps."""
MAX_STARVED = 4
"""A call that waits for the processor gets at most this many times its time."""
SHORT = 0.05
"""Below this many seconds nobody asks the system how the time was spent: it counts in steps of 0.01."""
MAX_OUTPUT = 64 * 1024
MAX_TEXT = 2000
MAX_ITEMS = 20
MAX_CALLS = 400
"""Calls of one exercise that are kept for the diagnosis."""
_CPUINFO = b"Error in cpuinfo:"
"""torch prints such a line where there is no /proc; it is not the student's."""


@dataclass(frozen=True)
class Ending:
    """Why a call gave no value: what the student reads, and where it happened."""

    status: Status
    message: str
    frames: tuple[Frame, ...] = ()
    error: str = ""
    """The name of the exception's type where one was raised."""


class CallFailed(Exception):
    """The student's function gave no value, and another call might; Hypothesis looks for the smallest such call."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.message)
        self.ending = ending


class CallLost(BaseException):
    """The worker is lost, or there is nothing to call: no smaller example is worth another wait.

    Not an Exception: Hypothesis lets it pass instead of shrinking a hang.
    """

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.message)
        self.ending = ending


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


@dataclass
class Suspects:
    """The known mistakes that all calls so far look like: each mistake is tried on each call once at most."""

    mistakes: list[Mistake]
    examined: int = 0
    """How many calls of the history have been looked at."""
    differs: bool = False
    """Whether any of them differs from the reference."""


@dataclass(repr=False)
class Student:
    """The submission of one lesson, and the worker that runs it."""

    lesson: Lesson
    source: Source | Unreadable
    zygote: Zygote
    reference: Reference
    limits: Limits = field(default_factory=Limits)
    example: list[Call] = field(default_factory=list)
    """The calls of the example that runs, or ran last."""
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
    _worker: "_Worker | None" = None
    _loaded: dict[str, Any] | Ending | None = None
    _lost: dict[str, Ending] = field(default_factory=dict)
    _has_waited: bool = False
    """Whether a call of this submission has not returned: then we wait less."""
    _spent: float = 0.0
    _requests: int = 0

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
        standing, detail = _pair_of_texts(self._loaded.get(exercise.name))
        return _ending_of_standing(standing, detail, exercise, self.source.shown)

    def call(self, exercise: Exercise, driver: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the student's function and return what came back, in the kind of the reference's answer."""
        ending = self._lost.get(exercise.name) or self.standing(exercise)
        if ending is not None:
            raise CallLost(ending)
        # Taken before the student's call, from our own copy: what a student does to the arguments changes nothing here.
        request = self._encode({"do": "call", "name": exercise.name, "driver": driver, "args": args, "kwargs": kwargs})
        wanted = self.reference.wanted(exercise.name, driver, args, kwargs)
        call = Call(exercise.name, driver, args, kwargs, wanted=wanted)
        started = time.process_time()
        try:
            answer, output = self._ask(request, wanted.seconds)
        except CallLost as lost:
            raise self._lose(call, lost.ending) from None
        call = _with(call, output=output)
        try:
            return self._value(exercise, call, answer)
        finally:
            # Reading a huge answer takes our time, which is the student's to spend.
            self._spent += time.process_time() - started

    def _value(self, exercise: Exercise, call: Call, answer: dict[str, Any]) -> Any:
        """Return the value of an answer in the kind of the reference's; raises where there is none."""
        if answer["end"] != "returned":
            ending = self.endings[exercise.name] = self._ending(answer)
            if answer["end"] == "refused":
                raise self._lose(call, ending)
            self._record(_with(call, ending=ending))
            raise CallFailed(ending)
        try:
            value = wire.decode(answer["value"])
        except wire.WireError as error:
            raise self._lose(call, Ending(Status.WRONG, f"What your function returned {error}.")) from None
        except (KeyError, TypeError) as error:
            raise self._forged(error) from None
        try:
            changed = [_number(position) for position in _items(answer["changed"])]
            settings = [_text(setting) for setting in _items(answer["settings"])]
            open_figures = _number(answer["open_figures"])
        except (KeyError, TypeError) as error:
            raise self._forged(error) from None
        call = _with(call, returned=value)
        self._record(call)
        self.observed.add(exercise.name)
        self._note_conduct(call, exercise, changed, settings)
        if not isinstance(call.wanted, Returned):
            raise _unwanted(call.wanted, value, self.lesson)
        self._note_advice(call, call.wanted.value, open_figures)
        return kind.coerce(value, call.wanted.value, sizes_of(exercise.parameters, call.args))

    def close(self) -> None:
        """End the worker and remove its folder."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def _lose(self, call: Call, ending: Ending) -> CallLost:
        """Give an exercise up: its further checks end like this call, without another wait."""
        self._lost[call.exercise] = self.endings[call.exercise] = ending
        self._record(_with(call, ending=ending))
        return CallLost(ending)

    def _record(self, call: Call) -> None:
        self.example.append(call)
        history = self.history.setdefault(call.exercise, [])
        if len(history) < MAX_CALLS:
            history.append(call)

    def _encode(self, request: dict[str, Any]) -> "_Request":
        self._requests += 1
        try:
            return _Request(self._requests, wire.encode({**request, "id": self._requests}))
        except wire.WireError as error:
            raise Fault(f"A check of lesson {self.lesson.id} passes an argument that {error}.") from error

    def _load(self) -> dict[str, Any] | Ending:
        assert isinstance(self.source, Source)
        slow = [module for word, module in SLOW_IMPORTS.items() if word in self.source.content]
        self.zygote.import_modules(list(dict.fromkeys([*self.lesson.imports, *slow])))
        try:
            answer, _ = self._ask(None, 0.0)
        except CallLost as lost:
            return lost.ending
        if answer["end"] == "loaded" and type(answer.get("exercises")) is dict:
            return dict(answer["exercises"])
        return self._ending(answer)

    def _load_request(self) -> "_Request":
        assert isinstance(self.source, Source)
        drivers = self.lesson.drivers_file
        return self._encode(
            {
                "do": "load",
                "module": self.lesson.name,
                "file": self.source.shown,
                "source": self.source.content,
                "drivers": drivers.read_bytes() if drivers.is_file() else None,
                "exercises": [[exercise.name, len(exercise.parameters)] for exercise in self.lesson.exercises],
            }
        )

    def _ask(self, request: "_Request | None", reference_seconds: float) -> tuple[dict[str, Any], str]:
        """Send a request to the worker, started and loaded where it is not; None asks for the loading alone."""
        if self._worker is None:
            self._worker = _Worker.start(self.zygote, self.limits)
            answer, output = self._exchange(self._load_request(), "load", reference_seconds)
            if request is None or answer["end"] != "loaded":
                return answer, output
        assert request is not None
        return self._exchange(request, "return", reference_seconds)

    def _exchange(self, request: "_Request", verb: str, reference_seconds: float) -> tuple[dict[str, Any], str]:
        assert self._worker is not None
        limits = self.limits
        patience = limits.call_seconds
        if self._has_waited:
            patience = min(patience, max(limits.impatient_seconds, PATIENCE * reference_seconds))
        allowed = min(patience, limits.lesson_seconds - self._spent)
        if allowed <= 0:
            text = f"All calls of this lesson together have used up their {limits.lesson_seconds:g} seconds."
            raise CallLost(Ending(Status.TIMEOUT, text))
        clock = _Clock(self._worker.pid, allowed)
        try:
            return self._worker.exchange(request, clock)
        except TimeoutError:
            what = "Your file did not finish loading" if verb == "load" else "The call did not return"
            text = f"{what} within {allowed:.2g} seconds, and was stopped. Is there a loop that never ends?"
            output = self._worker.take_output()
            self._has_waited = True
            self._drop_worker()
            raise CallLost(Ending(Status.TIMEOUT, text + _last_words(output))) from None
        except EOFError:
            output = self._worker.take_output()
            text = _cause_of_death(*self._drop_worker(LAST_BREATH_SECONDS), self.limits)
            raise CallLost(Ending(Status.CRASHED, text + _last_words(output))) from None
        except wire.WireError as error:
            self._drop_worker()
            raise self._forged(error) from None
        finally:
            self._spent += clock.charged

    def _drop_worker(self, patience: float = 0.0) -> tuple[int, bool]:
        assert self._worker is not None
        end = self._worker.end(patience)
        self._worker = None
        return end

    def _forged(self, error: Exception) -> CallLost:
        if self._worker is not None:
            self._drop_worker()
        text = "Your code wrote into the grader's own channel, so no answer can be read from it."
        return CallLost(Ending(Status.CRASHED, f"{text} ({error})"))

    def _ending(self, answer: dict[str, Any]) -> Ending:
        """Return what an answer without a value means; its texts are the student's and are cleaned where they are shown."""
        assert isinstance(self.source, Source)
        try:
            return _ending_of_answer(answer, self.source.shown, self.limits)
        except (KeyError, TypeError, ValueError) as error:
            return self._forged(error).ending

    def _note_conduct(self, call: Call, exercise: Exercise, changed: list[int], settings: list[str]) -> None:
        noted = self.conduct.setdefault(exercise.name, {})
        for position in changed:
            name = exercise.parameters[position] if 0 <= position < len(exercise.parameters) else f"number {position + 1}"
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
    "default dtype": "Your function changes torch's default dtype for the whole program. Pass `dtype=` where you need it.",
    "grad mode": "Your function leaves gradients switched on or off for the whole program. Use `with torch.no_grad():`.",
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

    def drive(self, driver: str, *args: Any) -> Any:
        """Call the lesson's driver of that name in the worker, with the student's function as its first argument."""
        return self.student.call(self.exercise, driver, args, {})


@dataclass(frozen=True)
class _Request:
    """An encoded request and the number by which its answer is known."""

    id: int
    document: bytes


@dataclass
class _Worker:
    """One forked worker: its process id, our end of its channel, and what it has printed."""

    zygote: Zygote
    pid: int
    channel: socket.socket
    output: int
    scratch: str
    selector: selectors.BaseSelector
    printed: bytearray = field(default_factory=bytearray)
    overflow: int = 0

    @classmethod
    def start(cls, zygote: Zygote, limits: Limits) -> "_Worker":
        """Fork a worker and wait until its confinement stands; raises Fault where it does not."""
        scratch = tempfile.mkdtemp(prefix="grade-")
        ours, theirs = socket.socketpair()
        output, their_output = os.pipe()
        try:
            pid = zygote.fork(theirs.fileno(), their_output, scratch, limits)
        except BaseException:
            ours.close()
            os.close(output)
            os.rmdir(scratch)
            raise
        finally:
            theirs.close()
            os.close(their_output)
        os.set_blocking(output, False)
        ours.setblocking(False)
        selector = selectors.DefaultSelector()
        selector.register(ours, selectors.EVENT_READ)
        selector.register(output, selectors.EVENT_READ)
        worker = cls(zygote, pid, ours, output, scratch, selector)
        try:
            worker._receive(_Clock(pid, READY_SECONDS))
        except (EOFError, TimeoutError, wire.WireError) as error:
            said = worker.take_output().strip()
            status, _ = worker.end()
            raise Fault(f"The worker for the student's code does not start (status {status}). {said}") from error
        return worker

    def exchange(self, request: _Request, clock: "_Clock") -> tuple[dict[str, Any], str]:
        """Send a request and return the answer with what was printed meanwhile.

        Raises TimeoutError, EOFError where the worker has ended, and WireError where it answers nonsense.
        """
        self._send(struct.pack(">I", len(request.document)) + request.document, clock)
        while True:
            answer = wire.decode(self._receive(clock))
            if type(answer) is not dict or type(answer.get("end")) is not str:
                raise wire.WireError("an answer without an end")
            # An answer to an earlier request was written by a thread that outlived its call.
            if answer.get("id") == request.id:
                self._drain()
                return answer, self.take_output()

    def take_output(self) -> str:
        """Return what was printed since the last time, as text, and forget it."""
        with contextlib.suppress(OSError):
            self._drain()
        lines = bytes(self.printed).split(b"\n")
        text = b"\n".join(line for line in lines if not line.startswith(_CPUINFO)).decode(errors="backslashreplace")
        if self.overflow:
            text += f"\n[{self.overflow:,} more bytes were printed]"
        self.printed, self.overflow = bytearray(), 0
        return text

    def end(self, patience: float = 0.0) -> tuple[int, bool]:
        """Kill the worker and remove its folder; return its wait status, and whether it was running until then."""
        self.selector.close()
        self.channel.close()
        os.close(self.output)
        try:
            return self.zygote.end(self.pid, patience)
        finally:
            _remove(self.scratch)

    def _send(self, frame: bytes, clock: "_Clock") -> None:
        self.selector.modify(self.channel, selectors.EVENT_READ | selectors.EVENT_WRITE)
        view = memoryview(frame)
        while view:
            self._wait(clock)
            with contextlib.suppress(BlockingIOError):
                try:
                    view = view[self.channel.send(view) :]
                except OSError as error:
                    if isinstance(error, BlockingIOError):
                        raise
                    raise EOFError from error
        self.selector.modify(self.channel, selectors.EVENT_READ)

    def _receive(self, clock: "_Clock") -> bytes:
        head = self._receive_exactly(4, clock)
        return self._receive_exactly(wire.frame_length(head), clock)

    def _receive_exactly(self, size: int, clock: "_Clock") -> bytes:
        received = bytearray()
        while len(received) < size:
            self._wait(clock)
            with contextlib.suppress(BlockingIOError):
                try:
                    part = self.channel.recv(size - len(received))
                except ConnectionError as error:
                    raise EOFError from error
                if not part:
                    raise EOFError
                received += part
        return bytes(received)

    def _wait(self, clock: "_Clock") -> None:
        """Wait until the channel is ready, keeping the pipe of the output empty meanwhile."""
        while True:
            remaining = clock.remaining
            if remaining <= 0:
                raise TimeoutError
            ready = [key.fileobj for key, _ in self.selector.select(remaining)]
            if self.output in ready:
                self._drain(1)
            if self.channel in ready:
                return

    def _drain(self, most: int = 64) -> None:
        """Read what was printed: at most some chunks at a time, for a flood must not keep us from the clock."""
        for _ in range(most):
            try:
                part = os.read(self.output, 65536)
            except BlockingIOError:
                return
            if not part:
                with contextlib.suppress(KeyError):
                    self.selector.unregister(self.output)
                return
            room = MAX_OUTPUT - len(self.printed)
            self.printed += part[:room]
            self.overflow += max(0, len(part) - room)


class _Clock:
    """The time of one call: a worker that is kept waiting for the processor by others does not pay for them."""

    def __init__(self, pid: int, allowed: float) -> None:
        self.pid = pid
        self.allowed = allowed
        self.started = time.monotonic()
        self.processor_at_start = _processor_seconds(pid)

    @property
    def remaining(self) -> float:
        """Seconds to wait until the next look; 0 when the time is up."""
        wall = time.monotonic() - self.started
        if wall < self.allowed:
            return self.allowed - wall
        is_starved = SLEEPING * wall < self.processor < 0.9 * self.allowed
        return 0.05 if is_starved and wall < MAX_STARVED * self.allowed else 0.0

    @property
    def processor(self) -> float:
        """Seconds of the processor that the call has had; those of the wall where nobody counts them."""
        now = _processor_seconds(self.pid)
        if now is None or self.processor_at_start is None:
            return time.monotonic() - self.started
        return now - self.processor_at_start

    @property
    def charged(self) -> float:
        """Seconds that the call costs of the lesson's: its processor time, or the wall's where it slept."""
        wall = time.monotonic() - self.started
        if wall < SHORT:
            return wall
        processor = self.processor
        return wall if processor < SLEEPING * wall else min(wall, processor)


def _processor_seconds(pid: int) -> float | None:
    """Return the processor time of a process, in steps of 10 ms, or None where there is no /proc."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            # The name of the process, in parentheses, may hold anything.
            fields = stat.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sizes_of(parameters: tuple[str, ...], args: tuple[Any, ...]) -> dict[str, int]:
    """Return the named sizes of a call's arguments: N for the first dimension of the first tensor, n_name for the others."""
    sizes: dict[str, int] = {}
    for name, value in zip(parameters, args, strict=False):
        if type(value).__name__ == "Tensor" and value.ndim:
            sizes.setdefault("N", len(value))
            sizes.setdefault(f"n_{name.removesuffix('_values')}", len(value))
    return sizes


def advice(returned: Any, wanted: Any, args: tuple[Any, ...], open_figures: int) -> list[str]:
    """Return what could be better about a value that may well be right."""
    import torch

    texts = []
    tensors = [part for part in _parts(returned) if type(part) is torch.Tensor]
    if any(tensor.requires_grad for tensor in tensors):
        texts.append("Your result still carries its gradient history. Detach it before you return it: `.detach()` or `.item()`.")
    floats = [arg.dtype for arg in args if type(arg) is torch.Tensor and arg.is_floating_point()]
    if floats and set(floats) == {torch.float64} and any(tensor.dtype is torch.float32 for tensor in tensors):
        texts.append("For float64 data your result is float32, so half of the digits are lost. Pass on `dtype=x.dtype`.")
    asked_tensor = any(type(part) is torch.Tensor for part in _parts(wanted))
    if tensors and not asked_tensor and type(returned) is not torch.Tensor:
        texts.append("Your result holds tensors where plain floats are asked. `.item()` turns one into a float.")
    elif type(returned) is torch.Tensor and type(wanted) is float:
        texts.append("Your result is a tensor where a plain float is asked. `.item()` turns it into a float.")
    if open_figures > 2:  # noqa: PLR2004  one figure for the result and one for a colour bar's trial
        texts.append(f"{open_figures} figures are left open, and each keeps its memory. Close what is saved: `plt.close(figure)`.")
    return texts


def _unwanted(wanted: Raised | None, value: Any, lesson: Lesson) -> Exception:
    """Return what to raise where the student's function returned a value and the reference did not."""
    assert wanted is not None
    if isinstance(wanted.error, ValueError):
        return CheckFailed("These arguments make no sense: a ValueError is asked, and your function returned a value.", value)
    error = wanted.error
    return Fault(f"The solution of lesson {lesson.id} raises {type(error).__name__}: {error} where the check calls it.")


def _parts(value: Any) -> list[Any]:
    if type(value) in (list, tuple):
        return [part for item in value for part in _parts(item)]
    if type(value) is dict:
        return [part for item in value.values() for part in _parts(item)]
    return [value]


def _with(call: Call, **changes: Any) -> Call:
    return Call(**{**call.__dict__, **changes})


def _pair_of_texts(found: Any) -> tuple[str, str]:
    try:
        standing, detail = found
        return _text(standing), show.clean(_text(detail))
    except (TypeError, ValueError):
        return "missing", ""


def _ending_of_standing(standing: str, detail: str, exercise: Exercise, file: str) -> Ending | None:
    name = exercise.name
    match standing:
        case "ready":
            return None
        case "todo":
            return Ending(Status.TODO, f"Still to do: write {name} in {file}.")
        case "not_callable":
            return Ending(Status.INVALID, f"{name} in {file} is no function: something of type {detail} has its name.")
        case "signature":
            needed = f"({', '.join(exercise.parameters)})"
            text = f"{name} in {file} takes {detail}, and {needed} is asked. Put the signature back as it was."
            return Ending(Status.INVALID, text)
        case _:
            return Ending(Status.INVALID, f"{file} has no function {name}. Was it renamed or deleted? Put it back as it was.")


def _ending_of_answer(answer: dict[str, Any], file: str, limits: Limits) -> Ending:
    match answer["end"]:
        case "refused":
            return Ending(Status.WRONG, f"What your function returned {_text(answer['message'])}.")
        case "unparsable":
            line, column = _number(answer["line"]), _number(answer["column"])
            if answer["is_utf8"] is not True:
                text = f"{file} is not saved as UTF-8 (line {line}). Save it again with the encoding UTF-8."
                return Ending(Status.INVALID, text, error="UnicodeDecodeError")
            at_line = (Frame(file, line, "", _text(answer["text"]).strip()),) if line else ()
            where = f" (line {line}, column {column})" if line else ""
            return Ending(Status.INVALID, f"{file} is no Python yet{where}: {_text(answer['message'])}", at_line)
        case "raised":
            frames = tuple(
                Frame(file, _number(line), _text(name), _text(code)) for line, name, code in _items(answer["frames"])
            )
            error, message = _text(answer["type"]), _text(answer["message"])
            if answer["is_exit"] is True:
                text = "Your code ended the program (exit or SystemExit) instead of returning a value."
                return Ending(Status.CRASHED, text, frames, error)
            if answer["is_memory"] is True:
                text = f"Your code ran out of memory: {limits.memory // 2**20} MiB is the limit. ({error}: {message})"
                return Ending(Status.CRASHED, text, frames, error)
            if answer["is_stub"] is True:
                return Ending(Status.TODO, f"Still to do: {message.removeprefix('TODO:').strip()} in {file}.", frames, error)
            return Ending(Status.RAISED, f"{error}: {message}" if message else error, frames, error)
        case _:
            raise ValueError("an unknown end")


def _text(value: Any) -> str:
    """Return a text of an answer, cut: the worker cuts it too, but then the student's code may have replaced that."""
    if type(value) is not str:
        raise TypeError("a text is no text")
    return value[:MAX_TEXT]


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise TypeError("a number is no number")
    return value


def _items(value: Any) -> list[Any]:
    if type(value) is not list or len(value) > MAX_ITEMS:
        raise TypeError("a list is no list")
    return value


def _remove(folder: str) -> None:
    """Remove a folder in which a student could do anything: shutil.rmtree gives up on thousands of nested folders."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        subprocess.run(["rm", "-rf", "--", folder], check=False, stderr=subprocess.DEVNULL)


def _cause_of_death(status: int, was_running: bool, limits: Limits) -> str:
    if was_running:
        return "Your code closed the channel to the grader, so no answer can arrive."
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGSEGV:
            return "Your code crashed the interpreter (segmentation fault); very deep recursion does that too."
        if number == signal.SIGXCPU:
            return f"Your code used up its {limits.cpu_seconds} seconds of processor time."
        if number == signal.SIGXFSZ:
            return f"Your code wrote a file of more than {limits.file // 2**20} MiB."
        with contextlib.suppress(ValueError):
            name = signal.Signals(number).name
            return f"Your code's process was killed by {name}; running out of memory does that too."
        return f"Your code's process was killed by signal {number}."
    return f"Your code ended its process (exit code {os.WEXITSTATUS(status)}) instead of returning a value."


def _last_words(output: str) -> str:
    text = output.strip()
    return f"\nBefore that it printed:\n{text[-500:]}" if text else ""
