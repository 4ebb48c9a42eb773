"""What a call has used of its limit: processor time, and the time for which it slept of its own accord.

Waiting never counts, however long it takes: for a processor that other programs use, for a page of memory or a disk,
for the grader itself. So a verdict does not depend on how busy the machine is.
"""

import os
import time
from dataclasses import dataclass

LOOKS = (0.01, 0.02, 0.05)
"""Seconds from one look at a call to the next; the last one stays. What a call sleeps before the first is free."""
THREADS_WAIT = 8
"""A thread that comes and goes between two looks may wait for a processor this many times as long as it runs.

Beside eight busy programs on two processors it is four times.
"""
MAX_THREADS = 64
_PROCESS_CLOCK = 2
"""CPUCLOCK_SCHED of Linux: nanoseconds that all threads of a process have run."""


@dataclass(frozen=True)
class Usage:
    """What a call has used, in seconds."""

    processor: float = 0.0
    slept: float = 0.0
    passed: float = 0.0
    """What has gone by, where the system tells no more."""

    @property
    def total(self) -> float:
        """What counts against a limit."""
        return self.processor + self.slept + self.passed

    def __add__(self, other: "Usage") -> "Usage":
        """Return what both have used together."""
        return Usage(self.processor + other.processor, self.slept + other.slept, self.passed + other.passed)


class Clock:
    """The clock of one call; it starts when it is made."""

    def __init__(self, pid: int, limit: float) -> None:
        self.limit = limit
        self._pid = pid
        self._began, self._processor = time.monotonic(), processor_seconds(pid)
        self._worked = 0.0
        self._slept = 0.0
        self._looks = 0
        self._first: _Moment | None = None
        """Of the first look: to look costs a tenth of a short call, so a short call is not looked at."""
        self._last: _Moment | None = None
        self._waits: dict[str, float] = {}
        """By thread, how long it has waited for a processor: of one that has ended, what was known last."""
        self._excused = 0.0
        """Seconds without work since the first look in which the call did not sleep of its own accord."""

    @property
    def used(self) -> Usage:
        """What the call has used so far."""
        if self._processor is None:
            return Usage(passed=time.monotonic() - self._began)
        now = processor_seconds(self._pid)
        if now is not None:  # else the worker is gone, and what was known last stays
            self._worked = now - self._processor
        return Usage(self._worked, self._slept)

    @property
    def until_next_look(self) -> float:
        """Seconds to wait for an answer before the next look."""
        return LOOKS[min(self._looks, len(LOOKS) - 1)]

    def look(self, *, is_excused: bool = False) -> None:
        """Note how the call has spent the time since the last look, at a moment at which it has not answered yet.

        It is excused where it may have waited for the grader. Raises TimeoutError where all of the limit is used up.
        """
        before, now = self._last, _moment(self._pid, self._waits)
        self._last, self._looks = now, self._looks + 1
        if self._first is None or before is None:
            self._first = now
        elif now is not None:
            self._slept += self._slept_between(self._first, before, now, is_excused=is_excused)
        if self.used.total >= self.limit:
            raise TimeoutError

    def _slept_between(self, first: "_Moment", before: "_Moment", now: "_Moment", *, is_excused: bool) -> float:
        """Return for how long the call has slept that was not noted yet."""
        idle = (now.at - first.at) - (now.worked - first.worked) - (now.waited - first.waited)
        new = max(0.0, idle - self._slept - self._excused)
        worked = now.worked - before.worked
        if is_excused or now.state == "D" or (now.state == "R" and not now.is_counted):
            slept = 0.0
        elif now.threads > 1 or before.threads > 1:
            # Threads that have come and gone between two looks may have waited: their work says how long at most.
            slept = max(0.0, new - THREADS_WAIT * worked) if now.state == "S" else 0.0
        elif now.state == "S":
            return new
        else:
            # It may be waiting for a processor, since the last look at most: that is counted when it gets one.
            return max(0.0, new - (now.at - before.at)) if worked > 0 else 0.0
        self._excused += new - slept
        return slept


@dataclass(frozen=True)
class _Moment:
    """What the system says of a process at a moment."""

    at: float
    """In seconds of the monotonic clock."""
    worked: float
    """Seconds that its threads have run."""
    waited: float
    """Seconds that its threads have been ready to run and waited for a processor."""
    is_counted: bool
    """Whether the system counts for how long they wait."""
    state: str
    """``R`` where a thread runs or waits for a processor, ``D`` where one waits for a disk, else ``S``."""
    threads: int


def _moment(pid: int, waits: dict[str, float]) -> _Moment | None:
    """Return what the system says now, or None where it says nothing; ``waits`` is brought up to date."""
    threads = _threads(pid)
    known = {thread: seconds for thread in threads if (seconds := _waited_seconds(thread)) is not None}
    waits.update(known)
    states = {_state(thread) for thread in threads}
    state = next((state for state in "RD" if state in states), "S")
    worked = processor_seconds(pid)
    if worked is None or not threads:
        return None
    return _Moment(time.monotonic(), worked, sum(waits.values()), bool(known), state, len(threads))


def processor_seconds(pid: int) -> float | None:
    """Return how long the threads of a process have run, or None where the system does not say."""
    try:
        return time.clock_gettime((~pid << 3) | _PROCESS_CLOCK)
    except (AttributeError, OSError, OverflowError):
        return None


def _threads(pid: int) -> list[str]:
    """Return the folders of a process's threads in /proc; none where there is no /proc, or no such process."""
    try:
        return [f"/proc/{pid}/task/{name}" for name in os.listdir(f"/proc/{pid}/task")[:MAX_THREADS]]
    except OSError:
        return []


def _waited_seconds(thread: str) -> float | None:
    """Return how long a thread has waited for a processor until it last got one, or None where nothing is counted."""
    try:
        with open(f"{thread}/schedstat", "rb") as schedstat:
            ran, waited, _ = map(int, schedstat.read().split())
    except (OSError, ValueError):
        return None
    return waited / 1e9 if ran else None  # a kernel that does not count says 0 of everything


def _state(thread: str) -> str:
    """Return what a thread does: ``R`` runs, ``S`` sleeps, ``D`` waits for a disk; empty where it has ended."""
    try:
        with open(f"{thread}/stat", "rb") as stat:
            # The name of the thread, in parentheses, may hold anything.
            return stat.read().rpartition(b")")[2].split()[0].decode()
    except (OSError, IndexError):
        return ""
