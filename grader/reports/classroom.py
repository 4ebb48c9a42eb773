"""What GitHub Classroom reads: the step output ``result``, and two notices with the points.

The result is what https://github.com/classroom-resources/autograding-grading-reporter decodes: base64 of JSON. A
workflow passes it on in an environment variable, which Linux limits to 128 KiB.
"""

import base64
import json
from collections.abc import Collection
from typing import Any

from grader.feedback import describe
from grader.reports import page
from grader.reports.audience import for_student
from grader.reports.github import command
from grader.text import clean, cut
from grader.verdict import PUBLIC, CheckVerdict, ExerciseVerdict, LessonVerdict, Report, Status, Visibility

MAX_BYTES = 96 * 2**10
MAX_OUTPUT = 500


def render(report: Report, *, shown: Collection[Visibility] = PUBLIC) -> str:
    """Return the value of the output ``result``, on one line of at most 96 KiB.

    If it is longer, the texts are shortened first. Beyond some hundred points, each exercise becomes a single test: the
    score is still exact, but the share of passed tests that the reporter prints in its log is not.
    """
    for texts in (MAX_OUTPUT, 100, 0, None):
        encoded = base64.b64encode(json.dumps(result(report, texts=texts, shown=shown)).encode()).decode()
        if len(encoded) <= MAX_BYTES:
            break
    return encoded


def result(report: Report, *, texts: int | None = MAX_OUTPUT, shown: Collection[Visibility] = PUBLIC) -> dict[str, Any]:
    """Return the result as plain data, with texts of at most ``texts`` characters; None makes one test per exercise.

    The reporter counts twice: it adds up the scores of the tests, and it multiplies the maximum by the share of tests
    that pass. So there is one test per point, and it passes only if the point is earned. Bonus exercises are left out,
    because Classroom adds up every test. After a fault the maximum is 0, so that the reporter reports no points.
    """
    report = for_student(report, shown)
    counted = [(lesson, exercise) for lesson in report.lessons for exercise in lesson.counted]
    if texts is None:
        tests = [_whole(lesson, exercise) for lesson, exercise in counted]
    else:
        tests = [
            _test(lesson, exercise, check, texts)
            for lesson, exercise in counted
            for check in exercise.checks
            for _ in range(check.max_points)
        ]
    if report.points is None:
        words = "Not scored: a bug in the workbook, not in the student's code."
        tests = [test | {"score": 0} for test in tests]
        return {"version": 3, "status": "error", "message": words, "max_score": 0, "tests": tests}
    status = "pass" if report.exit_code == 0 else "fail"
    return {"version": 3, "status": status, "max_score": report.max_points, "tests": tests}


def _whole(lesson: LessonVerdict, exercise: ExerciseVerdict) -> dict[str, Any]:
    """Return an exercise as one test."""
    single = CheckVerdict(exercise.name, page.WORDS[exercise.status], exercise.status)
    return _test(lesson, exercise, single, 0) | {"score": exercise.points}


def _test(lesson: LessonVerdict, exercise: ExerciseVerdict, check: CheckVerdict, texts: int) -> dict[str, Any]:
    """Return one point of a check as a test."""
    is_unpaid = check.status is Status.PASSED and not check.earned
    status = {Status.PASSED: "fail" if is_unpaid else "pass", Status.FAULT: "error"}.get(check.status, "fail")
    later = f" (passes; counts once {exercise.unpaid_until})" if is_unpaid else ""
    test: dict[str, Any] = {
        "name": cut(page.one_line(f"{exercise.name}: {check.claim}"), texts // 2) + later if texts else exercise.name,
        "status": status,
        "score": int(status == "pass"),
        # The source of a check never leaves the course.
        "test_code": "",
        "task_id": 0,
        "filename": f"{lesson.name}.py",
        "line_no": max(check.frames[-1].line, 0) if check.frames else 0,
        "duration": f"{check.duration_ms / 1000:.3f}s",
    }
    if texts and check.status is not Status.PASSED:
        test["message"] = cut(page.one_line(describe.summary(check)), texts)
        test["output"] = cut(clean(check.output), texts)
    return test


def notices(report: Report, *, shown: Collection[Visibility] = PUBLIC) -> list[str]:
    """Return the two annotations that tell Classroom the points; none after a fault."""
    report = for_student(report, shown)
    if report.points is None:
        return []
    total = json.dumps({"totalPoints": report.points, "maxPoints": report.max_points}, separators=(",", ":"))
    return [
        command("notice", f"Points {report.points}/{report.max_points}", title="Autograding complete"),
        command("notice", total, title="Autograding report"),
    ]
