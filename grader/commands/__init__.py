"""The commands beside grading: each module has a ``run`` that turns words into an answer; nothing here prints."""

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.model import Course, Exercise, Lesson
from grader.course.submission import Source, read_submission
from grader.errors import UsageError
from grader.progress.store import Store, digest
from grader.reports.text import PROSE_WIDTH, Style
from grader.verdict import LessonVerdict, Status


@dataclass(frozen=True)
class Answer:
    """What a command has to say, and the exit code of it."""

    text: str
    exit_code: int = 0


@dataclass(frozen=True)
class Context:
    """What every command works with."""

    course: Course
    submission: Path
    """The folder of the student's files."""
    store: Store
    style: Style
    ask: Callable[[str], str]
    """Show a question and return the line that is typed; an empty text where nobody can answer."""

    def content(self, lesson: Lesson) -> bytes | None:
        """Return what the student's file of a lesson holds, or None where there is none to read."""
        source = read_submission(self.submission, lesson.name)
        return source.content if isinstance(source, Source) else None

    def verdict(self, lesson: Lesson) -> LessonVerdict | None:
        """Return the last verdict on the student's file as it is now, or None where it was not graded."""
        content = self.content(lesson)
        return None if content is None else self.store.last(lesson.name, digest(content))

    def statuses(self, lesson: Lesson) -> dict[str, Status]:
        """Return how each exercise ended that was graded, of the file as it is now."""
        verdict = self.verdict(lesson)
        return {exercise.name: exercise.status for exercise in verdict.exercises} if verdict is not None else {}

    def selected(self, words: Sequence[str], usage: str) -> tuple[Lesson, Exercise]:
        """Return the lesson and the exercise that words name; without one, the first exercise that has not passed.

        Raises UsageError, with the usage, for other words.
        """
        if len(words) not in (1, 2):
            raise UsageError(f"Name a lesson, and an exercise if you like: {usage}")
        lesson = self.course.find(words[0])
        if len(words) == 2:
            return lesson, lesson.exercise(words[1])
        statuses = self.statuses(lesson)
        exercises = sorted(lesson.exercises, key=lambda exercise: exercise.bonus)
        return lesson, next((each for each in exercises if statuses.get(each.name) is not Status.PASSED), exercises[0])


def wrapped(lines: Iterable[str], indent: str = "") -> list[str]:
    """Return prose in lines that fit; what is indented is code and stays as it is."""
    result: list[str] = []
    for line in lines:
        if line.startswith("  ") or not line:
            result.append(f"{indent}{line}".rstrip())
        else:
            width = PROSE_WIDTH - len(indent)
            result += [
                indent + part for part in textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
            ]
    return result
