"""Cache keys of a class: hashes of everything that the verdict on one exercise depends on.

A changed check or mistake changes the key of its own exercise only, so nothing else is graded again.
"""

from grader.course.model import Lesson
from grader.course.versions import digest, exercise_versions, grader_version


def exercise_keys(lesson: Lesson, seed: int, isolation: str) -> dict[str, str]:
    """Return by exercise a hash of everything that its verdict depends on, except the student's file.

    Raises CourseError and Fault for a lesson that cannot be read.
    """
    around = [grader_version().encode(), str(seed).encode(), isolation.encode()]
    return {name: digest([*around, version.encode()]) for name, version in exercise_versions(lesson).items()}


def verdict_key(exercise: str, content: str) -> str:
    """Return the key of a verdict, from the key of the exercise and the digest of the file."""
    return digest([exercise.encode(), content.encode()])
