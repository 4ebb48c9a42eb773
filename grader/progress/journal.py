"""Changes of many files of a course folder as one: written down first, then made, and taken back the same way.

A journal is one file in `.grade/changes`, with the content of every file before and after. It is written whole or not
at all, so a change that is killed in the middle either has not begun or can be completed.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader import files
from grader.errors import Fault, UsageError
from grader.progress.store import FOLDER

_OPEN, _DONE = ".open", ".done"


class Change(msgspec.Struct, frozen=True):
    """A file before and after; None where there is no file."""

    path: str
    """Relative to the folder of the course, with slashes."""
    before: bytes | None
    after: bytes | None


class Journal(msgspec.Struct, frozen=True):
    """One change of many files."""

    changes: tuple[Change, ...]
    marked: tuple[tuple[str, str], ...] = ()
    """Exercises, by lesson and name, whose verdict no longer counts afterwards."""
    unmarked: tuple[tuple[str, str], ...] = ()
    """Exercises that lose this mark."""

    def reversed(self, root: Path) -> "Journal":
        """Return the journal that takes this one back, from whatever the files are now."""
        back = (Change(each.path, content_of(root, each.path), each.before) for each in self.changes)
        return Journal(tuple(each for each in back if each.before != each.after), self.unmarked, self.marked)


def write(root: Path, journal: Journal) -> None:
    """Write down what will be changed; raises Fault if that cannot be done, with nothing changed."""
    folder = root / FOLDER / "changes"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = max((int(path.stem) for path in _journals(root)), default=0) + 1
        files.write(folder / f"{number:04}{_OPEN}", msgspec.msgpack.encode(journal))
    except OSError as error:
        raise Fault(f"{folder} cannot be written ({error.strerror or error}). Nothing was changed.") from error


def unfinished(root: Path) -> Journal | None:
    """Return the changes that were interrupted, or None."""
    return next((_read(path) for path in _journals(root) if path.suffix == _OPEN), None)


def is_unfinished(root: Path) -> bool:
    """Whether changes were interrupted."""
    return any(path.suffix == _OPEN for path in _journals(root))


def last(root: Path) -> Journal | None:
    """Return the changes that were made last, or None."""
    done = [path for path in _journals(root) if path.suffix == _DONE]
    return _read(done[-1]) if done else None


def finish(root: Path, journal: Journal) -> list[str]:
    """Make the changes that are not made yet; return the files that someone has changed since, which are left alone.

    Raises Fault if a file cannot be written; the same call completes the rest later.
    """
    left = []
    for change in journal.changes:
        now = content_of(root, change.path)
        if now == change.after:
            continue
        if now != change.before:
            left.append(change.path)
            continue
        try:
            _put(root / change.path, change.after)
        except OSError as error:
            reason = f"{root / change.path} cannot be written ({error.strerror or error})."
            raise Fault(f"{reason} Then run the same command again: it completes the rest.") from error
    return left


def close(root: Path) -> None:
    """Mark the open journal as done."""
    for path in _journals(root):
        if path.suffix == _OPEN:
            path.replace(path.with_suffix(_DONE))


def content_of(root: Path, name: str) -> bytes | None:
    """Return the content of a file; raises UsageError for one that is not written: a link, or what cannot be read."""
    path = root / name
    if (link := files.link_to(path, root)) is not None:
        raise UsageError(f"{link} is a link, and links are not written through. Replace it with the file itself.")
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}. Nothing was changed.") from error


def _put(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The journal holds both contents, so no single file must reach the disk at once.
        files.write(path, content, is_precious=False)
        return
    path.unlink()
    with contextlib.suppress(OSError):  # a folder that is not empty stays
        path.parent.rmdir()
        path.parent.parent.rmdir()


def _journals(root: Path) -> list[Path]:
    """Return the journals, the oldest first."""
    return sorted(_named(root / FOLDER / "changes"), key=lambda path: int(path.stem))


def _named(folder: Path) -> Iterator[Path]:
    for path in folder.glob("*"):
        if path.suffix in (_OPEN, _DONE) and path.stem.isdecimal():
            yield path


def _read(path: Path) -> Journal:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Journal)
    except (OSError, msgspec.DecodeError) as error:
        raise Fault(f"{path} cannot be read: {error}. Move it away, and run the command again.") from error
