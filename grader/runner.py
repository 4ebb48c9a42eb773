"""A student's file in its worker: started and loaded when it is first asked, and how long it may take.

A worker that hangs, dies or answers nonsense is ended, and the next call starts another one.
"""

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from grader import meter, wire
from grader.channel import Channel, Clock, Request
from grader.confine import Limits
from grader.course import Lesson
from grader.ending import (
    CallLost,
    Ending,
    cause_of_death,
    ending_of_answer,
    frames_of_dump,
    last_words,
    late,
    line_of_exit,
)
from grader.reference import Key
from grader.submission import Source, Unreadable
from grader.verdict import Status
from grader.zygote import SLOW_IMPORTS, Zygote

LAST_BREATH_SECONDS = 0.2
"""How long a worker that has closed its channel may take to come to the end by which we know why."""
PATIENCE = 20
"""A call may take this many times what the reference takes."""

Back = tuple[dict[str, Any], str] | CallLost
"""What a call has come back with, and what it has printed; or how it was lost."""


@dataclass(repr=False)
class Runner:
    """The file of one lesson, and the worker that runs it."""

    lesson: Lesson
    source: Source | Unreadable
    zygote: Zygote
    limits: Limits = field(default_factory=Limits)
    ready: Channel | None = None
    """A worker that has been started already: it is used unless it lacks something."""
    has_waited: bool = False
    """Whether a call of this submission has not returned: then we wait less."""
    channel: Channel | None = None
    """The worker that has loaded the file, while there is one."""
    spent: float = 0.0
    """Seconds of the lesson's that have been used."""
    _charged: float = 0.0
    """Those of them that the present worker has used."""
    _loaded: dict[str, Any] | Ending | None = None
    _requests: int = 0

    def load(self) -> dict[str, Any] | Ending:
        """Return by exercise what the worker says of it, or why the file cannot be run; asked again, it knows."""
        if self._loaded is None:
            self._loaded = self._load(self.source) if isinstance(self.source, Source) else self._unreadable()
        return self._loaded

    def call(self, key: Key, think: Callable[[], float]) -> Back:
        """Make a call, in a worker that is started and loaded where there is none.

        ``think`` is called while the worker is at it, and returns how many seconds the reference takes.
        """
        name, driver, payload = key
        request = self._request({"do": "call", "name": name, "driver": driver, "payload": payload})
        measures, channel, spent, started = meter.present(), self.channel, self.spent, time.monotonic()
        waited = channel.waited if channel is not None and measures is not None else 0.0
        try:
            back = self._ask(request, think)
        except CallLost as lost:
            return lost
        if measures is not None:
            seconds = self.spent - spent
            if channel is not None:
                # The lesson is not charged for what a call did while the reference was busy; here that counts, too.
                seconds = max(seconds, time.monotonic() - started - (channel.waited - waited))
            measures.note_call(name, seconds)
        return back

    def charge_between_calls(self) -> None:
        """Count what threads of the worker have used of the processor while no call was on: it is ours that they use.

        A worker that has used up all its time is ended.
        """
        if self.channel is None:
            return
        between = max(0.0, self.channel.processor - self._charged)
        self.spent += between
        self._charged += between
        if self.spent >= self.limits.lesson_seconds:
            self._drop()

    def ending(self, answer: dict[str, Any]) -> Ending:
        """Return what an answer without a value means; its texts are cleaned where they are shown."""
        try:
            ending = ending_of_answer(answer, self.source, self.limits)
        except (KeyError, TypeError, ValueError) as error:
            return self.forged(error).ending
        return replace(ending, message=self.channel.steady(ending.message)) if self.channel is not None else ending

    def forged(self, error: Exception) -> CallLost:
        """End the worker, whose answers are none, and return how the call was lost."""
        if self.channel is not None:
            self._drop()
        text = "Your code wrote into the grader's own channel, so no answer can be read from it."
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
            self.ready.end()  # it has been forked before
            self.ready = None
        try:
            answer, output = self._ask(None, _without_end)
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
        """Send a request to the worker, started and loaded where it is not; None asks for the loading alone."""
        self._allowed(0.0)
        if self.channel is None:
            self.channel, self._charged = self._start(), 0.0
            answer, output = self._exchange(self._load_request(), "load", _without_end)
            if request is None or answer["end"] != "loaded":
                return answer, output
        assert request is not None
        return self._exchange(request, "return", think)

    def _start(self) -> Channel:
        """Return a worker that has loaded nothing yet."""
        ready, self.ready = self.ready, None
        if ready is not None:
            if ready.limits == self.limits and ready.is_waiting():
                return ready
            ready.end()
        return Channel.start(self.zygote, self.limits)

    def _exchange(self, request: Request, verb: str, think: Callable[[], float]) -> tuple[dict[str, Any], str]:
        assert self.channel is not None
        allowed = self._allowed(0.0)
        clock = Clock(self.channel.pid, allowed)
        try:
            try:
                self.channel.send(request, clock)
                allowed = self._allowed(think())
                clock.allow(allowed)
                return self.channel.receive(request, clock)
            finally:
                charged = clock.charged  # before the worker is ended, of which nothing is known then
                self.spent += charged
                self._charged += charged
        except TimeoutError:
            output = self.channel.take_output()
            frames = frames_of_dump(self.channel.take_place(), self.source)
            text = late(allowed, frames, is_loading=verb == "load")
            self.has_waited = True
            self._drop()
            raise CallLost(Ending(Status.TIMEOUT, text + last_words(output), frames)) from None
        except EOFError:
            output = self.channel.take_output()
            status, was_running = self._drop(LAST_BREATH_SECONDS)
            text = cause_of_death(status, self.limits, was_running=was_running, is_loading=verb == "load")
            frames = line_of_exit(self.source) if os.WIFEXITED(status) and not was_running else ()
            raise CallLost(Ending(Status.CRASHED, text + last_words(output), frames)) from None
        except wire.WireError as error:
            raise self.forged(error) from None

    def _allowed(self, reference_seconds: float) -> float:
        """Return how many seconds a call may take; raises CallLost where none are left."""
        limits = self.limits
        least = limits.impatient_seconds if self.has_waited else limits.patient_seconds
        patience = min(limits.call_seconds, max(least, PATIENCE * reference_seconds))
        allowed = min(patience, limits.lesson_seconds - self.spent)
        if allowed <= 0:
            text = f"All calls of this lesson together have used up their {limits.lesson_seconds:g} seconds."
            raise CallLost(Ending(Status.TIMEOUT, text))
        return allowed

    def _drop(self, patience: float = 0.0) -> tuple[int, bool]:
        assert self.channel is not None
        end = self.channel.end(patience)
        self.channel = None
        return end


def _without_end() -> float:
    """Return what the reference takes where there is none to compare with: loading a file takes what its imports do."""
    return math.inf
