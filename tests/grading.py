"""Grade in this process, as a check process does."""

from pathlib import Path

from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable, read_submission
from grader.engine.grading import Graded, Grading, Options, Task, faulty, load
from grader.engine.reference import Reference
from grader.engine.replay import Examples
from grader.engine.watchdog import Watchdog
from grader.errors import GraderError
from grader.sandbox.zygote import Zygote
from grader.verdict import ExerciseVerdict, Report


def grade(  # noqa: PLR0913  what a check process may have, each by its name
    lesson: Lesson,
    submission: Path | Source | Unreadable,
    zygote: Zygote,
    options: Options | None = None,
    *,
    reference: Reference | None = None,
    examples: Examples | None = None,
    watchdog: Watchdog | None = None,
) -> Graded:
    """Return what a grading of a file, or of the file in a folder, finds out."""
    chosen = options or Options(is_strict=True)
    source = read_submission(submission, lesson.name) if isinstance(submission, Path) else submission
    try:
        loaded = load(lesson, reference, examples)
    except GraderError as fault:
        return Graded(faulty(lesson, chosen, fault), zygote.isolation)
    return Grading(Task(loaded, source, zygote, chosen, watchdog=watchdog or Watchdog())).run()


def report_on(
    lesson: Lesson, submission: Path | Source | Unreadable, zygote: Zygote, options: Options | None = None
) -> Report:
    """Return the report of the same."""
    graded = grade(lesson, submission, zygote, options)
    return Report((graded.lesson,), graded.isolation, options.seed if options else 0)


def first_exercise(lesson: Lesson, folder: Path, zygote: Zygote, options: Options | None = None) -> ExerciseVerdict:
    """Return the verdict on the first exercise of a lesson."""
    return grade(lesson, folder, zygote, options).lesson.exercises[0]
