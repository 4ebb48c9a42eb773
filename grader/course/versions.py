"""Versions: digests of the grader, of a lesson and of an exercise, which tell whether what was made before still holds.

A verdict is recalled, a waiting process serves and a class's verdict is reused only where its version is the present
one.
"""

import ast
import contextlib
import functools
import hashlib
import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.course.definitions import Definition
from grader.course.model import Lesson


def digest(parts: Iterable[bytes]) -> str:
    """Return a digest of several parts, in hexadecimal digits; it tells where one ends and the next begins."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


@functools.cache
def grader_version() -> str:
    """Return a digest of the grader's source, and of the versions of what it runs on."""
    folder = Path(__file__).parent.parent
    parts = [platform.python_version().encode()]
    for package in ("torch", "numpy", "matplotlib", "hypothesis"):
        # Found without importing them: the verdict may already be known.
        with contextlib.suppress(PackageNotFoundError):
            parts.append(f"{package} {version(package)}".encode())
    for path in sorted(folder.rglob("*.py")):
        parts += [path.relative_to(folder).as_posix().encode(), path.read_bytes()]
    return digest(parts)


def lesson_version(lesson: Lesson) -> str:
    """Return a digest of what a lesson's verdicts depend on: the files that decide them and the title, as they are now.

    A missing file counts as empty.
    """
    parts = [Lesson(lesson.root, lesson.name).title.encode()]
    for path in lesson.deciding:
        parts += [path.name.encode(), _content(path)]
    return digest(parts)


def exercise_versions(lesson: Lesson) -> dict[str, str]:
    """Return by exercise a digest of the parts of the lesson that its verdict depends on.

    A changed check or mistake changes the version of its own exercise only; comments and blank lines in the files of an
    exercise do not count. Raises CourseError and Fault for a lesson that cannot be read.
    """
    shared = [
        lesson.name.encode(),
        lesson.solution.read_bytes(),
        *(ast.dump(module.tree).encode() for module in lesson.shared_modules.values()),
    ]
    return {name: digest([*shared, name.encode(), *_own_parts(lesson, name)]) for name in lesson.files}


def _own_parts(lesson: Lesson, exercise: str) -> Iterator[bytes]:
    """Yield the parts of an exercise's two files that its verdict depends on."""
    file = lesson.files[exercise]
    variants, predictions = (each.name for each in file.variants), (each.name for each in file.predictions)
    beside = {*variants, *predictions, file.picture}
    for node in file.module.tree.body:
        if not (isinstance(node, Definition) and node.name in beside):
            yield ast.dump(node).encode()
    for mistake in lesson.mistakes:
        if mistake.exercise == exercise:
            changed = sorted(lesson.changed_by[mistake.label].items())
            yield repr([mistake.name, mistake.explanation, changed]).encode()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
