"""What a worker uses besides time: memory, threads and disk.

The kernel's limits are not enough: they count address space instead of memory in use, the size of one file instead of
all, and the threads of ordinary users but not of root. So the grader samples the worker while it waits.
"""

import os
import re
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from grader.sandbox.confinement import MIB, Limits

LOOK_SECONDS = 0.05
"""Seconds between samples: by what it takes in this time, a worker can exceed its limits."""


class Excess(Exception):
    """A worker exceeded a limit; the text is shown to the student."""


@dataclass
class Footprint:
    """What a worker uses from the moment it is ready."""

    pid: int
    folder: str
    """The only folder that it may write."""
    limits: Limits
    _memory: int = field(init=False, repr=False)
    """What torch and the libraries already use."""
    _looked: float = field(init=False, repr=False, default=0.0)

    def __post_init__(self) -> None:
        """Take the first sample."""
        self._memory, _ = _memory_and_threads(self.pid)

    def check(self) -> None:
        """Raise Excess if the worker exceeds a limit; does nothing if it was sampled just before."""
        now = time.monotonic()
        if now - self._looked >= LOOK_SECONDS:
            self._looked = now
            self._look()

    def _look(self) -> None:
        limits = self.limits
        memory, threads = _memory_and_threads(self.pid)
        if memory - self._memory > limits.memory:
            raise Excess(
                f"Your code used more than {limits.memory // MIB} MiB of memory, and was stopped. Does something grow"
                " in a loop, or is a shape far too large?"
            )
        if threads > limits.threads + 1:
            raise Excess(
                f"Your code started more than {limits.threads} threads, and was stopped. Start a few, or none: the"
                " exercises need none."
            )
        if _written(self.pid) > limits.written:
            raise Excess(
                f"Your code wrote more than {limits.written // MIB} MiB to files and to the screen, and was stopped."
                " Is there an endless loop that writes?"
            )
        if count_files(self.folder, limits.files) > limits.files:
            raise Excess(
                f"Your code left more than {limits.files:,} files and folders, or hid some, and was stopped. Is there"
                " an endless loop that creates files?"
            )


def count_files(folder: str, most: int) -> int:
    """Count the files and folders in a folder; more than ``most`` if there are more, or if some are hidden."""
    waiting, found = [folder], 0
    while waiting and found <= most:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in islice(entries, most + 1 - found):
                    found += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except (FileNotFoundError, NotADirectoryError):
            continue  # removed, or replaced, since its name was read
        except OSError:
            return most + 1  # unreadable, or its path is too long: its contents are hidden
    return found


def _memory_and_threads(pid: int) -> tuple[int, int]:
    """Return a process's own memory in bytes and its number of threads; zeros if unknown."""
    found = {"RssAnon": 0, "RssShmem": 0, "VmSwap": 0, "Threads": 0}
    for name, number in re.findall(rb"^(\w+):\s+(\d+)", _read(pid, "status"), re.MULTILINE):
        found[name.decode()] = int(number)
    return 1024 * (found["RssAnon"] + found["RssShmem"] + found["VmSwap"]), found["Threads"]


def _written(pid: int) -> int:
    """Return how many bytes a process has written, including deleted files; 0 if unknown."""
    match = re.search(rb"^wchar: (\d+)", _read(pid, "io"), re.MULTILINE)
    return int(match[1]) if match else 0


def _read(pid: int, name: str) -> bytes:
    """Return a file of a process in /proc; empty if the process or /proc does not exist."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
