"""The JSON report: one object, stable and versioned; its fields are described in README.md."""

import json
from typing import Any

from grader.verdict import Cause, CheckVerdict, ExerciseVerdict, LessonVerdict, Report

SCHEMA = 1


def render(report: Report, student: str = "") -> str:
    """Return the whole report as one indented JSON object, with what students may not see.

    With ``student``, its first field says whose report it is.
    """
    whose = {"student": student} if student else {}
    document = {
        **whose,
        "schema": SCHEMA,
        "isolation": report.isolation,
        "seed": report.seed,
        "points": report.points,
        "max_points": report.max_points,
        "lessons": [_lesson(lesson) for lesson in report.lessons],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _lesson(lesson: LessonVerdict) -> dict[str, Any]:
    return {
        "id": lesson.id,
        "name": lesson.name,
        "title": lesson.title,
        "status": lesson.status,
        "points": lesson.points,
        "max_points": lesson.max_points,
        "exercises": [_exercise(exercise) for exercise in lesson.exercises],
    }


def _exercise(exercise: ExerciseVerdict) -> dict[str, Any]:
    first = exercise.first_failure
    return {
        "name": exercise.name,
        "status": exercise.status,
        "points": exercise.points,
        "max_points": exercise.max_points,
        "bonus": exercise.bonus,
        "withheld": exercise.withheld,
        "advice": list(exercise.advice),
        "first_failure": first.name if first is not None else None,
        "checks": [_check(check) for check in exercise.checks],
    }


def _cause(cause: Cause | None) -> dict[str, str] | None:
    return {"kind": cause.kind, "argument": cause.argument, "value": cause.value} if cause is not None else None


def _check(check: CheckVerdict) -> dict[str, Any]:
    innermost = check.frames[-1] if check.frames else None
    return {
        "name": check.name,
        "claim": check.claim,
        "visibility": check.visibility,
        "status": check.status,
        "points": None if check.status == "fault" else check.points,
        "max_points": check.max_points,
        "message": check.message,
        "counterexample": check.counterexample,
        "returned": check.returned,
        "wanted": check.wanted,
        "mistake": check.mistake,
        "explanation": check.explanation,
        "cause": _cause(check.cause),
        "output": check.output,
        "frame": {"file": innermost.file, "line": innermost.line} if innermost is not None else None,
        "duration_ms": round(check.duration_ms, 1),
    }
