"""Where the exercises of a student stand: the file as their repository calls it, the line, and whose folder it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import confine
from grader.course import Lesson
from grader.errors import UsageError
from grader.submission import Source, read_submission

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
    if submission.resolve() not in own and confine.isolation() != confine.CONFINED:
        raise UsageError(
            f"--submission {submission}: the code there cannot be confined: {confine.missing()}. It could do whatever"
            " you can. Use a newer Linux, or say --allow-unconfined if you know who has written it."
        )
