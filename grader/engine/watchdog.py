"""A time limit on the checks: one that never finishes is stopped at its current line.

It counts CPU time, so that a busy machine changes nothing. Sleeping code uses none: regular ticks catch it. A stopped
process gets one of them at most, and none counts during a student's call. Code that hangs outside of Python is ended
by the system's own limit.
"""

import contextlib
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

PROCESSOR_SECONDS = 30.0
TICK_SECONDS = 10.0
MAX_TICKS = 60
_SIGNALS = (signal.SIGPROF, signal.SIGALRM)
_TIMERS = (signal.ITIMER_PROF, signal.ITIMER_REAL)
WAITING = str(Path(__file__).parent.parent / "sandbox" / "connection.py")
"""A frame of this file means waiting for a student's call; a path, because importing it would import torch."""


class OutOfTime(BaseException):
    """A check has used up its time. Not an Exception, so that a check's ``except Exception`` does not catch it."""


@dataclass
class Watchdog:
    """The watchdog of one process, which runs one check at a time."""

    processor_seconds: float = PROCESSOR_SECONDS
    tick_seconds: float = TICK_SECONDS
    max_ticks: int = MAX_TICKS
    _ticks: int = 0
    _is_on: bool = False

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Raise OutOfTime inside when the time is up; no limit outside the main thread, or if the signals are taken."""
        is_main = threading.current_thread() is threading.main_thread()
        if not is_main or any(signal.getsignal(number) is not signal.SIG_DFL for number in _SIGNALS):
            yield
            return
        for number, handler in zip(_SIGNALS, (self._end, self._tick), strict=True):
            signal.signal(number, handler)
        self._is_on = True
        self.restart()
        try:
            yield
        finally:
            self._is_on = False
            for timer, number in zip(_TIMERS, _SIGNALS, strict=True):
                signal.setitimer(timer, 0.0)
                signal.signal(number, signal.SIG_DFL)

    def restart(self) -> None:
        """Start counting from 0, as for every example of a check; does nothing outside of `watching`."""
        if self._is_on:
            self._ticks = 0
            # Repeatedly: an exception from a handler may be lost, in a destructor for example.
            signal.setitimer(signal.ITIMER_PROF, self.processor_seconds, 1.0)
            signal.setitimer(signal.ITIMER_REAL, self.tick_seconds, self.tick_seconds)

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        if self._is_on:
            raise OutOfTime(f"it was stopped after {self.processor_seconds:g} seconds of CPU time.")

    def _tick(self, _signal: int, frame: FrameType | None) -> None:
        while frame is not None:
            if frame.f_code.co_filename == WAITING:
                return  # that call has its own limit
            frame = frame.f_back
        self._ticks += 1
        if self._is_on and self._ticks >= self.max_ticks:
            seconds = self.max_ticks * self.tick_seconds
            raise OutOfTime(f"it was stopped after {seconds:g} seconds, mostly idle.")
