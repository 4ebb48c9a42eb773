"""A clock on the checks: one that never ends is ended, at the line where it is.

It counts the processor's time, so that a busy machine changes nothing. Code that sleeps uses none: that is noticed by
ticks, of which a process that is stopped gets one at most, and which do not count while a student's call is waited for.
What hangs in code that is not Python's is ended by the system's own limit.
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
"""Where a check is that waits for a student's call; named, for to import it is to import torch."""


class OutOfTime(BaseException):
    """A check has used up its time. Not an Exception: a check that catches everything cannot catch this."""


@dataclass
class Watchdog:
    """The clock of one process, which runs one check at a time."""

    processor_seconds: float = PROCESSOR_SECONDS
    tick_seconds: float = TICK_SECONDS
    max_ticks: int = MAX_TICKS
    _ticks: int = 0
    _is_on: bool = False

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Raise OutOfTime inside when the time is up; where the signals are not ours to take, there is no clock."""
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
        """Begin to count, as every example of a check does; nothing happens where no clock is on."""
        if self._is_on:
            self._ticks = 0
            # Again and again: what a handler raises may be lost, in a destructor for example.
            signal.setitimer(signal.ITIMER_PROF, self.processor_seconds, 1.0)
            signal.setitimer(signal.ITIMER_REAL, self.tick_seconds, self.tick_seconds)

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        if self._is_on:
            raise OutOfTime(f"it was stopped after {self.processor_seconds:g} seconds of processor time.")

    def _tick(self, _signal: int, frame: FrameType | None) -> None:
        while frame is not None:
            if frame.f_code.co_filename == WAITING:
                return  # that call has a clock of its own
            frame = frame.f_back
        self._ticks += 1
        if self._is_on and self._ticks >= self.max_ticks:
            seconds = self.max_ticks * self.tick_seconds
            raise OutOfTime(f"it was stopped after {seconds:g} seconds, in most of which it did nothing.")
