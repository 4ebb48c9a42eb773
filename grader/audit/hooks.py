"""Tasks that a check process runs for the audit; they return plain JSON."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from grader.audit import figures, predictions, programs
from grader.audit.finding import Finding
from grader.engine.grading import Graded, Grading, Task, items_of
from grader.metrics import Meter

MEASURE = f"{__name__}:measure"
DIAGNOSE = f"{__name__}:diagnose"
REPRODUCE = f"{__name__}:reproduce"
RUN_PROGRAMS = f"{__name__}:run_programs"
RUN_PREDICTIONS = f"{__name__}:run_predictions"
MOVE_FIGURES = f"{__name__}:move_figures"


def measure(task: Task) -> dict[str, Any]:
    """Grade, and return the verdict with the measurements."""
    from grader.metrics import measuring

    with measuring() as meter:
        graded = Grading(task).run()
    return _measured(graded, meter)


def diagnose(task: Task) -> dict[str, Any]:
    """Grade a right answer, and return the verdict, the measurements, and what the diagnosis says about it."""
    from grader.audit.diagnosed import claims_about
    from grader.metrics import measuring

    grading = Grading(task)
    try:
        with measuring() as meter:
            for item in items_of(task.lesson, task.options):
                grading.run_check(item)
        graded = [each for each in task.lesson.exercises if task.options.selects(each.name)]
        said = {each.name: claims_about(grading.student, each) for each in graded}
    finally:
        grading.student.close()
    return {**_measured(grading.graded(), meter), "diagnosed": said}


def reproduce(task: Task) -> dict[str, Any]:
    """Grade a wrong answer, and return the edits of the solution that give all of its answers."""
    from grader.audit.edits import reproducing

    (name,) = task.options.exercises
    grading = Grading(task)
    grading.run()
    found = reproducing(grading.student, task.lesson.exercise(name))
    edits = [[[edit.old, edit.new] for edit in edits] for edits in found]
    return {"edits": edits, "calls": len(grading.student.history.get(name, []))}


def _measured(graded: Graded, meter: Meter) -> dict[str, Any]:
    return {
        "lesson": asdict(graded.lesson),
        "checks": {name: asdict(measured) for name, measured in meter.checks.items()},
        "slowest": meter.slowest,
        "together": meter.seconds,
    }


def run_programs(task: Task) -> list[list[Any]]:
    """Return where the lesson's own programs do not do what the text says."""
    return _plain(programs.examine(task.lesson))


def run_predictions(task: Task) -> list[list[Any]]:
    """Return which predictions do not come true."""
    return _plain(predictions.come_true(task.loaded.reference))


def move_figures(task: Task) -> list[list[Any]]:
    """Return which interactive figures fail; the submission is the solution."""
    student = Grading(task).student
    try:
        return _plain(figures.can_be_moved(student))
    finally:
        student.close()


def findings_from(plain: Iterable[Iterable[Any]]) -> list[Finding]:
    """Return the findings that a check process sent."""
    return [Finding(*each) for each in plain]


def _plain(found: Iterable[Finding]) -> list[list[Any]]:
    return [[each.file, each.line, each.text] for each in found]
