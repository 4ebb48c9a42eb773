"""The gradebook of Canvas and the worksheet of Moodle, filled with the points of a class."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from grader.audience import PUBLIC
from grader.cohort.ledger import Ledger, Row
from grader.cohort.tell import Class, write_whole
from grader.errors import Fault, UsageError
from grader.reports import canvas, moodle, sheet
from grader.reports.sheet import Filled
from grader.verdict import Report, Visibility

MAX_NAMED = 10


@dataclass(frozen=True)
class Tables:
    """The tables that a person wants to have filled."""

    canvas: str = ""
    """The file that Canvas has exported."""
    assignment: str = ""
    """Which of its columns, by title or number."""
    moodle: str = ""
    """The worksheet that Moodle lets one download."""


def fill(tables: Tables, graded: Class, ledger: Ledger, out: Path, shown: Collection[Visibility] = PUBLIC) -> list[str]:
    """Write the filled tables into the folder of the results; return what a person has to know about each.

    Raises UsageError for a file that is no such table.
    """
    said = []
    if tables.canvas:
        text = _read(tables.canvas)
        filled = canvas.render(text, tables.assignment, _by_cells(text, graded, ledger))
        said += _write(out / "canvas.csv", filled)
    if tables.moodle:
        text = _read(tables.moodle)
        filled = moodle.render(text, _by_cells(text, graded, ledger), shown=shown)
        said += _write(out / "moodle.csv", filled)
    return said


def _by_cells(text: str, graded: Class, ledger: Ledger) -> dict[str, Report]:
    """Return the reports, each by the name of its student that the table knows: id, address, or full name."""
    cells = {cell.strip() for row in sheet.read(text, "The table").rows for cell in row}
    return {
        _known_as(row, cells): _without_words(graded.results(ledger, row.student).report) for row in ledger.students()
    }


def _known_as(row: Row, cells: Collection[str]) -> str:
    names = (row.student, row.address, row.name)
    return next((name for name in names if name and (name in cells or f"Participant {name}" in cells)), row.student)


def _without_words(report: Report) -> Report:
    """Return a report of which only points and statuses are left: a table of thousands fits in memory."""
    lessons = [
        replace(
            lesson,
            exercises=tuple(
                replace(
                    exercise,
                    advice=(),
                    checks=tuple(
                        replace(check, claim="", message="", counterexample="", output="", frames=())
                        for check in exercise.checks
                    ),
                )
                for exercise in lesson.exercises
            ),
        )
        for lesson in report.lessons
    ]
    return replace(report, lessons=tuple(lessons))


def _read(path: str) -> str:
    try:
        # Kept as it is, line ends and byte order mark included.
        return Path(path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Name the file as the platform has written it.") from error


def _write(path: Path, filled: Filled) -> list[str]:
    try:
        write_whole(path, filled.text)
    except OSError as error:
        raise Fault(f"{path} cannot be written: {error.strerror or error}. Make room, and try again.") from error
    said = [f"{path}   to be imported"]
    for problem, names in (("not in it", filled.missing), ("no score through a fault", filled.without_score)):
        if names:
            more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
            said.append(f"  {problem}: {', '.join(names[:MAX_NAMED])}{more}")
    return said
