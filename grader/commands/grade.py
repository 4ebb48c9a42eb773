"""`grade`: grade what a student has started, a lesson, or one exercise, and report it in one of the formats."""

import argparse
import os
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from grader.commands import (
    CHECKS,
    Answer,
    Context,
    add_allow_unconfined,
    add_checks,
    add_output,
    add_seed,
    add_submission,
)
from grader.course import rules, shipped
from grader.course.locations import find_places
from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable, read_submission
from grader.engine.seeds import fresh_seeds
from grader.engine.unwritten import is_untouched, unwritten, verdict_of
from grader.errors import GraderError, UsageError
from grader.invocation import WORDS
from grader.progress.cache import Memory
from grader.progress.next_step import CURRENT
from grader.reports.audience import for_student
from grader.sandbox import confinement
from grader.verdict import LessonVerdict, Report, Visibility

FORMATS = ("text", "json", "junit", "gradescope", "github", "html", "markdown")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--all", action="store_true", help="grade every lesson")
    parser.add_argument("--fresh", action="store_true", help="grade again, known verdicts too")
    formats = f"{', '.join(FORMATS)} (default: text)"
    parser.add_argument("--format", choices=FORMATS, default="text", metavar="FORMAT", help=formats)
    add_submission(parser)
    add_output(parser)
    add_seed(parser)
    add_checks(parser)
    add_allow_unconfined(parser)


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Grade what the command line names, or what has been started."""
    name, *rest = options.words or [""]
    if len(rest) > 1:
        raise UsageError(f"grade takes at most a lesson and an exercise, not: {' '.join(options.words)}")
    context.warn([context.course.find(name, WORDS)] if name else context.course.lessons)
    lessons = _selected(context, name, everything=options.all)
    if not lessons:
        return _welcome(context, options.format)
    exercises = {lessons[0].name: frozenset([lessons[0].exercise(rest[0]).name])} if rest else {}
    return _grade(context, lessons, exercises, options)


def seeds_of(lessons: Sequence[Lesson], seed: int | None, *, is_secret: bool) -> dict[str, int]:
    """Return the seed of each lesson: the given one, else seeds derived from a secret, or 0 for the fixed examples."""
    names = [lesson.name for lesson in lessons]
    if seed is None and is_secret:
        return fresh_seeds(names, os.environ)
    return dict.fromkeys(names, seed or 0)


def _selected(context: Context, name: str, *, everything: bool) -> list[Lesson]:
    if name and everything:
        raise UsageError("--all grades every lesson: omit either the name or --all.")
    if everything:
        return list(context.course.lessons)
    if name:
        return [context.course.find(name)]
    return [lesson for lesson in context.course.lessons if _is_started(lesson, context.submission)]


def _is_started(lesson: Lesson, submission: Path) -> bool:
    """Whether a lesson is started: its file is neither missing nor the untouched stub."""
    source = read_submission(submission, lesson.name)
    if isinstance(source, Unreadable):
        return os.path.lexists(submission / f"{lesson.name}.py")
    return not is_untouched(lesson, source)


def _grade(
    context: Context, lessons: Sequence[Lesson], exercises: dict[str, frozenset[str]], options: argparse.Namespace
) -> Answer:
    started = time.monotonic()
    # A report for Gradescope is an instructor's, even where the files lie in this folder.
    is_secret = options.format == "gradescope"
    shown = CHECKS[options.checks or ("all" if is_secret else "public")]
    memory = Memory(context.course.root, context.submission, options.seed or 0, exercises, shown)
    sources = {lesson.name: read_submission(context.submission, lesson.name) for lesson in lessons}
    known: dict[str, LessonVerdict] = {}
    for lesson in lessons:
        source = sources[lesson.name]
        verdict = _of_text(lesson, source, exercises, shown) if memory.is_own else None
        if verdict is None and not (is_secret or options.fresh):
            verdict = memory.recall(lesson, source)
        if verdict is not None:
            known[lesson.name] = verdict
    unknown = [lesson for lesson in lessons if lesson.name not in known]
    isolation = confinement.isolation() if not unknown else ""
    if unknown:
        from grader.pool.parallel import grade_abreast

        seeds = seeds_of(unknown, options.seed, is_secret=is_secret)
        graded = grade_abreast(
            unknown, sources, exercises, seeds, shown, tell=context.working, meanwhile=lambda: _require(unknown)
        )
        isolation = graded.isolation
        for lesson, verdict in zip(unknown, graded.lessons, strict=True):
            known[lesson.name] = verdict
            if not is_secret:
                memory.remember(lesson, sources[lesson.name], verdict, isolation)
    verdicts = tuple(known[lesson.name] for lesson in lessons)
    report = Report(verdicts, isolation, None if is_secret else options.seed or 0)
    if memory.is_own and len(lessons) == 1:
        memory.store.note(CURRENT, lessons[0].name)
    following = replace(context, store=memory.store).next_step(report) if memory.is_own else []
    document = _document(report, context, options.format, shown, time.monotonic() - started, following)
    complaint = f"grade: {memory.complaint}" if memory.complaint else ""
    return Answer(document, report.exit_code, complaint)


def _require(lessons: Sequence[Lesson]) -> None:
    """Raise the first CourseError of the lessons; those with a known verdict have none."""
    for lesson in lessons:
        if not shipped.is_as_shipped(lesson):  # what was shipped keeps the rules, and checking that takes time
            rules.require(lesson)


def _of_text(
    lesson: Lesson, source: Source | Unreadable, exercises: Mapping[str, frozenset[str]], shown: frozenset[Visibility]
) -> LessonVerdict | None:
    """Return the verdict if the text alone shows that nothing selected is written; the file is the student's own."""
    try:
        selected = exercises.get(lesson.name, frozenset(exercise.name for exercise in lesson.exercises))
        return verdict_of(lesson, source, selected, shown) if selected <= unwritten(lesson, source) else None
    except GraderError:
        return None  # the engine reports it


def _document(  # noqa: PLR0913, PLR0917  what the formats need, each by its name
    report: Report,
    context: Context,
    form: str,
    shown: frozenset[Visibility],
    seconds: float,
    following: Sequence[str] = (),
) -> str:
    """Return a report in the given format."""
    from grader.reports import as_html, as_json, as_markdown, github, gradescope, junit, text

    if form == "gradescope":
        return gradescope.render(report)
    report = for_student(report, shown)
    match form:
        case "json":
            return as_json.render(report)
        case "junit":
            return junit.render(report, shown=shown)
        case "github":
            places = find_places(context.course.lessons, context.submission)
            return github.render(report, token=secrets.token_hex(16), places=places, shown=shown)
        case "html":
            return as_html.render(report, shown=shown)
        case "markdown":
            return as_markdown.render(report, shown=shown)
    return text.render(report, context.style, seconds, following)


def _welcome(context: Context, form: str) -> Answer:
    from grader.reports import text

    if form == "text":
        return Answer(text.welcome(context.course, context.style))
    return Answer(_document(Report((), "none"), context, form, CHECKS["public"], 0.0))
