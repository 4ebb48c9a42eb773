"""What a judge does for the audit instead of grading alone; what it returns is plain JSON."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from grader.audit import predictions, programs
from grader.audit.finding import Finding
from grader.course.model import Lesson
from grader.engine.pytest_plugin import Run

MEASURE = f"{__name__}:measure"
RUN_PROGRAMS = f"{__name__}:run_programs"
RUN_PREDICTIONS = f"{__name__}:run_predictions"


def measure(run: Run, lesson: Lesson) -> dict[str, Any]:
    """Grade, and return the verdict with what was measured."""
    from grader.engine.grading import carry_out
    from grader.metrics import measuring

    with measuring() as meter:
        report = carry_out(run, [lesson])
    return {
        "lesson": asdict(report.lessons[0]),
        "checks": {name: asdict(measured) for name, measured in meter.checks.items()},
        "slowest": meter.slowest,
        "together": meter.seconds,
    }


def run_programs(_run: Run, lesson: Lesson) -> list[list[Any]]:
    """Return what of the lesson's own programs does not run as it says."""
    return _plain(programs.examine(lesson))


def run_predictions(run: Run, lesson: Lesson) -> list[list[Any]]:
    """Return which predictions do not come true."""
    return _plain(predictions.come_true(lesson, run.references))


def findings_from(plain: Iterable[Iterable[Any]]) -> list[Finding]:
    """Return the findings that a judge has sent."""
    return [Finding(*each) for each in plain]


def _plain(found: Iterable[Finding]) -> list[list[Any]]:
    return [[each.file, each.line, each.text] for each in found]
