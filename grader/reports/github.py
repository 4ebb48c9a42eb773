"""What GitHub Actions reads: workflow commands in the log of a step, and the Markdown summary of a job."""

from collections.abc import Collection

from grader.course.locations import Places
from grader.feedback import describe
from grader.reports import as_markdown, page, text
from grader.reports.audience import for_student
from grader.text import clean, cut
from grader.verdict import PUBLIC, CheckVerdict, ExerciseVerdict, LessonVerdict, Report, Status, Visibility

MAX_SUMMARY = 2**20
"""Bytes. GitHub drops the whole summary of a step if it is larger."""
MAX_ANNOTATIONS = 10
"""GitHub shows this many of each kind per step, and silently drops the others."""
MAX_MESSAGE = 2000
"""Characters per annotation; the limit of GitHub is 64 KiB."""
_NOTE = (
    "\n---\n\nThe rest is omitted here, because GitHub shows no summary of more than 1 MiB."
    " The result files hold all of it.\n"
)


def render(report: Report, *, token: str, places: Places | None = None, shown: Collection[Visibility] = PUBLIC) -> str:
    """Return the log: the text report with workflow commands stopped, then the annotations.

    ``token`` ends the stop: it must be random, and drawn after the student's code has ended.
    """
    report = for_student(report, shown)
    said = [
        f"::stop-commands::{token}",
        text.render(report, text.Style(), _seconds(report)).rstrip("\n"),
        f"::{token}::",
    ]
    return "\n".join([*said, *annotations(report, places or {}, shown)]) + "\n"


def _seconds(report: Report) -> float:
    checks = [check for lesson in report.lessons for exercise in lesson.exercises for check in exercise.checks]
    return sum(check.duration_ms for check in checks) / 1000


def annotations(report: Report, places: Places, shown: Collection[Visibility] = PUBLIC) -> list[str]:
    """Return an annotation for each exercise that failed, at most 10; one that is still to do gets none."""
    failures = [
        (lesson, exercise, check)
        for lesson in for_student(report, shown).lessons
        for exercise in lesson.exercises
        if (check := exercise.first_failure) is not None and check.status is not Status.TODO
    ]
    commands = [_annotation(*each, places) for each in failures]
    if len(commands) <= MAX_ANNOTATIONS:
        return commands
    left = len(commands) - MAX_ANNOTATIONS + 1
    rest = command("error", f"{left} more; the summary of this job shows all of them.", title="More exercises failed")
    return [*commands[: MAX_ANNOTATIONS - 1], rest]


def _annotation(lesson: LessonVerdict, exercise: ExerciseVerdict, check: CheckVerdict, places: Places) -> str:
    said = "\n".join(describe.describe(check))
    title = page.one_line(f"{lesson.id} {exercise.name}: {page.WORDS[check.status]}")
    place = places.get((lesson.name, exercise.name))
    if place is None:
        return command("error", said, title=title)
    # The line that was running says more than the first line of the function.
    innermost = check.frames[-1].line if check.frames else 0
    return command("error", said, file=place.file, line=str(max(innermost, 0) or place.line), title=title)


def command(name: str, message: str, **properties: str) -> str:
    """Return a workflow command on one line; no text in it can end it or start another one."""
    said = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name}{f' {said}' if said else ''}::{_data(cut(clean(message), MAX_MESSAGE))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(clean(text)).replace(":", "%3A").replace(",", "%2C")


def summary(report: Report, *, limit: int = MAX_SUMMARY, shown: Collection[Visibility] = PUBLIC) -> str:
    """Return the report as Markdown in at most ``limit`` bytes of UTF-8; pieces that do not fit are dropped whole.

    ``limit`` is smaller than `MAX_SUMMARY` if the summary file already has content.
    """
    pieces = as_markdown.pieces(report, shown=shown)
    sizes = [len(piece.encode()) for piece in pieces]
    if sum(sizes) <= limit:
        return "".join(pieces)
    room, kept = limit - len(_NOTE.encode()), 0
    for size in sizes:
        if size > room:
            break
        room, kept = room - size, kept + 1
    return "".join(pieces[:kept]) + (_NOTE if room >= 0 else "")
