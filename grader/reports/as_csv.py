"""The grades of many students as a plain table: one row a student, one column a lesson and its points."""

import csv
import io
from collections.abc import Mapping

from grader.classes.csv_table import safe
from grader.text import clean
from grader.verdict import LessonVerdict, Report


def render(graded: Mapping[str, Report | None]) -> str:
    """Return the table, every cell quoted and none of them a formula.

    A student without a report, or with a fault of the grader, has empty cells in the place of points: never a zero.
    """
    lessons = {lesson.id: lesson.name for report in graded.values() if report for lesson in report.lessons}
    ids = sorted(lessons, key=lambda number: [int(part) if part.isdigit() else 0 for part in number.split(".")])
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["student", *(f"lesson {each}" for each in ids), "points", "max_points", "status"])
    for student, report in graded.items():
        writer.writerow([safe(clean(student)), *_cells(report, ids)])
    return written.getvalue()


def _cells(report: Report | None, ids: list[str]) -> list[str]:
    if report is None:
        return ["", *("" for _ in ids), "", "no verdict"]
    lessons = {lesson.id: lesson for lesson in report.lessons}
    points = [_points(lessons[each]) if each in lessons else "" for each in ids]
    status = {0: "passed", 1: "not passed"}.get(report.exit_code, "fault")
    return [*points, _points(report), str(report.max_points), status]


def _points(verdict: Report | LessonVerdict) -> str:
    return "" if verdict.points is None else str(verdict.points)
