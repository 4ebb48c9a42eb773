"""Where the exercises of a student stand: the file as their repository calls it, the line, and whose folder it is."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.model import Course, Lesson
from grader.course.submission import Source, Unreadable, read_file, read_submission
from grader.errors import UsageError
from grader.sandbox import confinement

_DEFINITION = re.compile(r"(?:async +)?(?:def|class) +(\w+)")


@dataclass(frozen=True)
class Place:
    """A line of a file."""

    file: str
    line: int = 1


Places = Mapping[tuple[str, str], Place]
"""By lesson name and exercise."""


def find_places(lessons: Sequence[Lesson], submission: Path) -> dict[tuple[str, str], Place]:
    """Return where each exercise stands; the first line of the file where the student has no such function.

    The file is named from the folder of the repository that it lies in, or else from the working directory.
    """
    folder = submission.resolve()
    root = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), Path.cwd())
    prefix = folder.relative_to(root) if folder.is_relative_to(root) else Path(folder.name)
    found = {}
    for lesson in lessons:
        source = read_submission(submission, lesson.name)
        lines = _lines_of(source.content.decode("utf-8", "replace") if isinstance(source, Source) else "")
        for exercise in lesson.exercises:
            place = Place((prefix / f"{lesson.name}.py").as_posix(), lines.get(exercise.name, 1))
            found[lesson.name, exercise.name] = place
    return found


def is_path(word: str) -> bool:
    """Whether a word of the command line is the path of a file or a folder, and not the name of a lesson."""
    return "/" in word or os.sep in word or word.endswith((".py", ".ipynb"))


def find_file(course: Course, word: str, submission: Path) -> tuple[Lesson, Path]:
    """Return the lesson of a file that is named by its path, and the folder that it lies in.

    Raises UsageError where it is not an exercise file: a path never stands for another file of the same name. The name
    of a file alone may mean one in the folder of the submission, and a lesson may be named by its own folder.
    """
    path = Path(word)
    if path.name == word and not os.path.lexists(path):
        path = submission / word
    lesson = next((each for each in course.lessons if each.name == path.name.removesuffix(".py")), None)
    if os.path.isdir(path):  # noqa: PTH112  `is_dir` raises where a name is too long
        if lesson is not None and _is_same(path, lesson.folder):
            return lesson, submission
        raise UsageError(f"{word} is a folder. Name a file in it, or give: grade LESSON --submission {word}")
    if not os.path.lexists(path) and not (lesson is not None and _is_same(path.parent, submission)):
        step = f", or its lesson: {lesson.id}" if lesson is not None else ", or a lesson by its number."
        raise UsageError(f"There is no file {word}. Name the file by its path from here{step}")
    if lesson is None or path.suffix != ".py":
        raise UsageError(_misnamed(course, path, word))
    return lesson, path.parent


def _misnamed(course: Course, path: Path, word: str) -> str:
    """Return what to say of a file whose name is not that of a lesson's file."""
    source = read_file(path, word)
    if isinstance(source, Unreadable):
        return source.reason
    fitting = [lesson.name for lesson in course.lessons if lesson.name in path.name]
    names = fitting or [course.lessons[0].name]
    such_as = "" if fitting else "that of its lesson, such as "
    return f"The name of {word} does not say which lesson it is for. Rename it to {such_as}{names[0]}.py"


def _is_same(path: Path, other: Path) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)


def _lines_of(text: str) -> dict[str, int]:
    """Return by name the line of its last definition, which is the one that counts.

    They are looked for and not parsed: the text is anybody's, and a parser can be made to work for a long time. Each
    line is looked at once, for a file may hold as many definitions of one name as fit into it.
    """
    lines = enumerate(text.split("\n"), 1)
    return {match[1]: line for line, text in lines if (match := _DEFINITION.match(text)) is not None}


def refuse_unconfined(root: Path, submission: Path) -> None:
    """Raise UsageError where a stranger's code would run unconfined; what lies in a course runs so in any case."""
    own = [(root / folder).resolve() for folder in ("exercises", "solutions")]
    if submission.resolve() not in own and confinement.isolation() != confinement.CONFINED:
        raise UsageError(
            f"--submission {submission}: the code there cannot be confined: {confinement.missing()}. It could do"
            " whatever you can. Use a newer Linux, or say --allow-unconfined if you know who has written it."
        )
