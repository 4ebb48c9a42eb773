"""A folder for everything temporary of one run, and nothing of a run that was killed; how any such folder is removed.

A run that is killed cannot remove its folder, so the next one does. The folder of a run that goes on is locked, and the
lock ends with its process, however that ends.
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
"""How long anybody waits until a folder is removed: it may take longer than to fill it, and goes on by itself."""
FEW = 32
"""So many entries of a folder are removed without a process of their own."""
_PREFIX = "grade-run-"
_LOCK = "lock"


class Scratch:
    """The folder; as a context manager it is gone in the end."""

    def __init__(self) -> None:
        _remove_abandoned(Path(tempfile.gettempdir()))
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # Under another name until it is locked: nobody must find it free before.
        new = self.path / "new"
        self._lock = os.open(new, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        new.rename(self.path / _LOCK)

    def __enter__(self) -> Self:
        """Return the folder, which is there already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove it with all that is in it."""
        remove(self.path)
        os.close(self._lock)


def remove(folder: str | Path) -> None:
    """Remove a folder in which a student could do anything, or let it be removed: nobody waits long for that.

    What cannot be removed stays, and nothing is raised.
    """
    with contextlib.suppress(OSError):
        _remove_few(folder)
    if not os.path.lexists(folder):
        return
    # shutil.rmtree gives up on thousands of nested folders. The shell is who we wait for, so that rm goes on when we
    # do not; in a session of its own, where Ctrl-C does not reach it, and holding nothing that others wait for.
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
    """Remove a folder that holds few files and empty folders; raises OSError where it holds anything else."""
    with os.scandir(folder) as entries:
        few = list(islice(entries, FEW))  # one more makes rmdir fail
    for entry in few:
        if entry.is_dir(follow_symlinks=False):
            os.rmdir(entry.path)
        else:
            os.unlink(entry.path)
    os.rmdir(folder)


def _remove_abandoned(parent: Path) -> None:
    """Remove the folders whose process has ended without doing it."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # another user's, or at work
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(folder)
            finally:
                os.close(lock)
