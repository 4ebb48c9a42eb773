"""Which files have changed: told by the system where it tells, and looked for now and then in any case."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

QUIET_SECONDS = 0.03
"""How long it must be quiet after a change: an editor that saves in two steps has made both by then."""
MAX_UNQUIET_SECONDS = 0.3
"""After so long it is looked all the same: something may write all the time."""
LOOK_SECONDS = 10.0
"""How often the files are looked at although nothing was told: a single event may be lost."""
PATIENT_SECONDS = 0.3
"""The same where events are known not to arrive."""
PROBE_SECONDS = 2.0

Signature = tuple[int, int, int]


class Files:
    """Some folders, and what is new in them; as a context manager it leaves no thread that still writes."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = [folder for folder in folders if folder.is_dir()]
        self._seen = self._look()
        self._bell, self._ring = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(self._ring, False)
        self._told = threading.Event()
        self._is_open = True
        self._thread = threading.Thread(target=self._settle, daemon=True)
        self._observer: BaseObserver | None = None

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        with contextlib.suppress(Exception):  # without events, looking is what remains
            self._observer = _observer(self._folders, self._told.set)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening; the threads end by themselves within a moment."""
        if self._observer is not None:
            self._observer.stop()
        self._is_open = False
        self._told.set()

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when something may have changed."""
        return self._bell

    def changed(self) -> set[Path]:
        """Return the files that differ from the last time: new, gone, or written."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self._bell, 4096):
                pass
        before, self._seen = self._seen, self._look()
        return {path for path in before.keys() | self._seen.keys() if before.get(path) != self._seen.get(path)}

    def _look(self) -> dict[Path, Signature]:
        seen = {}
        for folder in self._folders:
            for path in folder.rglob("*.*"):
                if path.suffix in (".py", ".md"):
                    with contextlib.suppress(OSError):
                        state = path.stat()
                        seen[path] = state.st_mtime_ns, state.st_size, state.st_ino
        return seen

    def _settle(self) -> None:
        """Ring when it is quiet again after something was told."""
        while self._told.wait() and self._is_open:
            until = time.monotonic() + MAX_UNQUIET_SECONDS
            self._told.clear()
            while time.monotonic() < until and self._told.wait(QUIET_SECONDS):
                self._told.clear()
            with contextlib.suppress(BlockingIOError):  # it rings already
                os.write(self._ring, b"!")


def events_arrive(folder: Path) -> bool:
    """Write a file into a folder and say whether the system tells of it; raises OSError where it cannot be written."""
    heard = threading.Event()
    probe = folder / f".probe-{os.getpid()}"
    with contextlib.suppress(Exception):
        observer = _observer([folder], heard.set)
        try:
            for _ in range(round(PROBE_SECONDS / 0.1)):
                # Again and again: some systems begin to tell a moment later.
                probe.write_text("probe", encoding="utf-8")
                if heard.wait(0.1):
                    return True
        finally:
            observer.stop()
            probe.unlink(missing_ok=True)
    return False


def _observer(folders: Iterable[Path], tell: Callable[[], object]) -> "BaseObserver":
    """Return what has begun to tell of everything that is written, made, moved or removed below some folders."""
    from watchdog import events, observers

    class Teller(events.FileSystemEventHandler):
        def on_any_event(self, _event: object) -> None:
            tell()

    # Not of what is only read: the grader reads all the time.
    changes = [
        getattr(events, f"{kind}{change}Event")
        for kind in ("File", "Dir")
        for change in ("Created", "Deleted", "Modified", "Moved")
    ]
    observer = observers.Observer()
    for folder in folders:
        observer.schedule(Teller(), str(folder), recursive=True, event_filter=changes)
    observer.start()
    return observer
