"""What a worker uses beside its time: memory, threads, and the disk.

The kernel's limits are not enough: they count the addresses of a process and not what stands behind them, the size of
one file and not of all, and the threads of ordinary users but not of root. So the grader looks while it waits.
"""

import os
import re
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from grader.sandbox.confinement import MIB, Limits

LOOK_SECONDS = 0.05
"""How long a worker may do what it likes: what it makes in this time is what it can use beyond its limits."""


class Excess(Exception):
    """A worker uses more than it may; the text is what the student reads."""


@dataclass
class Footprint:
    """What a worker uses, from the moment at which it is ready on."""

    pid: int
    folder: str
    """The one that it may write."""
    limits: Limits
    _memory: int = field(init=False, repr=False)
    """What it has from torch and the libraries."""
    _looked: float = field(init=False, repr=False, default=0.0)

    def __post_init__(self) -> None:
        """Look for the first time."""
        self._memory, _ = _memory_and_threads(self.pid)

    def check(self) -> None:
        """Raise Excess where the worker uses more than it may; it has just been looked at where nothing happens."""
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
                f"Your code wrote more than {limits.written // MIB} MiB into files and to the screen, and was stopped."
                " Is there a loop that writes without end?"
            )
        if count_files(self.folder, limits.files) > limits.files:
            raise Excess(
                f"Your code left more than {limits.files:,} files and folders, or hid some, and was stopped. Is there a"
                " loop that makes files without end?"
            )


def count_files(folder: str, most: int) -> int:
    """Return how many files and folders a folder holds; more than ``most`` where there are more, or some are hidden."""
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
            return most + 1  # it may not be read, or its path is too long: so is what lies in it
    return found


def _memory_and_threads(pid: int) -> tuple[int, int]:
    """Return the bytes of memory that are a process's own, and its threads; zeros where nothing tells."""
    found = {"RssAnon": 0, "RssShmem": 0, "VmSwap": 0, "Threads": 0}
    for name, number in re.findall(rb"^(\w+):\s+(\d+)", _read(pid, "status"), re.MULTILINE):
        found[name.decode()] = int(number)
    return 1024 * (found["RssAnon"] + found["RssShmem"] + found["VmSwap"]), found["Threads"]


def _written(pid: int) -> int:
    """Return how many bytes a process has written, those of deleted files too; 0 where nothing tells."""
    match = re.search(rb"^wchar: (\d+)", _read(pid, "io"), re.MULTILINE)
    return int(match[1]) if match else 0


def _read(pid: int, name: str) -> bytes:
    """Return what the system tells of a process, nothing where there is no such process or no /proc."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
