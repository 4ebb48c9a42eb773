"""What the verdict on one exercise depends on, as a name: who knows the name knows the verdict.

A changed check or mistake changes the names of its own exercise only, so that nothing else is graded again. Comments
and blank lines do not count.
"""

import ast
import hashlib
from collections.abc import Iterable
from pathlib import Path

from grader.course.model import Lesson
from grader.progress.store import surroundings


def exercise_keys(lesson: Lesson, seed: int, isolation: str) -> dict[str, str]:
    """Return by exercise a name for all that bears on its verdict, but for the student's file.

    Raises CourseError and Fault for a lesson that cannot be read.
    """
    drivers = lesson.drivers_file
    whole = _digest(
        [
            surroundings(),
            lesson.name.encode(),
            lesson.solution.read_bytes(),
            drivers.read_bytes() if drivers.is_file() else b"",
            str(seed).encode(),
            isolation.encode(),
        ]
    )
    owner = {check.name: check.exercise for check in lesson.checks}
    owner |= {mistake.function: mistake.exercise for mistake in lesson.mistakes}
    return {
        exercise.name: _digest(
            [
                whole.encode(),
                exercise.name.encode(),
                *(
                    _without(path, {name for name, other in owner.items() if other != exercise.name})
                    for path in (lesson.checks_file, lesson.mistakes_file)
                ),
            ]
        )
        for exercise in lesson.exercises
    }


def verdict_key(exercise: str, content: str) -> str:
    """Return the name of a verdict: on an exercise, by its key, and a file, by its digest."""
    return _digest([exercise.encode(), content.encode()])


def _without(path: Path, names: set[str]) -> bytes:
    """Return what a file says, without the functions of other exercises."""
    if not path.is_file():
        return b""
    tree = ast.parse(path.read_bytes())
    kept = [node for node in tree.body if not (isinstance(node, ast.FunctionDef) and node.name in names)]
    return "\n".join(ast.dump(node) for node in kept).encode()


def _digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()
