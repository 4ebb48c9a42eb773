"""Reading a student's file as bytes: once, regular files only, no links followed, with a size cap."""

import os
import stat
from pathlib import Path

import msgspec

from grader.course.unreadable import recognise

MAX_BYTES = 2**19
_ANEW = "Get the starter code with: grade reset {}"


class Source(msgspec.Struct, frozen=True, tag=True):
    """The bytes of a student's file, and its name in messages."""

    shown: str
    content: bytes


class Unreadable(msgspec.Struct, frozen=True, tag=True):
    """A file that cannot be graded, and why, as shown to the student."""

    shown: str
    reason: str
    is_fault: bool = False
    """Whether the grading machine caused it, so the student does not get a zero."""


def read_submission(folder: Path, name: str) -> Source | Unreadable:
    """Return the file of a lesson in a submission folder."""
    path = folder / f"{name}.py"
    return read_file(path, _shown(path))


def read_file(path: Path, shown: str) -> Source | Unreadable:
    """Return a student's file; ``shown`` is its name in messages.

    Links, pipes, devices and folders are refused unread: a link could lead to the solution, a pipe would block.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if path.is_symlink():
            return Unreadable(shown, f"{shown} is a link, and links are not followed. Replace it with the file itself.")
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        return Unreadable(shown, f"There is no file {shown}. {_ANEW.format(Path(shown).stem)}")
    except OSError as error:
        reason = f"{shown} cannot be opened: {error.strerror or error}. Check its permissions."
        return Unreadable(shown, reason, is_fault=not is_forbidden(path))
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            return Unreadable(shown, f"{shown} is {_kind(state.st_mode)}, not a file. Put your Python file there.")
        if state.st_size > MAX_BYTES:
            size = f"{state.st_size:,} bytes"
            return Unreadable(shown, f"{shown} is {size}; the limit is {MAX_BYTES:,}. Keep data out of the file.")
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Unreadable(shown, f"{shown} cannot be read: {error.strerror or error}.", is_fault=True)
    finally:
        os.close(descriptor)
    if len(content) > MAX_BYTES:
        return Unreadable(shown, f"{shown} grew while it was read. Save it and grade again.")
    return source_of(content, shown)


def source_of(content: bytes, shown: str) -> Source | Unreadable:
    """Check content that was read elsewhere as `read_file` does; anything that is not Python is refused."""
    if len(content) > MAX_BYTES:
        return Unreadable(shown, f"{shown} is larger than the limit of {MAX_BYTES:,} bytes. Keep data out of the file.")
    if not content.strip():
        return Unreadable(shown, f"{shown} is empty. {_ANEW.format(Path(shown).stem)}")
    if (other := recognise(content)) is not None:
        return Unreadable(shown, other.sentence(shown))
    return Source(shown, content)


def is_forbidden(path: Path) -> bool:
    """Whether even the owner may not read it: it was packed that way, and this machine is not the cause."""
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):
        return False
    needed = stat.S_IRUSR | (stat.S_IXUSR if stat.S_ISDIR(mode) else 0)
    return mode & needed != needed


def _shown(path: Path) -> str:
    """Return a short form of a path: relative to the working directory if it is below that."""
    try:
        # Not resolved: a link keeps its own name, not that of its target.
        return Path(os.path.abspath(path)).relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def _kind(mode: int) -> str:
    kinds = {
        stat.S_ISDIR: "a folder",
        stat.S_ISFIFO: "a pipe",
        stat.S_ISCHR: "a device",
        stat.S_ISBLK: "a device",
        stat.S_ISSOCK: "a socket",
    }
    return next((name for is_kind, name in kinds.items() if is_kind(mode)), "something else")
