"""The temporary folder of a run, and the removal of such folders, also those of runs that were killed.

A killed run cannot remove its folder, so the next run does. A live run holds a lock on its folder, which is released
when its process ends for any reason.
"""

import contextlib
import fcntl
import os
import subprocess
import tempfile
from itertools import islice
from pathlib import Path
from typing import Self

REMOVAL_SECONDS = 1.0
"""Wait this long for `rm`, then let it continue in the background."""
FEW = 32
"""Entries of a folder that are removed without a separate process."""
_PREFIX = "grade-run-"
_LOCK = "lock"


class Scratch:
    """The folder; as a context manager, removed at the end."""

    def __init__(self) -> None:
        _remove_abandoned(Path(tempfile.gettempdir()))
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # Under another name until it is locked, so that no other run finds it unlocked.
        new = self.path / "new"
        self._lock = os.open(new, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        new.rename(self.path / _LOCK)

    def __enter__(self) -> Self:
        """Return this; the folder already exists."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the folder with its contents."""
        remove(self.path)
        os.close(self._lock)


def remove(folder: str | Path) -> None:
    """Remove a folder with untrusted contents, in the background if that takes long.

    What cannot be removed stays, and nothing is raised.
    """
    with contextlib.suppress(OSError):
        _remove_few(folder)
    if not os.path.lexists(folder):
        return
    # shutil.rmtree fails on thousands of nested folders. We wait for the shell, so that rm can continue without us: in
    # its own session, where Ctrl-C does not reach it, and holding nothing that other processes wait for.
    with contextlib.suppress(OSError):
        remover = subprocess.Popen(
            ["sh", "-c", 'rm -rf -- "$0" & wait', os.fspath(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            remover.wait(REMOVAL_SECONDS)
        except subprocess.TimeoutExpired:
            remover.kill()
            remover.wait()


def _remove_few(folder: str | Path) -> None:
    """Remove a folder of few files and empty folders; raises OSError if it holds anything else."""
    with os.scandir(folder) as entries:
        few = list(islice(entries, FEW))  # one more makes rmdir fail
    for entry in few:
        if entry.is_dir(follow_symlinks=False):
            os.rmdir(entry.path)
        else:
            os.unlink(entry.path)
    os.rmdir(folder)


def _remove_abandoned(parent: Path) -> None:
    """Remove the folders whose process ended without removing them."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # another user's, or in use
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(folder)
            finally:
                os.close(lock)
