"""A note, in a file, of the exercise whose answer a check process is reading: it outlives the process.

A student's function may return a value so large or so odd that the process reading it runs out of memory or time. The
note tells this apart from a bug in the grader.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_NAME = "reading"
_NOTE: ContextVar[int | None] = ContextVar("note", default=None)


def keep_note(folder: str) -> None:
    """Keep this process's note in a folder from now on."""
    _NOTE.set(os.open(Path(folder) / _NAME, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))


@contextmanager
def reading(exercise: str) -> Iterator[None]:
    """Note, if this process keeps a note, that an answer of this exercise is being read."""
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
    """Return the exercise whose answer was being read when the process with this folder ended, or an empty string."""
    try:
        return (Path(folder) / _NAME).read_bytes().partition(b"\n")[0].decode()
    except OSError:
        return ""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception means out of memory; on the CPU torch raises a plain RuntimeError for it."""
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "can't allocate memory" in str(error))
