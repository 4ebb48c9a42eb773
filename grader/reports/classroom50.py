"""The result.json of Classroom 50, schema ``classroom50/result/v1``: scores and names of tests, and nothing else.

Its runner publishes the document as a release on the student's repository, so it holds no text that a student's code
has made, and only the checks that students may see.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from grader.errors import UsageError
from grader.reports import page
from grader.reports.audience import for_student
from grader.text import cut
from grader.verdict import PUBLIC, CheckVerdict, ExerciseVerdict, Report, Status, Visibility

SCHEMA = "classroom50/result/v1"
MAX_NAME = 200
_VARIABLES = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "OWNER", "COMMIT_URL", "RELEASE_URL")


@dataclass(frozen=True)
class Origin:
    """Whose submission it is, in the words of Classroom 50."""

    classroom: str
    assignment: str
    submission: str
    """The tag of the submission, ``submit/...``."""
    owner: str
    commit: str
    release: str
    review: str
    assignment_type: str


def origin_of(environment: Mapping[str, str]) -> Origin:
    """Return the origin from the variables that the runner sets; raises UsageError if some are missing."""
    values = [environment.get(name, "") for name in _VARIABLES]
    missing = ", ".join(name for name, value in zip(_VARIABLES, values, strict=True) if not value)
    if missing:
        raise UsageError(
            f"--format classroom50 needs the variables that the runner of Classroom 50 sets; missing: {missing}."
            " Elsewhere, use --results."
        )
    classroom, assignment, submission, owner, commit, release = values
    review = environment.get("REVIEW_URL") or commit
    kind = environment.get("ASSIGNMENT_TYPE") or "individual"
    return Origin(classroom, assignment, submission, owner, commit, release, review, kind)


def render(report: Report, origin: Origin, when: str, *, shown: Collection[Visibility] = PUBLIC) -> str:
    """Return the document of a report with a score; ``when`` is a time such as ``2026-09-01T08:00:00Z``.

    The runner replaces the owner, the type and the time by its own. Points are whole numbers here and there, so nothing
    is rounded. Bonus exercises are left out: a single test that fails makes the whole submission a failure. Raises
    ValueError for a report without a score: there is no document for a fault.
    """
    report = for_student(report, shown)
    if report.points is None:
        raise ValueError("a fault has no score")
    tests = [
        _test(exercise, check) for lesson in report.lessons for exercise in lesson.counted for check in exercise.checks
    ]
    document = {
        "schema": SCHEMA,
        "classroom": origin.classroom,
        "assignment": origin.assignment,
        "assignment_type": origin.assignment_type,
        "owner": origin.owner,
        "submission": origin.submission,
        "commit": origin.commit,
        "release": origin.release,
        "review": origin.review,
        "datetime": when,
        "score": report.points,
        "max-score": report.max_points,
        "tests": tests,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _test(exercise: ExerciseVerdict, check: CheckVerdict) -> dict[str, Any]:
    """Return a check as a test; one whose points are not earned yet has not passed."""
    is_passed = check.status is Status.PASSED
    later = f" (passes; counts once {exercise.unpaid_until})" if is_passed and not check.earned else ""
    return {
        "test-name": cut(page.one_line(f"{exercise.name}: {check.claim}"), MAX_NAME) + later,
        "passed": is_passed and check.earned,
        "score": check.points,
        "max-score": check.max_points,
    }
