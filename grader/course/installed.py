"""Where a course comes from: a folder, a wheel, or what is installed with the grader."""

import contextlib
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from grader.course.model import Course, read_course
from grader.errors import UsageError
from grader.sandbox.readable import MARK

MAX_BYTES = 2**28
"""The size of an unpacked wheel."""
MAX_FILES = 20_000


@contextlib.contextmanager
def course_from(source: str, apart_from: Path) -> Iterator[Course]:
    """Give the course of a folder or a wheel; without a name, the installed one that is not in ``apart_from``.

    Raises UsageError if there is none.
    """
    path = Path(source)
    if not source:
        yield _with_lessons(read_course(_installed(apart_from)), "The installed course")
    elif path.is_dir():
        if not (path / MARK).is_file():
            raise UsageError(f"{source} has no {MARK}, so it is not the folder of a course. Name its folder or wheel.")
        if path.resolve() == apart_from.resolve():
            raise UsageError(f"{source} is this folder itself. Name the folder or the wheel of the new version.")
        yield _with_lessons(read_course(path), source)
    else:
        with tempfile.TemporaryDirectory(prefix="grade-course-") as folder:
            yield _with_lessons(read_course(_unpacked(path, Path(folder))), source)


def _with_lessons(course: Course, what: str) -> Course:
    if not course.lessons:
        raise UsageError(f"{what} has no lessons. Name the folder or the wheel of a course with --from.")
    return course


def _installed(apart_from: Path) -> Path:
    """Return the folder of the installed course: one with the mark that is on the module path, or beside packages."""
    places = [Path(entry) for entry in sys.path if entry]
    marks = [mark for place in places for mark in (place / MARK, *sorted(place.glob(f"*/{MARK}"))) if mark.is_file()]
    found = list(dict.fromkeys(mark.parent.resolve() for mark in marks))
    found = [folder for folder in found if folder != apart_from.resolve()]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            "No course is installed beside this grader. Name the folder or the wheel of one: --from FOLDER, or run the"
            " command of the course, such as uvx NAME."
        )
    names = ", ".join(str(folder) for folder in found)
    raise UsageError(f"Several courses are installed: {names}. Name one of them: --from FOLDER")


def _unpacked(wheel: Path, folder: Path) -> Path:
    """Unpack a wheel and return the folder of its course; raises UsageError for another file."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise UsageError(f"{wheel} is larger than any course. Name the wheel of a course.")
            for entry in entries:
                parts = PurePosixPath(entry.filename).parts
                if ".." in parts or "\\" in entry.filename or PurePosixPath(entry.filename).is_absolute():
                    raise UsageError(f"{wheel} holds a file outside of itself: {entry.filename!r}. Do not use it.")
            archive.extractall(folder)
    except FileNotFoundError:
        raise UsageError(f"There is no {wheel}. Name the folder or the wheel of a course.") from None
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        raise UsageError(f"{wheel} cannot be read as a wheel: {error}. Name the folder or wheel of a course.") from None
    marks = sorted(folder.glob(f"*/{MARK}"))
    if len(marks) != 1:
        raise UsageError(f"{wheel} is not the wheel of a course: it must hold one {MARK}, and holds {len(marks)}.")
    return marks[0].parent
