"""Detects changed files: by events of the system, and by polling now and then in any case."""

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
"""How long to wait for quiet after a change: an editor that saves in two steps has done both by then."""
MAX_UNQUIET_SECONDS = 0.3
"""How long to wait for quiet at most: something may write all the time."""
LOOK_SECONDS = 10.0
"""How often to look without an event: a single event may be lost."""
PATIENT_SECONDS = 0.3
"""How often to look where events are known not to arrive."""
PROBE_SECONDS = 2.0

Signature = tuple[int, int, int]


class Files:
    """The files below some folders, and which of them changed; as a context manager it listens for events."""

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
        """Start listening."""
        self._thread.start()
        with contextlib.suppress(Exception):  # without events, polling remains
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
        """Return the files that were created, removed or written since the last call."""
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
        """Ring once it is quiet again after an event."""
        while self._told.wait() and self._is_open:
            until = time.monotonic() + MAX_UNQUIET_SECONDS
            self._told.clear()
            while time.monotonic() < until and self._told.wait(QUIET_SECONDS):
                self._told.clear()
            with contextlib.suppress(BlockingIOError):  # it is ringing already
                os.write(self._ring, b"!")


def events_arrive(folder: Path) -> bool:
    """Write a file into a folder and return whether the system reports it; False if it cannot be written, too."""
    heard = threading.Event()
    probe = folder / f".probe-{os.getpid()}"
    with contextlib.suppress(Exception):
        observer = _observer([folder], heard.set)
        try:
            for _ in range(round(PROBE_SECONDS / 0.1)):
                # Write repeatedly: some systems start to report a moment later.
                probe.write_text("probe", encoding="utf-8")
                if heard.wait(0.1):
                    return True
        finally:
            observer.stop()
            probe.unlink(missing_ok=True)
    return False


def _observer(folders: Iterable[Path], tell: Callable[[], object]) -> "BaseObserver":
    """Return a running observer of everything that is written, created, moved or removed below some folders."""
    from watchdog import events, observers

    class Teller(events.FileSystemEventHandler):
        def on_any_event(self, _event: object) -> None:
            tell()

    # Reads are left out: the grader reads all the time.
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
