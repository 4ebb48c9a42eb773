"""Fill the gradebook of Canvas and the worksheet of Moodle with the points of a class."""

from collections.abc import Callable, Collection, Container, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from grader import files
from grader.classes import canvas, csv_table, moodle
from grader.classes.csv_table import Filled, Known
from grader.classes.database import Ledger, Row
from grader.classes.moodle import ENGLISH, Columns
from grader.classes.outputs import Class
from grader.classes.roster import Person
from grader.errors import Fault
from grader.verdict import PUBLIC, Report, Visibility

CANVAS, MOODLE = "canvas.csv", "moodle.csv"
MAX_NAMED = 10


@dataclass(frozen=True)
class Tables:
    """The tables to fill."""

    canvas: str = ""
    """The file exported from Canvas."""
    assignment: str = ""
    """Its column to fill, by title or number."""
    moodle: str = ""
    """The worksheet downloaded from Moodle."""
    columns: Columns = ENGLISH
    """The titles of that worksheet."""


def look_at(tables: Tables) -> None:
    """Raise UsageError for a file that is not such a table, before anything is graded."""
    if tables.canvas:
        canvas.render(_read(tables.canvas), tables.assignment, {})
    if tables.moodle:
        moodle.render(_read(tables.moodle), {}, tables.columns)


def fill(tables: Tables, graded: Class, ledger: Ledger, out: Path, shown: Collection[Visibility] = PUBLIC) -> list[str]:
    """Write the filled tables into the folder of the results; return notes about each.

    A table that only an earlier run has written is removed, because its points may be out of date. Raises UsageError
    for a file that is not such a table.
    """
    gradebook, worksheet = (_read(path) if path else "" for path in (tables.canvas, tables.moodle))
    said = []
    for name, text in ((CANVAS, gradebook), (MOODLE, worksheet)):
        if ledger.noted(name) and (out / name).is_file():
            (out / name).unlink()
            said += [] if text else [f"{out / name} was from an earlier run and is removed: pass the table again"]
        ledger.note(name, "")
    if gradebook:
        found = _by_names(canvas.students(gradebook), graded, ledger, lambda person: person.canvas)
        filled = canvas.render(gradebook, tables.assignment, found.reports, has_bonus=graded.form.has_bonus)
        said += _write(out / CANVAS, filled, found, ledger)
    if worksheet:
        known = moodle.students(worksheet, tables.columns)
        found = _by_names(known, graded, ledger, lambda person: person.moodle)
        filled = moodle.render(worksheet, found.reports, tables.columns, shown)
        said += _write(out / MOODLE, filled, found, ledger)
    return said


@dataclass(frozen=True)
class _Found:
    """The reports of the students in a table, and the students who are missing or share a name."""

    reports: dict[str, Report]
    """By the id or the name in the table."""
    missing: list[str]
    alike: list[str]
    torn: list[str]
    """Students whose ids lead to different rows."""


def _by_names(known: Known, graded: Class, ledger: Ledger, own_of: Callable[[Person], tuple[str, ...]]) -> _Found:
    """Return the reports by the id, the address or the name that the table has for each student.

    A name that comes with an id is the student's choice: it counts neither as an id nor as another student's folder.
    An account on the roster is the student's choice too: only what the roster says of it counts, and of the platform's
    own numbers only those that the roster calls so (``own_of``), because the number of another system may be equal to
    one. The row of a name that students share cannot be assigned.
    """
    all_ids = known.ids
    rows: dict[str, list[Row]] = {}
    missing, torn = [], []
    for row in ledger.students():
        person = graded.people.get(row.student)
        if person is None:
            found = {each: all_ids[each] for each in _known([row.student, row.address], all_ids)}
            names = [row.name or row.student]
        else:
            found = {each: known.own[each] for each in _known(own_of(person), known.own)}
            found |= {each: known.official[each] for each in _known((*person.ids, *person.addresses), known.official)}
            names = list(person.names)
        if len(set(found.values())) > 1:
            torn.append(f"{row.student} ({', '.join(found)})")
            continue
        named = [each for each in _known(names, known.names) if each not in all_ids]
        key = next(iter([*found.values(), *named]), "")
        if key:
            rows.setdefault(key, []).append(row)
        else:
            missing.append(row.student)
    reports = {
        key: _without_words(graded.results(ledger, alike[0].student).report)
        for key, alike in rows.items()
        if len(alike) == 1
    }
    alike = [f"{row.student} ({key})" for key, alike in rows.items() if len(alike) > 1 for row in alike]
    return _Found(reports, missing, alike, torn)


def _known(texts: Iterable[str], there: Container[str]) -> list[str]:
    """Return those of the texts, composed, that a table has."""
    return [text for text in map(csv_table.composed, texts) if text and text in there]


def _without_words(report: Report) -> Report:
    """Return a report with only its points and statuses, so that thousands fit in memory."""
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
    return csv_table.text_of(Path(path))


def _write(path: Path, filled: Filled, found: _Found, ledger: Ledger) -> list[str]:
    ledger.note(path.name, "filled")
    try:
        files.write(path, filled.text.encode(errors="backslashreplace"))
    except OSError as error:
        raise Fault(f"{path} cannot be written: {error.strerror or error}. Make room, and try again.") from error
    said = [f"{path}   ready to import"]
    for problem, names in (
        ("not in it", [*found.missing, *filled.missing]),
        ("excused, locked or not assigned, unchanged", filled.kept),
        ("no score because of a fault, unchanged", filled.without_score),
        ("same name as another student, unchanged", found.alike),
        ("ids in more than one row, unchanged", found.torn),
    ):
        if names:
            more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
            said.append(f"  {problem}: {'; '.join(names[:MAX_NAMED])}{more}")
    return said
