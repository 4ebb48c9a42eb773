"""Cache keys: hashes of everything that the verdict on one exercise depends on.

A changed check or mistake changes the key of its own exercise only, so nothing else is graded again. Comments and
blank lines in the files of an exercise do not count.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator

from grader.course.definitions import Definition
from grader.course.model import Lesson
from grader.progress.store import surroundings


def exercise_keys(lesson: Lesson, seed: int, isolation: str) -> dict[str, str]:
    """Return by exercise a hash of everything that its verdict depends on, except the student's file.

    Raises CourseError and Fault for a lesson that cannot be read.
    """
    whole = _digest(
        [
            surroundings(),
            lesson.name.encode(),
            lesson.solution.read_bytes(),
            *(ast.dump(module.tree).encode() for module in lesson.shared_modules.values()),
            str(seed).encode(),
            isolation.encode(),
        ]
    )
    return {name: _digest([whole.encode(), name.encode(), *_own(lesson, name)]) for name in lesson.files}


def _own(lesson: Lesson, exercise: str) -> Iterator[bytes]:
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


def verdict_key(exercise: str, content: str) -> str:
    """Return the key of a verdict, from the key of the exercise and the digest of the file."""
    return _digest([exercise.encode(), content.encode()])


def _digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()
