"""Of which exercise a check process reads an answer: a note in a file says so, for one that dies can say nothing.

A value that a student's function returned may be so large, or so odd, that the process which looks at it runs out of
memory or time. That is not a fault of ours, and the note tells the two apart.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_NAME = "reading"
_NOTE: ContextVar[int | None] = ContextVar("note", default=None)


def keep_note(folder: str) -> None:
    """Keep the note of this process in a folder from now on."""
    _NOTE.set(os.open(Path(folder) / _NAME, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))


@contextmanager
def reading(exercise: str) -> Iterator[None]:
    """Note that an answer of this exercise is read inside, where a note is kept."""
    note = _NOTE.get()
    if note is None:
        yield
        return
    os.pwrite(note, f"{exercise}\n".encode(), 0)
    try:
        yield
    finally:
        os.pwrite(note, b"\n", 0)


def last_read(folder: str) -> str:
    """Return the exercise of which the process with its note in a folder read an answer when it ended, or nothing."""
    try:
        return (Path(folder) / _NAME).read_bytes().partition(b"\n")[0].decode()
    except OSError:
        return ""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that there is not enough memory; torch has no exception of its own for it."""
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "can't allocate memory" in str(error))
