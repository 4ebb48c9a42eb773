"""One module per command: it declares its options and returns an answer; nothing here prints.

A command on a student's files defines ``run(context, words)`` and takes the options of `add_file_options`. One with
other options defines ``add_options(parser)``, one that needs their values defines ``command(context, options)`` instead
of ``run``. One whose path arguments are not student files to read sets ``PATHS``, and one that works without a course,
or without a lesson, sets ``NEEDS``.
"""

import argparse
import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from grader.course import shipped
from grader.course.derived import is_stub
from grader.course.model import Course, Lesson
from grader.course.solution import Exercise
from grader.course.submission import Source, read_submission
from grader.engine.unwritten import is_untouched, unwritten
from grader.errors import GraderError, UsageError
from grader.progress.next_step import CURRENT, Kind, Progress, Step, next_step, progress_of, required_of
from grader.progress.store import Store, digest
from grader.reports.text import Style, first_steps
from grader.verdict import AFTER_DUE, EVERYTHING, PUBLIC, LessonVerdict, Report, Status


class Paths(Enum):
    """What a path argument of a command is."""

    READ = "a student's file"
    CHANGE = "a student's file that is changed"
    COURSE = "a file of the course"
    FOLDER = "a folder to read or to write"


class Needs(Enum):
    """What must be there before a command runs; a module without ``NEEDS`` needs lessons."""

    NOTHING = "no course"
    COURSE = "a course, which may be empty"
    LESSONS = "a course with lessons"


class Show(Protocol):
    """Shows the progress of a command."""

    def __call__(self, text: str, /, *, stays: bool = False) -> None:
        """Show a line; unless it stays, the next line may overwrite it, or it may be skipped."""


def _silent(_text: str, *, stays: bool = False) -> None:
    """Show nothing."""
    _ = stays


@dataclass(frozen=True)
class Answer:
    """The output of a command, and its exit code."""

    text: str
    exit_code: int = 0
    complaint: str = ""
    """Another error, for standard error."""


@dataclass(frozen=True)
class Context:
    """What every command works with."""

    course: Course
    submission: Path
    """The folder of the student's files."""
    store: Store
    style: Style
    ask: Callable[[str], str]
    """Show a question and return the typed line; without a terminal, an empty string."""
    show: Show = _silent
    """Shows progress."""
    working: Callable[[str], None] = _silent
    """Shows what takes time, in a terminal only."""
    complain: Callable[[str], None] = _silent
    """Shows a warning at once."""
    write: Callable[[str], None] = _silent
    """Prints the output of `grade watch`."""

    def content(self, lesson: Lesson) -> bytes | None:
        """Return the content of the student's file, or None if it cannot be read."""
        source = read_submission(self.submission, lesson.name)
        return source.content if isinstance(source, Source) else None

    def verdict(self, lesson: Lesson) -> LessonVerdict | None:
        """Return the last verdict on each exercise of the student's file as it is now, or None if none was graded."""
        content = self.content(lesson)
        return None if content is None else self.store.last(lesson.name, digest(content))

    def statuses(self, lesson: Lesson) -> dict[str, Status]:
        """Return the status of each exercise of the student's file that was graded as it is now, or is unwritten."""
        source = read_submission(self.submission, lesson.name)
        if is_untouched(lesson, source):
            return {exercise.name: Status.TODO for exercise in lesson.exercises}
        verdict = self.verdict(lesson)
        known = {exercise.name: exercise.status for exercise in verdict.exercises} if verdict is not None else {}
        return dict.fromkeys(unwritten(lesson, source), Status.TODO) | known

    def warn(self, lessons: Iterable[Lesson]) -> None:
        """Say which files of lessons differ from the shipped ones: verdicts and hints may be wrong."""
        for lesson in lessons:
            if said := shipped.sentence(lesson) or self._stale_stub(lesson):
                self.complain(f"grade: {said}")

    def _stale_stub(self, lesson: Lesson) -> str:
        """Return a warning if the student's file is the untouched stub of another version; else an empty string."""
        source = read_submission(self.submission, lesson.name)
        with contextlib.suppress(GraderError, UnicodeDecodeError):
            if isinstance(source, Source) and not is_untouched(lesson, source):
                text = source.content.decode().replace("\r\n", "\n")
                if is_stub(text, lesson.starters):
                    return (
                        f"{source.shown} is the starter code of another version. For this one: grade reset {lesson.id}"
                    )
        return ""

    def progress(self, lesson: Lesson) -> dict[str, Progress]:
        """Return how far each exercise of a lesson is; one that cannot be told is left out."""
        verdict = self.verdict(lesson)
        graded = {each.name: progress_of(each) for each in verdict.exercises} if verdict is not None else {}
        known = {name: Progress.TODO for name, status in self.statuses(lesson).items() if status is Status.TODO}
        return known | graded

    def step(self, progress: Callable[[Lesson], Mapping[str, Progress]] | None = None) -> Step:
        """Return the next step; raises GraderError for a lesson that cannot be read."""
        return next_step(self.course.lessons, progress or self.progress, self.store.noted(CURRENT) or "")

    def next_step(self, report: Report | None = None) -> list[str]:
        """Return the lines that name the next step, after a report if there is one."""
        graded = {lesson.name: lesson for lesson in report.lessons} if report is not None else {}

        def progress(lesson: Lesson) -> dict[str, Progress]:
            said = graded[lesson.name].exercises if lesson.name in graded else ()
            return self.progress(lesson) | {each.name: progress_of(each) for each in said}

        try:
            step = self.step(progress)
        except GraderError:
            return []  # a lesson that cannot be read; grading it says so
        lines = self.style.wrapped([step.sentence])
        return [*lines, *first_steps(step.lesson)] if step.kind is Kind.BEGIN and step.lesson is not None else lines

    def selected(self, words: Sequence[str], usage: str) -> tuple[Lesson, Exercise]:
        """Return the lesson and exercise that words name; for a lesson alone, the first that counts and has not passed.

        Raises UsageError with the usage for other words.
        """
        if len(words) not in (1, 2):
            raise UsageError(f"Name a lesson and optionally an exercise: {usage}")
        lesson = self.course.find(words[0])
        if len(words) == 2:
            return lesson, lesson.exercise(words[1])
        exercises = required_of(lesson)
        statuses = self.statuses(lesson)
        return lesson, next((each for each in exercises if statuses.get(each.name) is not Status.PASSED), exercises[0])

    def has_passed(self, lesson: Lesson) -> bool:
        """Whether every exercise of a lesson that counts has passed."""
        statuses = self.statuses(lesson)
        return all(statuses.get(exercise.name) is Status.PASSED for exercise in required_of(lesson))


CHECKS = {"public": PUBLIC, "after-due": AFTER_DUE, "all": EVERYTHING}


def add_submission(parser: argparse.ArgumentParser) -> None:
    """Add --submission."""
    parser.add_argument("--submission", metavar="DIR", help="the folder of the student's files (default: exercises/)")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add --output."""
    parser.add_argument("--output", metavar="FILE", help="write the output to a file, atomically")


def add_file_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of every command on a student's files."""
    add_submission(parser)
    add_output(parser)


def add_allow_unconfined(parser: argparse.ArgumentParser) -> None:
    """Add --allow-unconfined."""
    parser.add_argument("--allow-unconfined", action="store_true", help="run code even where it cannot be confined")


def add_seed(parser: argparse.ArgumentParser) -> None:
    """Add --seed."""
    parser.add_argument(
        "--seed", type=int, metavar="N", help="check with the examples of this seed (0: the fixed ones)"
    )


def add_checks(parser: argparse.ArgumentParser) -> None:
    """Add --checks."""
    help_text = "public (default), after-due, or all: also run and show the checks kept for grading"
    parser.add_argument("--checks", choices=CHECKS, metavar="WHICH", help=help_text)


def count(text: str) -> int:
    """Return a number of 0 or more; raises ArgumentTypeError for anything else."""
    if not text.strip().isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of 0 or more")
    return int(text)
