"""Fill the gradebook that Canvas exports with points, so that Canvas can import it again."""

import re

from grader.classes import csv_table
from grader.classes.csv_table import Filled, Graded, Keys, Known, Sheet
from grader.errors import UsageError

_KEPT = ("EX", "N/A")
"""Excused; and not assigned to this student, or anonymous until it is posted: Canvas ignores what is imported there."""
_ID = re.compile(r"\((\d+)\)\s*$")
_NAME = "The gradebook"


def render(gradebook: str, assignment: str, graded: Graded, *, has_bonus: bool = False) -> Filled:
    """Return the columns that name a student, and the assignment's column filled with points.

    ``assignment`` is its title, with or without the number in brackets, or the number alone. A student is found by
    ID, SIS User ID, SIS Login ID or name, in this order, as Canvas does. Excused students (EX) stay excused, and N/A
    stays N/A. Other assignments are left out: an import would restore the points that they had when the file was
    exported. ``has_bonus`` adds the bonus points, which may lead above the maximum. Raises UsageError for a file that
    is not a Canvas gradebook, and if the maximum of points differs in Canvas.
    """
    table = csv_table.read(gradebook, _NAME)
    header = table.header
    names = _student_columns(header)
    target = _assignment_column(header, assignment)
    rows = table.whole
    _compare_maximum(rows, target, [report.max_points for report in graded.values() if report.points is not None])
    missing, without_score, kept = dict.fromkeys(graded), [], []
    for row, student in zip(rows[1:], csv_table.match(graded, _keys(table), _NAME), strict=True):
        if student is None:
            continue
        del missing[student]
        points = graded[student].points
        if row[target].strip().upper() in _KEPT:
            kept.append(student)
        elif points is None:
            without_score.append(student)
        else:
            row[target] = str(points + (graded[student].bonus_points or 0 if has_bonus else 0))
    text = table.with_rows([[row[place] for place in (*names, target)] for row in rows]).write()
    return Filled(text, tuple(missing), tuple(without_score), tuple(kept))


def students(gradebook: str) -> Known:
    """Return all names and ids of students in a gradebook; raises as `render` does."""
    return csv_table.known(_keys(csv_table.read(gradebook, _NAME)))


def _keys(table: Sheet) -> list[Keys]:
    """Return for each row below the header the ids and names of its student, in the order in which Canvas looks."""
    header = table.header
    by_title = {header[place]: place for place in _student_columns(header)}
    ids = [by_title[title] for title in ("ID", "SIS User ID", "SIS Login ID") if title in by_title]
    return [
        Keys(
            tuple(csv_table.composed(row[place]) for place in ids),
            tuple(csv_table.composed(name) for name in _names(row, by_title)),
        )
        if _is_student(row)
        else Keys()
        for row in table.whole[1:]
    ]


def _names(row: list[str], by_title: dict[str, int]) -> tuple[str, ...]:
    """Return a student's names: Canvas exports them in one column or in two."""
    if "Student" in by_title:
        return (row[by_title["Student"]],)
    last, first = row[by_title["LastName"]].strip(), row[by_title["FirstName"]].strip()
    return f"{last}, {first}", f"{first} {last}"


def _student_columns(header: list[str]) -> list[int]:
    """Return the columns from the first to Section, by which Canvas recognises a gradebook."""
    has_names = header[:2] == ["Student", "ID"] or header[:3] == ["LastName", "FirstName", "ID"]
    if not has_names or "Section" not in header:
        wanted = "Student, ID, ... and Section"
        raise UsageError(f"{_NAME} does not begin with the columns {wanted}. Export it in Canvas: Grades, Export.")
    return list(range(header.index("Section") + 1))


def _assignment_column(header: list[str], assignment: str) -> int:
    by_number = {match[1]: place for place, title in enumerate(header) if (match := _ID.search(title))}
    titles = [
        place
        for place, title in enumerate(header)
        if place in by_number.values() and assignment in (title, _ID.sub("", title).strip())
    ]
    if assignment in by_number:
        return by_number[assignment]
    if len(titles) == 1:
        return titles[0]
    found = "several assignments" if titles else "no assignment"
    known = ", ".join(header[place] for place in by_number.values())
    raise UsageError(f"{_NAME} has {found} {assignment!r}. It has: {known}. Name one of them, or its number.")


def _is_student(row: list[str]) -> bool:
    """Whether a row is a student's: neither Points Possible nor the posting policy."""
    return "Points Possible" not in row[0] and any(cell.strip() for cell in row[:2])


def _compare_maximum(rows: list[list[str]], target: int, maxima: list[int]) -> None:
    for row in rows[1:3]:
        if "Points Possible" in row[0]:
            possible = row[target].strip()
            if "read only" in possible:
                raise UsageError(f"{rows[0][target]!r} is read only in Canvas. Choose another column.")
            other = next((each for each in maxima if possible and not _is_number(possible, each)), None)
            if other is not None:
                raise UsageError(
                    f"{rows[0][target]!r} has {possible} points in Canvas, but the report has {other}."
                    f" Set the points of the assignment to {other} and export the gradebook again, or grade only the"
                    " lessons of this assignment."
                )


def _is_number(text: str, number: int) -> bool:
    try:
        return float(text.replace(",", ".")) == number
    except ValueError:
        return True
