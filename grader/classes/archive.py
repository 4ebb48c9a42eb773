"""List a student's folder, zip or tar archive within limits; read files on demand and never unpack them to disk."""

import errno
import gzip
import io
import os
import re
import stat
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from grader.course.submission import MAX_BYTES, Source, Unreadable, is_forbidden, read_file, source_of
from grader.text import clean

MAX_FILES = 20_000
"""Per student; further files are ignored, with a note."""
MAX_DEPTH = 12
MAX_NESTED = 3
"""Archives nested in each other."""
MAX_UNPACKED = 2**25
"""Bytes of archives held in memory for one student: tar archives and nested archives."""
MAX_LISTED = 2**22
"""Bytes of a zip's list of files. It compresses well: a few kilobytes, zipped twice, may list millions of files."""
UNSEEN = frozenset({".git", ".venv", "__pycache__", "__MACOSX", "node_modules", ".DS_Store", ".grade"})
"""What tools leave behind; not part of a submission."""
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
"""Suffixes of the archives that are searched."""
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Methods that can be unpacked up to a limit; a kilobyte of bzip2 may unpack to a gigabyte."""
_ITSELF = "Hand in only the exercise files."

Open = Callable[[], io.BufferedIOBase]


@dataclass(frozen=True)
class Found:
    """A file in a submission, or something that cannot be opened."""

    parts: tuple[str, ...]
    """The path below the student's folder."""
    refused: str = ""
    """Why it is not opened: it is a link, a pipe, encrypted."""
    hides: bool = False
    """Whether it may hold files that cannot be listed: then a missing file may have been handed in after all."""
    is_fault: bool = False
    """Whether this machine, not the student, is the reason that it cannot be opened."""
    read: Callable[[str], Source | Unreadable] = field(default=lambda shown: Unreadable(shown, shown), compare=False)
    """Return its content; takes the name for messages."""
    head: Callable[[], bytes] = field(default=bytes, compare=False)
    """Return its first bytes, up to the largest submission; empty if it cannot be read."""

    @property
    def shown(self) -> str:
        """The path in printable form."""
        return one_line("/".join(self.parts))


@dataclass
class _Room:
    """The bytes of archives that may still be held for a student."""

    left: int = MAX_UNPACKED


def is_archive(name: str) -> bool:
    """Whether a file name has an archive's suffix."""
    return name.lower().endswith(ARCHIVES)


def without_ending(name: str) -> str:
    """Return a name without its archive suffix, if it has one."""
    ending = next((each for each in sorted(ARCHIVES, key=len, reverse=True) if name.lower().endswith(each)), "")
    return name[: len(name) - len(ending)]


def walk_folder(root: Path) -> Iterator[Found]:
    """Yield the contents of a folder and of its archives, without following links."""
    return _limited(_in_folder(root, _Room()))


def walk_archive(path: Path) -> Iterator[Found]:
    """Yield the contents of an archive and of the archives in it."""
    return _limited(_in_archive(path.name, partial(_opened, path), _Room(), 1))


def _limited(found: Iterable[Found]) -> Iterator[Found]:
    for number, item in enumerate(found):
        if number >= MAX_FILES:
            yield Found((), f"more than {MAX_FILES:,} files: the rest was ignored. {_ITSELF}", hides=True)
            return
        yield item


def _in_folder(root: Path, room: _Room) -> Iterator[Found]:
    waiting: list[tuple[Path, tuple[str, ...]]] = [(root, ())]
    while waiting:
        folder, parts = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda each: each.name)
        except OSError as error:
            shown = one_line("/".join(parts) or root.name)
            reason = f"{shown} cannot be opened: {error.strerror or error}. Check its permissions."
            yield Found(parts, reason, hides=True, is_fault=not is_forbidden(folder))
            continue
        for entry in entries:
            where, path = (*parts, decoded(entry.name)), Path(entry.path)
            if entry.name in UNSEEN:
                continue
            if entry.is_symlink():
                yield Found(where, _link(where))
            elif entry.is_dir(follow_symlinks=False):
                if len(where) < MAX_DEPTH:
                    waiting.append((path, where))
                else:
                    reason = f"{_name(where)} is more than {MAX_DEPTH} folders deep. {_ITSELF}"
                    yield Found(where, reason, hides=True)
            elif not entry.is_file(follow_symlinks=False):
                yield Found(where, f"{_name(where)} is not a file. Hand in your Python file.")
            elif is_archive(entry.name):
                # Moodle makes a folder for each student, and some students hand in an archive.
                yield from _below(where, _in_archive(entry.name, partial(_opened, path), room, 1))
            else:
                yield Found(where, read=partial(read_file, path), head=partial(_head, partial(_content_of, path)))


def _in_archive(name: str, opened: Open, room: _Room, depth: int) -> Iterator[Found]:
    """Yield the contents of an archive at this depth of nesting."""
    shown, kind = one_line(name), "a zip" if name.lower().endswith(".zip") else "a tar archive"
    if depth > MAX_NESTED:
        yield Found((), f"{shown} is inside {MAX_NESTED} other archives. {_ITSELF}", hides=True)
        return
    try:
        members = list(_in_zip(opened) if kind == "a zip" else _in_tar(opened, room))
    except _TooLarge:
        yield Found((), f"{shown} is too large to open. {_ITSELF}", hides=True)
        return
    except Exception as error:  # noqa: BLE001  an untrusted archive can make the library raise anything
        said = error.strerror if isinstance(error, OSError) and error.strerror else error
        reason = f"{shown} cannot be opened as {kind}: {said}. Hand in the .py file itself, or pack it again."
        yield Found((), reason, hides=True, is_fault=_is_ours(error))
        return
    for number, (parts, refused, content) in enumerate(members):
        if number >= MAX_FILES:
            yield Found((), f"{shown} holds more than {MAX_FILES:,} files. {_ITSELF}", hides=True)
            return
        if not parts or UNSEEN.intersection(parts):
            continue
        if refused:
            yield Found(parts, refused)
        elif is_archive(parts[-1]):
            yield from _below(parts, _nested(parts[-1], content, room, depth + 1))
        else:
            yield Found(parts, read=partial(_read, content), head=partial(_head, content))


def _nested(name: str, content: Callable[[int], bytes], room: _Room, depth: int) -> Iterator[Found]:
    try:
        inside = _held(content(room.left + 1), room)
    except _TooLarge:
        yield Found((), f"{one_line(name)} is too large to open. {_ITSELF}", hides=True)
        return
    except Exception as error:  # noqa: BLE001  as above
        reason = f"{one_line(name)} cannot be read: {error}. Hand in the .py file itself, or pack it again."
        yield Found((), reason, hides=True, is_fault=_is_ours(error))
        return
    yield from _in_archive(name, partial(io.BytesIO, inside), room, depth)


_Member = tuple[tuple[str, ...], str, Callable[[int], bytes]]
"""Its path, why it is not opened, and a function that reads its content up to a number of bytes."""


def _in_zip(opened: Open) -> Iterator[_Member]:
    with opened() as file, _Bounded(file) as bounded, zipfile.ZipFile(bounded) as archive:
        members = archive.infolist()
    for member in members[: MAX_FILES + 1]:
        # Some programs on Windows write backslashes.
        parts = () if member.is_dir() else _parts(re.split(r"[/\\]", member.filename))
        refused = ""
        if parts and stat.S_ISLNK(member.external_attr >> 16):
            refused = _link(parts)
        elif parts and member.flag_bits & 1:
            refused = f"{_name(parts)} is encrypted. Hand it in without a password."
        elif parts and member.compress_type not in _PACKED:
            refused = f"{_name(parts)} uses an unsupported compression. Make an ordinary zip."
        yield parts, refused, partial(_of_zip, opened, member)


def _of_zip(opened: Open, member: zipfile.ZipInfo, limit: int) -> bytes:
    """Return a file of a zip; at most ``limit`` bytes are unpacked, whatever size the zip states."""
    with opened() as outer, zipfile.ZipFile(outer) as archive, archive.open(member) as file:
        return file.read(limit)


def _in_tar(opened: Open, room: _Room) -> Iterator[_Member]:
    with opened() as file:
        is_packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        unpacked = gzip.GzipFile(fileobj=file) if is_packed else file
        content = _held(unpacked.read(room.left + 1), room)
    archive = tarfile.open(fileobj=io.BytesIO(content), mode="r:")  # noqa: SIM115  it holds only memory
    for member in islice(archive, MAX_FILES + 1):
        parts = () if member.isdir() else _parts(member.name.split("/"))
        refused = ""
        if parts and (member.issym() or member.islnk()):
            refused = _link(parts)
        elif parts and not member.isreg():
            refused = f"{_name(parts)} is not a file. Hand in your Python file."
        yield parts, refused, partial(_of_tar, archive, member)


def _of_tar(archive: tarfile.TarFile, member: tarfile.TarInfo, limit: int) -> bytes:
    file = archive.extractfile(member)
    return b"" if file is None else file.read(limit)


class _TooLarge(Exception):
    """An archive is larger than the limit."""


class _Bounded(io.BufferedReader):
    """A zip that refuses to return its list of files, which is read in one piece, if it is too long."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes; raises _TooLarge for more than MAX_LISTED."""
        if size is not None and size > MAX_LISTED:
            raise _TooLarge
        return super().read(size)


def _opened(path: Path) -> io.BufferedIOBase:
    return path.open("rb")


def _held(content: bytes, room: _Room) -> bytes:
    """Return the bytes and count them against the limit; raises _TooLarge beyond it."""
    if len(content) > room.left:
        raise _TooLarge
    room.left -= len(content)
    return content


def _read(content: Callable[[int], bytes], shown: str) -> Source | Unreadable:
    """Return a file of an archive; no more is unpacked than the largest submission."""
    try:
        return source_of(content(MAX_BYTES + 1), shown)
    except Exception as error:  # noqa: BLE001  as above
        reason = f"{shown} cannot be read from the archive: {error}. Hand in the .py file itself, or pack it again."
        return Unreadable(shown, reason, is_fault=_is_ours(error))


def _head(content: Callable[[int], bytes]) -> bytes:
    with suppress(Exception):
        return content(MAX_BYTES)
    return b""


def _content_of(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit)


def _is_ours(error: Exception) -> bool:
    """Whether this machine is the reason that an archive cannot be read: permissions, disk, network."""
    if not isinstance(error, OSError) or error.errno in (None, errno.EINVAL):
        return False
    return not (isinstance(error, PermissionError) and is_forbidden(Path(str(error.filename))))


def _below(parts: tuple[str, ...], found: Iterable[Found]) -> Iterator[Found]:
    return (replace(item, parts=(*parts, *item.parts)) for item in found)


def _parts(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(decoded(name) for name in names if name not in ("", "."))


def _link(parts: Sequence[str]) -> str:
    return f"{_name(parts)} is a link, and links are not followed. Hand in the file itself."


def _name(parts: Sequence[str]) -> str:
    """Return the last part of a path in printable form."""
    return one_line(parts[-1])


def decoded(name: Any) -> str:
    """Return a name from the disk or a list, composed (NFC) as in gradebooks, with undecodable bytes escaped."""
    try:
        text = str(name).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        text = str(name).encode("utf-8", "backslashreplace").decode("utf-8")
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Return a text as one printable line."""
    return clean(decoded(text)).replace("\n", "\\n").replace("\t", "\\t")
