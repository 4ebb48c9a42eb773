"""From lessons and a submission to a report: one pytest session, and nothing printed."""

import contextlib
import io
import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from grader.course.model import Lesson
from grader.engine.pytest_plugin import Plugin, Run
from grader.errors import Fault
from grader.sandbox.confinement import Limits
from grader.sandbox.zygote import Zygote
from grader.verdict import EVERYTHING, Report, Visibility

_SETTINGS = Path(__file__).with_name("pytest.ini")
_UNWANTED = (
    "terminal",
    "cacheprovider",
    "capture",
    "logging",
    "faulthandler",
    "doctest",
    "unittest",
    "junitxml",
    "pastebin",
    "unraisableexception",
    "threadexception",
)


def grade(  # noqa: PLR0913  what can be chosen about a run, each by its name
    lessons: Sequence[Lesson],
    submission: Path,
    zygote: Zygote,
    *,
    exercises: dict[str, frozenset[str]] | None = None,
    seed: int = 0,
    limits: Limits | None = None,
    checks: Collection[Visibility] = EVERYTHING,
) -> Report:
    """Return the report of a submission; the zygote stays, for the caller's next submission.

    ``exercises`` selects by lesson name; a lesson that is not named is graded whole. Checks of other
    visibilities than ``checks`` are counted and not run; of what is run, a student reads
    `grader.reports.audience.for_student`.
    Raises Fault where pytest itself breaks, and KeyboardInterrupt where the user interrupts.
    """
    return carry_out(Run(submission, zygote, seed, exercises or {}, limits or Limits(), checks), lessons)


def carry_out(run: Run, lessons: Sequence[Lesson]) -> Report:
    """Do a run; raises as `grade` does."""
    # Hypothesis keeps notes in a folder of its own, and the course may be read-only, or somebody else's.
    with tempfile.TemporaryDirectory(prefix="grade-hypothesis-") as notes:
        return _report(Plugin(run), lessons, notes)


def stand_by(
    run: Run, lessons: Sequence[Lesson], next_run: Callable[[], Run | None], notes: str
) -> tuple[Run, Report] | None:
    """Collect the checks of lessons, then do the run that ``next_run`` returns, and return both; None without one.

    ``next_run`` may fork, and return in every child. ``run`` is what the checks are collected for, ``notes`` the folder
    that Hypothesis gets in all of them. Raises as `grade` does.
    """
    plugin = Plugin(run, next_run=next_run)
    report = _report(plugin, lessons, notes)
    return (plugin.run, report) if plugin.run is not run else None


def _report(plugin: Plugin, lessons: Sequence[Lesson], notes: str) -> Report:
    try:
        _run_checks(plugin, lessons, notes)
    finally:
        plugin.run.end_student()
    run = plugin.run
    return Report(tuple(run.lesson_verdict(lesson) for lesson in lessons), run.zygote.isolation, run.seed)


def _run_checks(plugin: Plugin, lessons: Sequence[Lesson], notes: str) -> None:
    import pytest
    from hypothesis.configuration import set_hypothesis_home_dir

    gradable = []
    for lesson in lessons:
        try:
            # Read now: pytest would report a missing file as a wrong argument.
            lesson.exercises, lesson.examples, lesson.checks, lesson.mistakes  # noqa: B018
            gradable.append(lesson)
        except Fault as fault:
            plugin.run.faults[lesson.name] = str(fault)
    if not gradable:
        return
    plugin.lessons = gradable
    arguments = [str(lesson.checks_file) for lesson in gradable]
    arguments += ["-c", str(_SETTINGS), "--rootdir", str(gradable[0].root), "--noconftest", "--import-mode=importlib"]
    arguments += [
        "--continue-on-collection-errors",
        "--disable-plugin-autoload",
        *(word for name in _UNWANTED for word in ("-p", f"no:{name}")),
    ]
    said = io.StringIO()
    with (
        _without_environment("PYTEST_ADDOPTS", "PYTEST_PLUGINS"),
        # pytest and what it imports have nothing to say here: whatever they print is a fault's explanation.
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        set_hypothesis_home_dir(notes)
        status = pytest.main(arguments, plugins=[plugin])
    if plugin.run.interrupted:
        raise KeyboardInterrupt
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not plugin.run.faults:
        raise Fault(f"pytest ended with {status!r}. It said:\n{said.getvalue().strip()[-2000:]}")


@contextlib.contextmanager
def _without_environment(*names: str) -> Iterator[None]:
    """Hide variables by which a surrounding pytest or a shell would change the session."""
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
