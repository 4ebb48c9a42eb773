"""The terminal of `grade watch`: single keys and a screen while it runs, and the previous settings whenever not."""

import contextlib
import os
import re
import shutil
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any, Self

_KEY = re.compile(r"\x1b\[200~.*?(?:\x1b\[201~|\Z)|\x1b\[[0-?]*[ -/]*[@-~]|\x1bO.|\x1b[^\x1b]|.", re.DOTALL)
"""One key: a pasted text, an escape sequence, or a character."""
_NAMES = {
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[B": "down",
    "\x1bOB": "down",
    "\x1b[5~": "page up",
    "\x1b[6~": "page down",
    "\r": "enter",
    "\n": "enter",
    "\x1b": "escape",
    "\x04": "end",
    "\x0c": "redraw",
    " ": "page down",
}
# The alternate screen keeps the shell's output; a pasted text arrives in brackets.
_ENTER = "\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[2J"
_LEAVE = "\x1b[?2004l\x1b[?25h\x1b[?1049l"


class Quit(BaseException):
    """The terminal was closed, or SIGHUP or SIGTERM arrived: the process must end."""


class Terminal:
    """Reads keys without waiting for Enter and draws; without a terminal it does neither and changes nothing."""

    def __init__(self, *, draws: bool) -> None:
        self._keyboard = sys.stdin.fileno() if _is_terminal() else None
        self._draws = draws
        self._before: list[Any] | None = None
        self._drawn: Sequence[str] = ()
        self.bell, self._ring = os.pipe()
        """The bell becomes readable when a signal has arrived."""

    def __enter__(self) -> Self:
        """Switch line mode and echo off, and take notice of Ctrl-Z, a resize and a closed terminal."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _quit)
        os.set_blocking(self.bell, False)
        os.set_blocking(self._ring, False)
        if self._keyboard is not None:
            import termios

            self._before = termios.tcgetattr(self._keyboard)
            # In a terminal Ctrl-C works, even if the shell that started us ignores SIGINT.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.set_wakeup_fd(self._ring, warn_on_full_buffer=False)
            for number in (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH):
                signal.signal(number, _heard)
            self._switch()
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the terminal."""
        if self._keyboard is not None:
            signal.set_wakeup_fd(-1)
        with contextlib.suppress(Quit):  # it may have been closed
            self._restore()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH):
            signal.signal(number, signal.SIG_DFL)

    @property
    def descriptors(self) -> list[int]:
        """The descriptors to wait for: those of the keys, if there are any, and of signals."""
        return [self.bell, *([self._keyboard] if self._keyboard is not None else [])]

    @property
    def has_keys(self) -> bool:
        """Whether there is a keyboard."""
        return self._keyboard is not None

    def size(self) -> tuple[int, int]:
        """Return the width and the height."""
        try:
            size = os.get_terminal_size(sys.stdout.fileno())
        except (OSError, ValueError):
            size = shutil.get_terminal_size()
        return size.columns, size.lines

    def pressed(self) -> list[str]:
        """Return the pressed keys: characters, or names such as ``up``; raises Quit if the terminal is gone."""
        assert self._keyboard is not None
        try:
            typed = os.read(self._keyboard, 4096).decode(errors="replace")
        except BlockingIOError:
            return []
        except OSError as error:
            raise Quit from error
        if not typed:
            raise Quit
        return [_NAMES.get(key, key) for key in _KEY.findall(typed)]

    def drop_typed(self) -> None:
        """Forget the keys that were pressed and not read."""
        if self._keyboard is not None:
            import termios

            with contextlib.suppress(termios.error):
                termios.tcflush(self._keyboard, termios.TCIFLUSH)

    def hear_signals(self) -> None:
        """Handle the signals that have arrived: stop on Ctrl-Z, and draw everything again after that or a resize."""
        with contextlib.suppress(BlockingIOError):
            if signal.SIGTSTP in os.read(self.bell, 64):
                self._restore()
                signal.signal(signal.SIGTSTP, signal.SIG_DFL)
                os.kill(os.getpid(), signal.SIGTSTP)
                signal.signal(signal.SIGTSTP, _heard)
            # Whatever stopped us and however: the shell has changed the terminal meanwhile.
            self._switch()

    def draw(self, lines: Sequence[str], *, whole: bool = False) -> None:
        """Show these lines in place of all others; raises Quit if the terminal is gone."""
        if not self._draws or (lines == self._drawn and not whole):
            return
        self._drawn = list(lines)
        # Each line is placed and cleared first, and no line wraps: a character of unexpected width moves nothing but
        # the rest of its line. The terminal shows the whole at once, where it can.
        rows = "".join(f"\x1b[{number};1H\x1b[2K{line}\x1b[m" for number, line in enumerate(lines, 1))
        _write(f"\x1b[?2026h\x1b[?7l{rows}\x1b[J\x1b[?7h\x1b[?2026l")

    def _switch(self) -> None:
        """Switch to single keys, and to the screen."""
        if self._keyboard is None:
            return
        import termios

        try:
            settings = termios.tcgetattr(self._keyboard)
            # ISIG stays on, so Ctrl-C and Ctrl-Z work as usual.
            settings[3] &= ~(termios.ICANON | termios.ECHO)
            termios.tcsetattr(self._keyboard, termios.TCSADRAIN, settings)
        except termios.error as error:
            raise Quit from error
        self._drawn = ()
        if self._draws:
            _write(_ENTER)

    def _restore(self) -> None:
        if self._keyboard is None or self._before is None:
            return
        import termios

        with contextlib.suppress(termios.error):
            termios.tcsetattr(self._keyboard, termios.TCSADRAIN, self._before)
        if self._draws:
            _write(_LEAVE)


def can_draw() -> bool:
    """Return whether there is a terminal that can place its cursor."""
    return _is_terminal() and os.environ.get("TERM", "dumb") not in ("dumb", "unknown", "")


def _write(text: str) -> None:
    """Write past the buffers of Python, which a signal may interrupt."""
    content = text.encode("utf-8", "backslashreplace")
    try:
        while content:
            content = content[os.write(sys.stdout.fileno(), content) :]
    except OSError as error:
        raise Quit from error


def _is_terminal() -> bool:
    try:
        return sys.stdin.isatty() and sys.stdout.isatty() and os.name == "posix"
    except ValueError:
        return False


def _heard(_: int, __: FrameType | None) -> None:
    """Do nothing: the bell rings, and the loop does what is to be done."""


def _quit(_: int, __: FrameType | None) -> None:
    raise Quit
