"""The terminal of `grade watch`: single keys while it runs, and the terminal as it was whenever it does not."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, Self


class Quit(BaseException):
    """The terminal was closed, or somebody asked the process to end."""


class Keys:
    """Reads keys without waiting for Enter; where there is no terminal there are no keys, and nothing is changed."""

    def __init__(self) -> None:
        self._descriptor = sys.stdin.fileno() if _is_terminal() else None
        self._before: list[Any] | None = None

    def __enter__(self) -> Self:
        """Switch line mode and echo off, and be ready for Ctrl-Z and a closed terminal."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _quit)
        if self._descriptor is not None:
            import termios

            self._before = termios.tcgetattr(self._descriptor)
            # Who has a terminal can press Ctrl-C, even if the shell that started us was told to ignore it.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.signal(signal.SIGTSTP, self._stop)
            self._switch()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it was."""
        self._restore()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
            signal.signal(number, signal.SIG_DFL)

    @property
    def descriptor(self) -> int | None:
        """What to wait for, or None where nobody can press a key."""
        return self._descriptor

    def read(self) -> str:
        """Return the keys that were pressed; an empty text where the terminal has gone."""
        assert self._descriptor is not None
        try:
            return os.read(self._descriptor, 64).decode(errors="replace")
        except OSError:
            return ""

    @contextlib.contextmanager
    def line_mode(self) -> Iterator[None]:
        """Give the terminal back for a moment, for a question that is answered by a line."""
        self._restore()
        try:
            yield
        finally:
            self._switch()

    def _switch(self) -> None:
        if self._descriptor is not None:
            import termios

            settings = termios.tcgetattr(self._descriptor)
            # Ctrl-C and Ctrl-Z stay what they are everywhere else.
            settings[3] &= ~(termios.ICANON | termios.ECHO)
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, settings)

    def _restore(self) -> None:
        if self._descriptor is not None and self._before is not None:
            import termios

            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)

    def _stop(self, number: int, _: FrameType | None) -> None:
        """Ctrl-Z: hand the terminal back, stop, and take it again when we are called back."""
        self._restore()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.signal(number, self._stop)
        self._switch()


def _is_terminal() -> bool:
    try:
        return sys.stdin.isatty() and sys.stdout.isatty() and os.name == "posix"
    except ValueError:
        return False


def _quit(_: int, __: FrameType | None) -> None:
    raise Quit
