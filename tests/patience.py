"""How long a test waits for what must come: a busy machine may take its time, and only what never comes fails."""

import re
import time
from collections.abc import Callable

PATIENCE = 600
"""Seconds; also the timeout of every program that a test starts."""

PAUSE = 0.02


def comes_true(holds: Callable[..., object], *arguments: object) -> bool:
    """Wait until it holds, with these arguments; return False where that does not come."""
    deadline = time.monotonic() + PATIENCE
    while not holds(*arguments):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def unmeasured(text: str) -> str:
    """Return the text without the seconds that a call has used: they differ a little each time."""
    return re.sub(r"after \d+(\.\d+)? seconds?", "after some seconds", text)
