"""Fill the grading worksheet that a teacher downloads from Moodle with points, for upload to Moodle."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from html import escape

from grader.classes import csv_table
from grader.classes.csv_table import Filled, Graded, Keys, Known, Sheet
from grader.errors import UsageError
from grader.reports import page
from grader.reports.audience import checks_held, for_student
from grader.verdict import PUBLIC, Report, Visibility

_NAME = "The worksheet"
_PARTICIPANT = re.compile(r"(\d+)\s*$")


@dataclass(frozen=True)
class Columns:
    """The titles of the columns, in any case: Moodle writes and reads them in the language of the site."""

    identifier: str = "Identifier"
    grade: str = "Grade"
    modified: str = "Last modified (grade)"
    feedback: str = "Feedback comments"
    maximum: str = "Maximum Grade"
    name: str = "Full name"
    address: str = "Email address"
    number: str = "ID number"
    changeable: str = "Grade can be changed"
    no: str = "No"


ENGLISH = Columns()
KEYS = tuple(vars(ENGLISH))
_STEP = "Name a title in another language: --columns identifier=TITLE"


def columns_of(words: Sequence[str]) -> Columns:
    """Return the titles from words such as ``grade=Bewertung``; raises UsageError for other words."""
    named: dict[str, str] = {}
    for word in words:
        key, equals, title = word.partition("=")
        if key.strip() not in KEYS or not equals or not title.strip():
            raise UsageError(f"--columns {word}: write KEY=TITLE, with one of these keys: {', '.join(KEYS)}.")
        named[key.strip()] = title.strip()
    return replace(ENGLISH, **named)


def render(
    worksheet: str, graded: Graded, columns: Columns = ENGLISH, shown: Collection[Visibility] = PUBLIC
) -> Filled:
    """Return the worksheet with the points, and with a line about each exercise if it has a column for comments.

    A student is found by the identifier (``Participant 123``, or 123), the e-mail address, the ID number or the full
    name. Everything else stays as it is. Raises UsageError for a file that is not a worksheet, and if the maximum of
    points differs in Moodle.
    """
    table = csv_table.read(worksheet, _NAME)
    header = table.header
    _, grade, _ = (
        csv_table.column(header, title, _NAME, _STEP) for title in (columns.identifier, columns.grade, columns.modified)
    )
    optional = {
        title: place for title in vars(columns).values() if (place := csv_table.place_of(header, title)) is not None
    }
    rows = table.whole
    missing, without_score, kept = dict.fromkeys(graded), [], []
    for row, student in zip(rows[1:], csv_table.match(graded, _keys(table, columns), _NAME), strict=True):
        if student is None:
            continue
        report = graded[student]
        del missing[student]
        if not _may_change(row, optional, columns):
            kept.append(student)
            continue
        if report.points is None:
            without_score.append(student)
            continue
        _compare_maximum(row, optional, columns, report)
        row[grade] = str(report.points)
        if columns.feedback in optional:
            row[optional[columns.feedback]] = _feedback(for_student(report, shown))
    return Filled(table.with_rows(rows).write(), tuple(missing), tuple(without_score), tuple(kept))


def students(worksheet: str, columns: Columns = ENGLISH) -> Known:
    """Return all names and ids of students in a worksheet; raises as `render` does."""
    return csv_table.known(_keys(csv_table.read(worksheet, _NAME), columns))


def _keys(table: Sheet, columns: Columns) -> list[Keys]:
    """Return for each row below the header the ids and names of its student."""
    header = table.header
    identifier = csv_table.column(header, columns.identifier, _NAME, _STEP)
    ids, names = (
        [place for title in titles if (place := csv_table.place_of(header, title)) is not None]
        for titles in ((columns.address, columns.number), (columns.name,))
    )
    return [
        Keys(
            (*_names(row[identifier]), *(csv_table.composed(row[place]) for place in ids)),
            tuple(csv_table.composed(row[place]) for place in names),
            own=len(_names(row[identifier])),
        )
        for row in table.whole[1:]
    ]


def _names(identifier: str) -> list[str]:
    """Return ``Participant 123`` and ``123``."""
    match = _PARTICIPANT.search(identifier)
    return [identifier.strip(), *([match[1]] if match else [])]


def _may_change(cells: list[str], optional: dict[str, int], columns: Columns) -> bool:
    return (
        columns.changeable not in optional
        or cells[optional[columns.changeable]].strip().casefold() != columns.no.casefold()
    )


def _compare_maximum(cells: list[str], optional: dict[str, int], columns: Columns, report: Report) -> None:
    maximum = cells[optional[columns.maximum]].strip() if columns.maximum in optional else ""
    try:
        is_other = bool(maximum) and float(maximum.replace(",", ".")) != report.max_points
    except ValueError:
        is_other = False
    if is_other:
        raise UsageError(
            f"The assignment has {maximum} points in Moodle, but the report has {report.max_points}."
            f" Set its maximum grade to {report.max_points} and download the worksheet again, or grade only the lessons"
            " of this assignment."
        )


def _feedback(report: Report) -> str:
    """Return a line for every exercise as HTML, the format of comments in Moodle."""
    lines = [
        f"{lesson.id} {exercise.name}: {page.WORDS[exercise.status]}; {checks_held(exercise)}"
        for lesson in report.lessons
        for exercise in lesson.exercises
    ]
    return "<br>".join(escape(page.one_line(line)) for line in lines)
