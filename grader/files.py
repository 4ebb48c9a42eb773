"""Which files have changed: told by the system where it tells, and looked for now and then in any case."""

import contextlib
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Self

STEP_MS = 30
"""How long it must be quiet after a change: an editor that saves in two steps has made both by then."""
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
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening; the thread ends by itself within a moment."""
        self._stop.set()

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

    def _listen(self) -> None:
        with contextlib.suppress(Exception):  # without events, looking is what remains
            for _ in _events(self._folders, self._stop):
                os.write(self._ring, b"!")


def events_arrive(folder: Path) -> bool:
    """Write a file into a folder and say whether the system tells of it; raises OSError where it cannot be written."""
    stop = threading.Event()
    heard = threading.Event()
    probe = folder / f".probe-{os.getpid()}"

    def listen() -> None:
        with contextlib.suppress(Exception):
            for _ in _events([folder], stop):
                heard.set()
                return

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        for _ in range(round(PROBE_SECONDS / 0.1)):
            # Again and again: the listener may not have been listening yet.
            probe.write_text("probe", encoding="utf-8")
            if heard.wait(0.1):
                return True
    finally:
        stop.set()
        probe.unlink(missing_ok=True)
    return False


def _events(folders: list[Path], stop: threading.Event) -> Iterable[object]:
    from watchfiles import watch

    return watch(*folders, watch_filter=None, step=STEP_MS, debounce=10 * STEP_MS, stop_event=stop, rust_timeout=60_000)
