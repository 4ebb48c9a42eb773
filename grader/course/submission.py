"""A student's file as bytes: read once, as a regular file, without following links, with a size cap."""

import os
import stat
from pathlib import Path

import msgspec

from grader.course.unreadable import recognise

MAX_BYTES = 2**19
_ANEW = "Begin it anew with: grade reset {}"


class Source(msgspec.Struct, frozen=True, tag=True):
    """The bytes of a student's file, and the name by which messages call it."""

    shown: str
    content: bytes


class Unreadable(msgspec.Struct, frozen=True, tag=True):
    """There is no file to grade, for a reason that the student reads."""

    shown: str
    reason: str
    is_fault: bool = False
    """Whether it lies at the machine of whoever grades: then it is no zero of the student's."""


def read_submission(folder: Path, name: str) -> Source | Unreadable:
    """Return the file of a lesson in a submission folder."""
    path = folder / f"{name}.py"
    return read_file(path, _shown(path))


def read_file(path: Path, shown: str) -> Source | Unreadable:
    """Return a file that a student wrote; ``shown`` is what messages call it.

    A link, a pipe, a device and a folder are refused at once: a link could show us the solution, a pipe would wait.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if path.is_symlink():
            return Unreadable(shown, f"{shown} is a link, and links are not followed. Put the file itself there.")
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
            size = f"{state.st_size:,} bytes large"
            return Unreadable(shown, f"{shown} is {size}, and {MAX_BYTES:,} is the limit. Keep data out of the file.")
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Unreadable(shown, f"{shown} cannot be read: {error.strerror or error}.", is_fault=True)
    finally:
        os.close(descriptor)
    if len(content) > MAX_BYTES:
        return Unreadable(shown, f"{shown} grows while it is read. Save it and grade again.")
    return source_of(content, shown)


def source_of(content: bytes, shown: str) -> Source | Unreadable:
    """Return the content of a file that was read elsewhere, as `read_file` does; what is not Python is refused."""
    if len(content) > MAX_BYTES:
        return Unreadable(shown, f"{shown} is larger than {MAX_BYTES:,} bytes, the limit. Keep data out of the file.")
    if not content.strip():
        return Unreadable(shown, f"{shown} is empty. {_ANEW.format(Path(shown).stem)}")
    if (other := recognise(content)) is not None:
        return Unreadable(shown, other.sentence(shown))
    return Source(shown, content)


def is_forbidden(path: Path) -> bool:
    """Whether even its owner may not read it: it was packed so, and no permission of this machine is missing."""
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):
        return False
    needed = stat.S_IRUSR | (stat.S_IXUSR if stat.S_ISDIR(mode) else 0)
    return mode & needed != needed


def _shown(path: Path) -> str:
    """Return the path as it is shortest to read: relative to the working directory where it is below that."""
    try:
        # Not resolved: a link is called by its own name, not by that of what it leads to.
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
