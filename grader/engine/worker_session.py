"""A student's file in its worker, which starts and loads it at the first request, and the limits of its calls.

A worker that hangs, dies or sends an invalid answer is ended, and the next call starts another one. A call that reaches
its limit is repeated, alone in a fresh worker, before it counts as a time-out.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from grader import metrics
from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable
from grader.engine.reference import Key
from grader.feedback.call_failure import (
    CallLost,
    Ending,
    at_loop,
    budget_used_up,
    cause_of_death,
    ending_of_answer,
    frames_of_dump,
    last_words,
    line_of_exit,
    timed_out,
)
from grader.sandbox import wire
from grader.sandbox.clock import Clock, Usage
from grader.sandbox.confinement import Limits
from grader.sandbox.connection import Channel, Request
from grader.sandbox.footprint import Excess
from grader.sandbox.worker import SEED
from grader.sandbox.zygote import SLOW_IMPORTS, Zygote
from grader.verdict import Status

LAST_BREATH_SECONDS = 0.2
"""How long a worker that has closed its channel may take to exit: the exit status says why."""
PATIENCE = 20
"""A call may use this many times the reference's time."""
FIRST_TRY = 0.5
"""The part of its limit that a call may use before it is repeated, alone and with the whole limit."""

Back = tuple[dict[str, Any], str] | CallLost
"""The answer to a call, and what it printed; or how it was lost."""


@dataclass(repr=False)
class Runner:
    """A submission to one lesson, and the worker that runs it."""

    lesson: Lesson
    source: Source | Unreadable
    zygote: Zygote
    limits: Limits = field(default_factory=Limits)
    ready: Channel | None = None
    """A worker that is already started; it is used if it fits."""
    channel: Channel | None = None
    """The worker that has loaded the file, if any."""
    stands_for: dict[str, str] = field(default_factory=dict)
    """By function name: the exercise that the function replaces, as a known mistake does."""
    spent: dict[str, Usage] = field(default_factory=dict)
    """By exercise: what its calls have used together."""
    calls: dict[str, int] = field(default_factory=dict)
    """By exercise: how many calls have been made."""
    _slow: set[str] = field(default_factory=set)
    """Exercises with a call that returned at its second try: the next calls get the whole limit at the first."""
    _charged: float = 0.0
    """CPU seconds of the current worker that have been charged."""
    _last_called: str = ""
    _loaded: dict[str, Any] | Ending | None = None
    _requests: int = 0

    def load(self) -> dict[str, Any] | Ending:
        """Return by exercise what the worker says of it, or why the file cannot be run; cached."""
        if self._loaded is None:
            self._loaded = self._load(self.source) if isinstance(self.source, Source) else self._unreadable()
        return self._loaded

    def call(self, key: Key, think: Callable[[], float], seed: int = SEED) -> Back:
        """Make a call; starts a worker and loads the file if there is none.

        ``think`` is called while the worker computes, and returns how many seconds the reference takes. ``seed`` is
        that of the global generators.
        """
        exercise, driver, payload = key
        whose = {"name": exercise, "exercise": self.stands_for.get(exercise, exercise)}
        request = {"do": "call", **whose, "driver": driver, "payload": payload, "seed": seed}
        before = self.used(exercise)
        try:
            back = self._call(exercise, request, think)
        except CallLost as lost:
            return lost
        if (measures := metrics.present()) is not None:
            measures.note_call(exercise, self.used(exercise).total - before.total)
        return back

    def trace(self, key: Key, heads: list[list[int]], reference_seconds: float) -> dict[str, Any] | None:
        """Make a call with a record of the function's locals, within the limit of a call; None if it is lost."""
        exercise, driver, payload = key
        request = {"do": "trace", "name": exercise, "exercise": exercise, "driver": driver, "payload": payload}
        try:
            return self._ask(exercise, {**request, "heads": heads}, lambda: self._limit(reference_seconds))[0]
        except (CallLost, _LimitReached):
            return None

    def call_together(self, keys: Sequence[Key]) -> list[dict[str, Any]]:
        """Make several calls in one request, within the limit of one; return the answers to the first of them.

        None come if the limit is reached or the worker is lost: it is for code of the course.
        """
        payloads = list(dict.fromkeys(payload for *_, payload in keys))
        calls = [
            [name, self.stands_for.get(name, name), driver, payloads.index(payload)] for name, driver, payload in keys
        ]
        request = {"do": "calls", "payloads": payloads, "calls": calls}
        try:
            answer, _ = self._ask(keys[0][0], request, lambda: FIRST_TRY * self.limits.call_seconds)
        except (CallLost, _LimitReached):
            return []
        return list(answer["answers"]) if answer["end"] == "answered" else []

    def used(self, exercise: str) -> Usage:
        """Return what an exercise's calls have used so far."""
        return self.spent.get(exercise, Usage())

    def charge(self, exercise: str, usage: Usage) -> None:
        """Charge a usage to an exercise."""
        self.spent[exercise] = self.used(exercise) + usage

    def charge_between_calls(self) -> None:
        """Charge background-thread CPU since the last call to the exercise that was called last.

        End the worker if that exercise has used up its time.
        """
        if self.channel is None:
            return
        between = max(0.0, self.channel.processor - self._charged)
        self.charge(self._last_called, Usage(between))
        self._charged += between
        if self.used(self._last_called).total >= self.exercise_seconds:
            self._drop()

    @property
    def exercise_seconds(self) -> float:
        """What all calls of one exercise may use together: an equal share of the lesson's time."""
        return self.limits.lesson_seconds / len(self.lesson.exercises)

    def ending(self, answer: dict[str, Any]) -> Ending:
        """Return what an answer without a value means; its texts are cleaned where they are shown."""
        try:
            ending = ending_of_answer(answer, self.source, self.limits)
        except (KeyError, TypeError, ValueError) as error:
            return self.forged(error).ending
        return replace(ending, message=self.channel.steady(ending.message)) if self.channel is not None else ending

    def forged(self, error: Exception) -> CallLost:
        """End the worker, whose answers are not valid, and return how the call was lost."""
        if self.channel is not None:
            self._drop()
        text = "Your code wrote into the grader's own channel, so its answers cannot be read."
        return CallLost(Ending(Status.CRASHED, f"{text} ({error})"))

    def close(self) -> None:
        """End the worker and remove its folder."""
        for channel in (self.channel, self.ready):
            if channel is not None:
                channel.end()
        self.channel = self.ready = None

    def _unreadable(self) -> Ending:
        assert isinstance(self.source, Unreadable)
        return Ending(Status.INVALID, self.source.reason)

    def _load(self, source: Source) -> dict[str, Any] | Ending:
        slow = [module for word, module in SLOW_IMPORTS.items() if word in source.content]
        if self.zygote.import_modules([*self.lesson.imports, *slow]) and self.ready is not None:
            self.ready.end()  # forked before this import
            self.ready = None
        try:
            answer, output = self._load_file()
        except CallLost as lost:
            return lost.ending
        if answer["end"] == "loaded" and type(answer.get("exercises")) is dict:
            return dict(answer["exercises"])
        return replace(self.ending(answer), output=output)

    def _request(self, request: dict[str, Any]) -> Request:
        self._requests += 1
        return Request(self._requests, wire.encode({**request, "id": self._requests}, wire.MAX_FRAME))

    def _load_request(self) -> Request:
        assert isinstance(self.source, Source)
        drivers = {name: file.drivers_source for name, file in self.lesson.files.items() if file.drivers}
        return self._request(
            {
                "do": "load",
                "module": self.lesson.name,
                "file": self.source.shown,
                "source": self.source.content,
                "drivers": drivers,
                "starters": self.lesson.starters,
                "exercises": [[exercise.name, len(exercise.parameters)] for exercise in self.lesson.exercises],
            }
        )

    def _call(self, exercise: str, request: dict[str, Any], think: Callable[[], float]) -> tuple[dict[str, Any], str]:
        self.calls[exercise] = self.calls.get(exercise, 0) + 1
        if exercise not in self._slow:
            try:
                return self._ask(exercise, request, lambda: FIRST_TRY * self._limit(think()))
            except _LimitReached as reached:
                self._import_for(reached)
        try:
            answer = self._ask(exercise, request, lambda: self._limit(think()))
        except _LimitReached as reached:
            self._refuse_overdraft(exercise)
            frames, loop = at_loop(reached.frames, self.source)
            raise CallLost(timed_out(reached.usage, reached.limit, reached.output, frames, loop=loop)) from None
        self._slow.add(exercise)
        return answer

    def _ask(self, exercise: str, request: dict[str, Any], limit: Callable[[], float]) -> tuple[dict[str, Any], str]:
        """Make a call in the worker, started if there is none; raises _LimitReached and CallLost."""
        self._refuse_overdraft(exercise)
        if self.channel is None:
            answer, output = self._load_file()
            if answer["end"] != "loaded":
                return answer, output
        left = self.exercise_seconds - self.used(exercise).total
        self._last_called = exercise
        return self._exchange(
            self._request(request), lambda: min(limit(), left), lambda usage: self.charge(exercise, usage)
        )

    def _load_file(self) -> tuple[dict[str, Any], str]:
        """Start a worker and load the file; a file that does not finish gets a second try."""
        limit, free = self.limits.load_seconds, lambda _: None
        for part in (FIRST_TRY, 1.0):
            self.channel, self._charged = self._start(), 0.0
            try:
                return self._exchange(self._load_request(), partial(float, part * limit), free, is_loading=True)
            except _LimitReached as reached:
                self._import_for(reached)
                last = reached
        frames, loop = at_loop(last.frames, self.source)
        raise CallLost(timed_out(last.usage, last.limit, last.output, frames, is_loading=True, loop=loop))

    def _import_for(self, reached: "_LimitReached") -> None:
        """Let the next worker have what torch imports slowly, if this one was importing: no call pays for that."""
        if reached.was_importing:
            self.zygote.import_modules(list(SLOW_IMPORTS.values()))

    def _limit(self, reference_seconds: float) -> float:
        """Return what a call may use: more if the reference takes long too."""
        limits = self.limits
        return min(limits.long_call_seconds, max(limits.call_seconds, PATIENCE * reference_seconds))

    def _refuse_overdraft(self, exercise: str) -> None:
        """Raise CallLost if an exercise's calls have used up their time."""
        used = self.used(exercise)
        if used.total >= self.exercise_seconds:
            raise CallLost(budget_used_up(used, self.calls[exercise], self.exercise_seconds))

    def _start(self) -> Channel:
        """Return a worker that has loaded nothing yet."""
        ready, self.ready = self.ready, None
        if ready is not None:
            if ready.limits == self.limits and ready.is_waiting():
                return ready
            ready.end()
        return Channel.start(self.zygote, self.limits)

    def _exchange(
        self,
        request: Request,
        limit: Callable[[], float],
        charge: Callable[[Usage], None],
        *,
        is_loading: bool = False,
    ) -> tuple[dict[str, Any], str]:
        """Send a request and return the answer; ``limit`` is called while the worker computes."""
        assert self.channel is not None
        clock = Clock(self.channel.pid, self.limits.long_call_seconds)
        try:
            try:
                self.channel.send(request, clock)
                clock.limit = limit()
                return self.channel.receive(request, clock)
            finally:
                usage = clock.used  # before the worker is ended: then it is unknown
                charge(usage)
                self._charged += usage.processor
        except TimeoutError:
            output = self.channel.take_output()
            place = self.channel.take_place()
            self._drop()
            raise _LimitReached(usage, clock.limit, output, place, self.source) from None
        except EOFError:
            output = self.channel.take_output()
            status, was_running = self._drop(LAST_BREATH_SECONDS)
            text = cause_of_death(status, self.limits, was_running=was_running, is_loading=is_loading)
            frames = line_of_exit(self.source) if os.WIFEXITED(status) and not was_running else ()
            raise CallLost(Ending(Status.CRASHED, text + last_words(output), frames)) from None
        except Excess as excess:
            output = self.channel.take_output()
            self._drop()
            raise CallLost(Ending(Status.CRASHED, str(excess) + last_words(output))) from None
        except wire.WireError as error:
            raise self.forged(error) from None

    def _drop(self, patience: float = 0.0) -> tuple[int, bool]:
        assert self.channel is not None
        end = self.channel.end(patience)
        self.channel = None
        return end


class _LimitReached(Exception):
    """A request has used up its limit, and its worker has been ended."""

    def __init__(self, usage: Usage, limit: float, output: str, place: str, source: Source | Unreadable) -> None:
        """``place`` is where the worker was, as `faulthandler` prints it."""
        super().__init__()
        self.usage, self.limit, self.output = usage, limit, output
        self.frames = frames_of_dump(place, source)
        self.was_importing = "<frozen importlib." in place
