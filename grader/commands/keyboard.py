"""The terminal of `grade watch`: single keys while it runs, and the previous settings whenever it does not."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, Self


class Quit(BaseException):
    """SIGHUP or SIGTERM arrived: the terminal was closed, or the process must end."""


class Keys:
    """Reads keys without waiting for Enter; without a terminal it reads none and changes nothing."""

    def __init__(self) -> None:
        self._descriptor = sys.stdin.fileno() if _is_terminal() else None
        self._before: list[Any] | None = None

    def __enter__(self) -> Self:
        """Switch line mode and echo off, and handle Ctrl-Z and a closed terminal."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _quit)
        if self._descriptor is not None:
            import termios

            self._before = termios.tcgetattr(self._descriptor)
            # In a terminal Ctrl-C works, even if the shell that started us ignores SIGINT.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.signal(signal.SIGTSTP, self._stop)
            self._switch()
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the terminal."""
        self._restore()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
            signal.signal(number, signal.SIG_DFL)

    @property
    def descriptor(self) -> int | None:
        """The descriptor to wait for, or None without a terminal."""
        return self._descriptor

    def read(self) -> str:
        """Return the pressed keys; an empty string once the terminal is gone."""
        assert self._descriptor is not None
        try:
            return os.read(self._descriptor, 64).decode(errors="replace")
        except OSError:
            return ""

    @contextlib.contextmanager
    def line_mode(self) -> Iterator[None]:
        """Restore the terminal for a moment, for a question that takes a line as its answer."""
        self._restore()
        try:
            yield
        finally:
            self._switch()

    def _switch(self) -> None:
        if self._descriptor is not None:
            import termios

            settings = termios.tcgetattr(self._descriptor)
            # ISIG stays on, so Ctrl-C and Ctrl-Z work as usual.
            settings[3] &= ~(termios.ICANON | termios.ECHO)
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, settings)

    def _restore(self) -> None:
        if self._descriptor is not None and self._before is not None:
            import termios

            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)

    def _stop(self, number: int, _: FrameType | None) -> None:
        """Handle Ctrl-Z: restore the terminal, stop, and switch it again on resuming."""
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
