"""The files of a lesson that decide its verdicts, known by their content: whether they are as they were shipped.

A solution that was edited by mistake turns right answers wrong, and a check that was edited does too. `grade sync`
writes the list of a lesson, so an author's changes count as shipped from then on.
"""

import hashlib
from pathlib import Path

from grader.course.model import Lesson

LIST = "shipped.sha256"
"""In the folder of the lesson, in the form that `sha256sum --check` reads from the folder of the course."""


def list_of(lesson: Lesson) -> str:
    """Return the list of a lesson as its files are now."""
    return "".join(f"{_digest(path)}  {lesson.shown(path)}\n" for path in lesson.deciding)


def changed(lesson: Lesson) -> list[str]:
    """Return the files that are not what the list says, or are missing; none where a lesson has no list."""
    try:
        lines = (lesson.folder / LIST).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    listed = [line.split(maxsplit=1) for line in lines]
    return [words[1] for words in listed if len(words) == 2 and _digest(lesson.root / words[1]) != words[0]]


def sentence(lesson: Lesson) -> str:
    """Return what to say before a verdict of files that are not as they were shipped; empty where all are."""
    files = changed(lesson)
    if not files:
        return ""
    names, are = " ".join(files), "is" if len(files) == 1 else "are"
    return (
        f"Verdicts of lesson {lesson.id} may be wrong: {', '.join(files)} {are} not as shipped with the course."
        f" To bring back what you did not mean to change: git checkout -- {names} (or copy it from a fresh download)."
        f" If you write this lesson: grade sync {lesson.id}"
    )


def _digest(path: Path) -> str:
    """Return the digest of a file, whose line ends may be those of another system; empty where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    except OSError:
        return ""
