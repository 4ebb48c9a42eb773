"""The results.json of Gradescope: https://gradescope-autograders.readthedocs.io/en/latest/specs/.

Gradescope itself withholds: a check that opens after the due date is in it in full, and Gradescope shows it then. A
hidden check is in it with its points only, so that no wrong setting can show more.
"""

import json
from collections.abc import Iterator
from typing import Any

from grader.feedback import describe
from grader.reports import page
from grader.text import clean, cut
from grader.verdict import CheckVerdict, ExerciseVerdict, LessonVerdict, Report, Status, Visibility

_VISIBILITY = {
    Visibility.PUBLIC: "visible",
    Visibility.AFTER_DUE: "after_due_date",
    Visibility.HIDDEN: "hidden",
}
_FAULT = (
    "Not scored: a bug in the workbook, not in your code. Nothing is lost: your instructor can see the cause and grade"
    " again."
)


def render(report: Report) -> str:
    """Return the document: a test per check, and the score unless there was a fault.

    Without a score Gradescope rejects the document and tells the instructor, as it should after a fault. The checks of
    bonus exercises are informational: the points of the tests add up to the points of the report.
    """
    checks = [check for lesson in report.lessons for exercise in lesson.exercises for check in exercise.checks]
    document: dict[str, Any] = {} if report.points is None else {"score": report.points}
    document |= {
        "execution_time": round(sum(check.duration_ms for check in checks) / 1000, 3),
        "output": page.circumstances(report) if report.points is not None else _FAULT,
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": [test for lesson in report.lessons for test in _tests(lesson, has_score=report.points is not None)],
        "extra_data": {"isolation": report.isolation, "seed": report.seed, "max_points": report.max_points},
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _tests(lesson: LessonVerdict, *, has_score: bool) -> Iterator[dict[str, Any]]:
    for place, exercise in enumerate(lesson.exercises, 1):
        counts = has_score and exercise in lesson.counted
        unseen = 0
        for number, check in enumerate(exercise.checks, 1):
            is_hidden = check.visibility is Visibility.HIDDEN
            unseen += is_hidden
            test: dict[str, Any] = {
                "name": f"{page.one_line(exercise.name)}: {f'hidden check {unseen}' if is_hidden else _claim(check)}",
                "number": f"{lesson.id}.{place}.{number}",
                "status": "passed" if check.status is Status.PASSED else "failed",
                "visibility": _VISIBILITY[check.visibility],
            }
            if counts:
                test |= {"score": check.points, "max_score": check.max_points}
            yield test if is_hidden else test | _said(exercise, check)


def _claim(check: CheckVerdict) -> str:
    return page.one_line(check.claim)


def _said(exercise: ExerciseVerdict, check: CheckVerdict) -> dict[str, Any]:
    lines = [f"{page.WORDS[check.status]}{' (bonus: does not count)' if exercise.bonus else ''}"]
    if check.status is not Status.PASSED:
        lines += ["", *describe.describe(check)]
    elif not check.earned:
        lines.append(f"It counts once {exercise.unpaid_until}.")
    tags = [str(check.status), *([check.mistake] if check.mistake else [])]
    return {"output": cut(clean("\n".join(lines)), page.MAX_TEXT), "tags": [page.one_line(tag) for tag in tags]}
