"""The time a call has used of its limit: CPU time, and time spent in sleep.

Waiting for a busy CPU, a memory page, a disk or the grader never counts, so a verdict does not depend on how busy the
machine is.
"""

import os
import time
from dataclasses import dataclass

LOOKS = (0.01, 0.02, 0.05)
"""Seconds between samples of a call; the last value repeats. Sleep before the first sample is free."""
THREADS_WAIT = 8
"""A thread that starts and ends between two samples may wait for a CPU this many times as long as it runs.

Beside eight busy programs on two CPUs, the factor is four.
"""
MAX_THREADS = 64
_PROCESS_CLOCK = 2
"""CPUCLOCK_SCHED on Linux: nanoseconds that all threads of a process have run."""


@dataclass(frozen=True)
class Usage:
    """The time that a call has used, in seconds."""

    processor: float = 0.0
    slept: float = 0.0
    passed: float = 0.0
    """Wall time, where the system does not report CPU time."""

    @property
    def total(self) -> float:
        """The time that counts against a limit."""
        return self.processor + self.slept + self.passed

    def __add__(self, other: "Usage") -> "Usage":
        """Return the combined usage."""
        return Usage(self.processor + other.processor, self.slept + other.slept, self.passed + other.passed)


class Clock:
    """The clock of one call; it starts when created."""

    def __init__(self, pid: int, limit: float) -> None:
        self.limit = limit
        self._pid = pid
        self._began, self._processor = time.monotonic(), processor_seconds(pid)
        self._worked = 0.0
        self._slept = 0.0
        self._looks = 0
        self._first: _Moment | None = None
        """The first sample. A sample costs a tenth of a short call, so short calls get none."""
        self._last: _Moment | None = None
        self._waits: dict[str, float] = {}
        """How long each thread has waited for a CPU; the last known value for one that has ended."""
        self._excused = 0.0
        """Idle seconds since the first sample that were not sleep."""

    @property
    def used(self) -> Usage:
        """The time that the call has used so far."""
        if self._processor is None:
            return Usage(passed=time.monotonic() - self._began)
        now = processor_seconds(self._pid)
        if now is not None:  # else the worker is gone: keep the last known value
            self._worked = now - self._processor
        return Usage(self._worked, self._slept)

    @property
    def until_next_look(self) -> float:
        """Seconds to wait for an answer before the next sample."""
        return LOOKS[min(self._looks, len(LOOKS) - 1)]

    def look(self, *, is_excused: bool = False) -> None:
        """Take a sample of a call that has not answered yet, and account for the time since the last one.

        Set ``is_excused`` if the call may have waited for the grader. Raises TimeoutError if the limit is used up.
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
        """Return the sleep that was not accounted for yet."""
        idle = (now.at - first.at) - (now.worked - first.worked) - (now.waited - first.waited)
        new = max(0.0, idle - self._slept - self._excused)
        worked = now.worked - before.worked
        if is_excused or now.state == "D" or (now.state == "R" and not now.is_counted):
            slept = 0.0
        elif now.threads > 1 or before.threads > 1:
            # Threads that came and went between two samples may have waited: their work limits for how long.
            slept = max(0.0, new - THREADS_WAIT * worked) if now.state == "S" else 0.0
        elif now.state == "S":
            return new
        else:
            # It may have waited for a CPU since the last sample: the kernel counts that wait once it gets one.
            return max(0.0, new - (now.at - before.at)) if worked > 0 else 0.0
        self._excused += new - slept
        return slept


@dataclass(frozen=True)
class _Moment:
    """What the system reports about a process at one moment."""

    at: float
    """Seconds of the monotonic clock."""
    worked: float
    """Seconds that its threads have run."""
    waited: float
    """Seconds that its threads have been ready to run but waited for a CPU."""
    is_counted: bool
    """Whether the system counts how long they wait."""
    state: str
    """``R`` if a thread runs or waits for a CPU, ``D`` if one waits for a disk, else ``S``."""
    threads: int


def _moment(pid: int, waits: dict[str, float]) -> _Moment | None:
    """Return what the system reports now, or None if it reports nothing; updates ``waits``."""
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
    """Return how long the threads of a process have run, or None if the system does not report it."""
    try:
        return time.clock_gettime((~pid << 3) | _PROCESS_CLOCK)
    except (AttributeError, OSError, OverflowError):
        return None


def _threads(pid: int) -> list[str]:
    """Return the folders of a process's threads in /proc; none if /proc or the process does not exist."""
    try:
        return [f"/proc/{pid}/task/{name}" for name in os.listdir(f"/proc/{pid}/task")[:MAX_THREADS]]
    except OSError:
        return []


def _waited_seconds(thread: str) -> float | None:
    """Return how long a thread has waited for a CPU, up to when it last got one, or None if that is not counted."""
    try:
        with open(f"{thread}/schedstat", "rb") as schedstat:
            ran, waited, _ = map(int, schedstat.read().split())
    except (OSError, ValueError):
        return None
    return waited / 1e9 if ran else None  # a kernel that does not count reports only zeros


def _state(thread: str) -> str:
    """Return the state of a thread: ``R`` runs, ``S`` sleeps, ``D`` waits for a disk; empty if it has ended."""
    try:
        with open(f"{thread}/stat", "rb") as stat:
            # The name of the thread, in parentheses, may contain anything.
            return stat.read().rpartition(b")")[2].split()[0].decode()
    except (OSError, IndexError):
        return ""
