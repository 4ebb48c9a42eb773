"""JUnit XML for CI systems and editors, as pytest writes it (xunit2), but never with the source of a check.

A lesson is a testsuite and a check is a testcase. JUnit has no points: they are properties of the testsuite.
"""

from collections.abc import Callable, Collection
from xml.etree import ElementTree

from grader.feedback import describe
from grader.reports import page
from grader.reports.audience import for_student
from grader.text import clean
from grader.verdict import PUBLIC, CheckVerdict, ExerciseVerdict, LessonVerdict, Report, Status, Visibility


def render(report: Report, *, shown: Collection[Visibility] = PUBLIC) -> str:
    """Return the document; checks that are not ``shown`` are only counted, in a property."""
    report = for_student(report, shown)
    root = ElementTree.Element("testsuites", {"name": "grade"} | _counts(_checks(report.lessons)))
    for lesson in report.lessons:
        _add_lesson(root, lesson, report)
    ElementTree.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _checks(lessons: Collection[LessonVerdict]) -> list[CheckVerdict]:
    return [check for lesson in lessons for exercise in lesson.exercises for check in exercise.checks]


def _counts(checks: Collection[CheckVerdict]) -> dict[str, str]:
    errors = sum(check.status is Status.FAULT for check in checks)
    failures = sum(check.status not in (Status.PASSED, Status.FAULT) for check in checks)
    seconds = sum(check.duration_ms for check in checks) / 1000
    return {"tests": str(len(checks)), "failures": str(failures), "errors": str(errors), "time": f"{seconds:.3f}"}


def _add_lesson(root: ElementTree.Element, lesson: LessonVerdict, report: Report) -> None:
    counts = _counts(_checks([lesson]))
    suite = ElementTree.SubElement(root, "testsuite", {"name": clean(lesson.name), **counts, "skipped": "0"})
    properties = ElementTree.SubElement(suite, "properties")

    def say(name: str, value: object) -> None:
        ElementTree.SubElement(properties, "property", {"name": clean(name), "value": clean(str(value))})

    say("title", f"{lesson.id} {lesson.title}")
    say("isolation", report.isolation)
    if report.seed is not None:
        say("seed", report.seed)
    _say_points(say, "", lesson)
    for exercise in lesson.exercises:
        _say_points(say, f"{exercise.name}.", exercise)
        if exercise.bonus:
            say(f"{exercise.name}.bonus", "true")
        if exercise.withheld:
            say(f"{exercise.name}.withheld", exercise.withheld)
    for exercise in lesson.exercises:
        for check in exercise.checks:
            _add_check(suite, lesson, exercise, check)


def _say_points(say: Callable[[str, object], None], prefix: str, verdict: LessonVerdict | ExerciseVerdict) -> None:
    if verdict.points is not None:
        say(f"{prefix}points", verdict.points)
    say(f"{prefix}max_points", verdict.max_points)


def _add_check(
    suite: ElementTree.Element, lesson: LessonVerdict, exercise: ExerciseVerdict, check: CheckVerdict
) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        {
            "classname": clean(f"{lesson.name}.{exercise.name}"),
            "name": clean(check.name),
            "time": f"{check.duration_ms / 1000:.3f}",
        },
    )
    if check.status is Status.PASSED:
        return
    # A fault is an error of the tests themselves, in the words of JUnit, and everything else is a failure, even what is
    # still to do: a skipped check must not look like a passed one.
    tag = "error" if check.status is Status.FAULT else "failure"
    attributes = {"type": str(check.status), "message": page.one_line(describe.summary(check))}
    ending = ElementTree.SubElement(case, tag, attributes)
    ending.text = clean("\n".join(describe.describe(check)))
    if check.output:
        ElementTree.SubElement(case, "system-out").text = clean(check.output)
