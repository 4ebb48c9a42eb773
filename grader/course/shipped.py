"""Checksums of the files that decide a lesson's verdicts: whether they are as shipped.

A solution or check that was edited by accident fails correct answers. `grade sync` writes the list of a lesson, so an
author's changes count as shipped from then on.
"""

import hashlib
from pathlib import Path

from grader.course.model import Lesson

LIST = "shipped.sha256"
"""In the lesson folder, in the format that `sha256sum --check` reads from the course folder."""


def list_of(lesson: Lesson) -> str:
    """Return the list of a lesson's current files."""
    return "".join(f"{_digest(path)}  {lesson.shown(path)}\n" for path in lesson.deciding)


def changed(lesson: Lesson) -> list[str]:
    """Return the listed files that differ or are missing; none if the lesson has no list."""
    return [name for name, digest in listed(lesson) if _digest(lesson.root / name) != digest]


def listed(lesson: Lesson) -> list[tuple[str, str]]:
    """Return the files of the list with their digests; none if the lesson has no list."""
    try:
        lines = (lesson.folder / LIST).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [(words[1], words[0]) for line in lines if len(words := line.split(maxsplit=1)) == 2]


def is_as_shipped(lesson: Lesson) -> bool:
    """Whether a lesson has a list, and its files are those of the list: then it follows the conventions."""
    try:
        return (lesson.folder / LIST).read_text(encoding="utf-8", errors="replace") == list_of(lesson)
    except OSError:
        return False


def sentence(lesson: Lesson) -> str:
    """Return the warning to show before a verdict about files that are not as shipped; empty if all are."""
    files = changed(lesson)
    if not files:
        return ""
    names, are = " ".join(files), "is" if len(files) == 1 else "are"
    return (
        f"Verdicts of lesson {lesson.id} may be wrong: {', '.join(files)} {are} not as shipped with the course."
        f" To undo an accidental change: git checkout -- {names} (or copy from a fresh download)."
        f" If you are writing this lesson: grade sync {lesson.id}"
    )


def _digest(path: Path) -> str:
    """Return the digest of a file, the same for CRLF and LF line ends; empty if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    except OSError:
        return ""
