"""A program in a terminal as a person sees it: the lines of the screen, after all that it has written."""

import re
import time

import pexpect
import pyte

from tests.patience import PATIENCE


class Seen:
    """A running program, and its screen."""

    def __init__(self, command: list[str], cwd: str, env: dict[str, str], size: tuple[int, int] = (100, 30)) -> None:
        self.child: pexpect.spawn[str] = pexpect.spawn(
            command[0],
            command[1:],
            cwd=cwd,
            env={**env, "TERM": "xterm-256color"},
            encoding="utf-8",
            timeout=PATIENCE,
            dimensions=(size[1], size[0]),
        )
        self._screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self._screen)
        self.written = ""
        """All that the program has written."""

    @property
    def lines(self) -> list[str]:
        """What is seen now, without the empty lines at the end."""
        lines = [line.rstrip() for line in self._screen.display]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    @property
    def has_cursor(self) -> bool:
        """Whether the cursor is shown."""
        return not self._screen.cursor.hidden

    def send(self, keys: str) -> None:
        """Press keys."""
        self.child.send(keys)

    def resize(self, width: int, height: int) -> None:
        """Change the size of the terminal, which forgets what it showed."""
        self._screen.resize(height, width)
        self._screen.reset()
        self.child.setwinsize(height, width)

    def until(self, *patterns: str, without: str = "") -> list[str]:
        """Return the screen once all of the regular expressions are seen on it, and ``without`` is not."""
        deadline = time.monotonic() + PATIENCE
        while True:
            shown = "\n".join(self.lines)
            is_gone = not without or re.search(without, shown) is None
            if is_gone and all(re.search(pattern, shown) for pattern in patterns):
                return self.lines
            assert time.monotonic() < deadline, shown
            self._read()

    def end(self) -> int | None:
        """Read to the end, and return the exit status."""
        while self._read():
            pass
        self.child.close()
        return self.child.exitstatus

    def _read(self) -> bool:
        try:
            part = self.child.read_nonblocking(65536, timeout=0.1)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.written += part
        self._stream.feed(part)
        return True
