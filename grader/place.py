"""Where the exercises of a student stand: the file as their repository calls it, and the line of the function."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import Lesson
from grader.submission import Source, read_submission


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
        text = source.content.decode("utf-8", "replace") if isinstance(source, Source) else ""
        for exercise in lesson.exercises:
            line = _line_of(text, exercise.name)
            found[lesson.name, exercise.name] = Place((prefix / f"{lesson.name}.py").as_posix(), line)
    return found


def _line_of(text: str, name: str) -> int:
    """Return the line of the last definition of a name, which is the one that counts.

    It is looked for and not parsed: the text is anybody's, and a parser can be made to work for a long time.
    """
    line = 1
    for match in re.finditer(rf"^(?:async +)?(?:def|class) +{re.escape(name)}\b", text, re.MULTILINE):
        line = text.count("\n", 0, match.start()) + 1
    return line
