"""Where a student's exercises are: the file as named in their repository, the line, and the folder."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.model import Course, Lesson
from grader.course.submission import Source, Unreadable, read_file, read_submission
from grader.errors import UsageError
from grader.sandbox import confinement, readable

_DEFINITION = re.compile(r"(?:async +)?(?:def|class) +(\w+)")


@dataclass(frozen=True)
class Place:
    """A line of a file."""

    file: str
    line: int = 1


Places = Mapping[tuple[str, str], Place]
"""Keyed by lesson name and exercise."""


def find_places(lessons: Sequence[Lesson], submission: Path) -> dict[tuple[str, str], Place]:
    """Return where each exercise is defined; line 1 of the file if the student has no such function.

    Paths are relative to the enclosing repository, or else to the working directory.
    """
    folder = submission.resolve()
    root = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), Path.cwd())
    prefix = folder.relative_to(root) if folder.is_relative_to(root) else Path(folder.name)
    found = {}
    for lesson in lessons:
        source = read_submission(submission, lesson.name)
        lines = lines_of(source.content.decode("utf-8", "replace") if isinstance(source, Source) else "")
        for exercise in lesson.exercises:
            place = Place((prefix / f"{lesson.name}.py").as_posix(), lines.get(exercise.name, 1))
            found[lesson.name, exercise.name] = place
    return found


def is_path(word: str) -> bool:
    """Whether a command-line argument is a path of a file or folder rather than a lesson name."""
    return "/" in word or os.sep in word or word.endswith((".py", ".ipynb"))


def find_file(course: Course, word: str, submission: Path) -> tuple[Lesson, Path]:
    """Return the lesson of a file given by its path, and the folder that contains it.

    Raises UsageError if it is not an exercise file: a path never means another file of the same name. A bare file name
    may mean one in the submission folder, and a lesson's own folder means that lesson.
    """
    path = Path(word)
    if path.name == word and not os.path.lexists(path):
        path = submission / word
    lesson = next((each for each in course.lessons if each.name == path.name.removesuffix(".py")), None)
    if os.path.isdir(path):  # noqa: PTH112  `is_dir` raises where a name is too long
        if lesson is not None and _is_same(path, lesson.folder):
            return lesson, submission
        raise UsageError(f"{word} is a folder. Give a file in it, or run: grade LESSON --submission {word}")
    if not os.path.lexists(path) and not (lesson is not None and _is_same(path.parent, submission)):
        step = f", or its lesson: {lesson.id}" if lesson is not None else ", or a lesson number."
        raise UsageError(f"There is no file {word}. Give its path from here{step}")
    if lesson is None or path.suffix != ".py":
        raise UsageError(_misnamed(course, path, word))
    return lesson, path.parent


def _misnamed(course: Course, path: Path, word: str) -> str:
    """Return the error message for a file that is not named after a lesson."""
    source = read_file(path, word)
    if isinstance(source, Unreadable):
        return source.reason
    fitting = [lesson.name for lesson in course.lessons if lesson.name in path.name]
    names = fitting or [course.lessons[0].name]
    such_as = "to " if fitting else "after its lesson, such as "
    return f"The name of {word} does not match a lesson. Rename it {such_as}{names[0]}.py"


def _is_same(path: Path, other: Path) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)


def lines_of(text: str) -> dict[str, int]:
    """Map each name to the line of its last definition, the one that counts.

    Found by regex, not parsed: untrusted source can keep a parser busy for long. Each line is matched only once, since
    a file may define one name thousands of times.
    """
    lines = enumerate(text.split("\n"), 1)
    return {match[1]: line for line, text in lines if (match := _DEFINITION.match(text)) is not None}


def refuse_unconfined(root: Path, submission: Path) -> None:
    """Raise UsageError if untrusted code would run unconfined; the course's own folders are always allowed."""
    own = [(root / folder).resolve() for folder in ("exercises", "solutions")]
    if submission.resolve() not in own and confinement.isolation() != confinement.CONFINED:
        raise UsageError(
            f"--submission {submission}: this code cannot be confined: {confinement.missing()}. It could do anything"
            " you can. Use a newer Linux, or pass --allow-unconfined if you trust its author."
        )


def refuse_exposed(course: Course) -> None:
    """Raise UsageError if the code of a submission could read the solutions of its lessons."""
    found = readable.exposed([lesson.name for lesson in course.lessons], str(course.root))
    if found:
        raise UsageError(
            f"The code of a submission could read the solutions in {found}, because Python's own folders can be read."
            " Move that folder out of there, or grade with a Python that is installed elsewhere."
        )
