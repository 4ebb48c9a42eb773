"""Checks that are not public: what they find out counts at grading, and no report to a student holds a word of it."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from grader.classes import canvas, moodle
from grader.course.model import Lesson, read_course
from grader.engine.grading import Options
from grader.errors import CourseError
from grader.reports import as_html, as_json, as_markdown, classroom, github, gradescope, junit, text
from grader.reports.audience import checks_held, for_student
from grader.sandbox.zygote import Zygote
from grader.verdict import (
    AFTER_DUE,
    EVERYTHING,
    PUBLIC,
    CheckVerdict,
    ExerciseVerdict,
    LessonVerdict,
    Report,
    Status,
    Visibility,
    lesson_from,
)
from tests.formats import reports
from tests.grading import report_on
from tests.nursery import grade_command
from tests.patience import PATIENCE

some = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))

SOLUTION = '''
"""Doubling."""


def double(x: float) -> float:
    """Return twice the number.

    >>> double(2.0)
    4.0
    """
    return 2 * x
'''
CHECKS = '''
"""What must hold."""

from hypothesis import given
from hypothesis import strategies as st

from grader import authoring
from grader.authoring import CheckFailed, after_due, assert_close, hidden


@hidden
@given(x=st.sampled_from([61789.5]))
def test_marker_hidden_name(double, x):
    """A marker-hidden-claim holds.

    The marker-hidden-reason.
    """
    assert_close(double(x), 2 * x, says="marker-hidden-message")


def test_small(double):
    """It holds for one."""
    assert_close(double(1.0), 2.0)


@authoring.after_due
def test_marker_late_name(double):
    """A marker-late-claim holds."""
    assert_close(double(31789.5), 63579.0, says="marker-late-message")


@authoring.points(3)
@authoring.hidden
def test_marker_hidden_second(double):
    """Another marker-hidden-claim holds."""
    if double(51789.5) != 103579.0:
        raise CheckFailed("marker-hidden-message")
'''
WRONG_FOR_LARGE = """
def double(x: float) -> float:
    print("I was called with", x)
    return 2 * x if x < 1000 else 12345.5
"""
HIDDEN = ["marker-hidden", "marker_hidden", "61789", "1.236e+05", "51789"]
"""Names, claims, reasons, messages, arguments and wanted values of the hidden checks."""
LATE = ["marker-late", "marker_late", "31789", "6.358e+04"]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one lesson, with a public check, one that opens when it is due, and two hidden ones."""
    root = tmp_path / "course"
    write(root / "course.toml", 'title = "A course"\n')
    write(root / "solutions/m9_1_double.py", SOLUTION)
    write(root / "lessons/m9_1_double/double.py", CHECKS)
    write(root / "lessons/m9_1_double/README.md", "# 9.1 Doubling\n")
    write(root / "exercises/m9_1_double.py", WRONG_FOR_LARGE)
    return root


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content.lstrip("\n"))


def lesson_of(root: Path) -> Lesson:
    return read_course(root).lessons[0]


@pytest.fixture
def graded(course: Path, zygote: Zygote) -> Callable[..., Report]:
    """Grade the exercises of that course."""

    def run(**chosen: Any) -> Report:
        return report_on(lesson_of(course), course / "exercises", zygote, Options(**chosen))

    return run


STUDENT_FORMATS: dict[str, Callable[[Report], str]] = {
    "text": lambda report: text.render(for_student(report), text.Style(), 1.0),
    "json": lambda report: as_json.render(for_student(report)),
    "junit": junit.render,
    "github": lambda report: github.render(report, token="t"),  # noqa: S106  no secret
    "annotations": lambda report: "\n".join(github.annotations(report, {})),
    "summary": github.summary,
    "classroom": lambda report: base64.b64decode(classroom.render(report)).decode(),
    "notices": lambda report: "\n".join(classroom.notices(report)),
    "html": as_html.render,
    "markdown": as_markdown.render,
    "canvas": lambda report: canvas.render("Student,ID,Section,Work (1)\nAda,7,A,\n", "1", {"7": report}).text,
    "moodle": lambda report: (
        moodle.render("Identifier,Grade,Last modified (grade),Feedback comments\n7,,,\n", {"7": report}).text
    ),
}


# ---- What is read from double.py -------------------------------------------------------------------------------------


def test_the_decorators_are_read_without_running_the_file(course: Path) -> None:
    assert {check.name: check.visibility for check in lesson_of(course).checks} == {
        "test_marker_hidden_name": Visibility.HIDDEN,
        "test_small": Visibility.PUBLIC,
        "test_marker_late_name": Visibility.AFTER_DUE,
        "test_marker_hidden_second": Visibility.HIDDEN,
    }


def test_a_check_cannot_be_both(course: Path) -> None:
    write(course / "lessons/m9_1_double/double.py", CHECKS.replace("@hidden\n", "@hidden\n@after_due\n", 1))

    with pytest.raises(CourseError, match=r"double\.py:\d+: test_marker_hidden_name is both @hidden and @after_due"):
        _ = lesson_of(course).checks


def test_a_decorator_under_another_name_is_a_fault_and_no_public_check(
    course: Path, graded: Callable[..., Report]
) -> None:
    renamed = CHECKS.replace("after_due, assert_close, hidden", "assert_close, hidden as kept").replace(
        "@hidden", "@kept"
    )
    write(course / "lessons/m9_1_double/double.py", renamed)
    report = graded(checks=PUBLIC)

    assert report.exit_code == 3
    assert "under an alias: write @hidden or @after_due." in report.lessons[0].exercises[0].checks[0].message
    assert not any(marker in as_json.render(for_student(report)) for marker in HIDDEN)


# ---- What is run -----------------------------------------------------------------------------------------------------


def test_at_grading_all_checks_are_run_and_those_that_are_not_public_come_last(graded: Callable[..., Report]) -> None:
    exercise = graded().lessons[0].exercises[0]

    assert [check.name for check in exercise.checks] == [
        "example_double",
        "test_small",
        "conduct_double",
        "test_marker_hidden_name",
        "test_marker_late_name",
        "test_marker_hidden_second",
    ]
    assert [check.status for check in exercise.checks] == [Status.PASSED] * 3 + [Status.WRONG] * 3
    assert (exercise.points, exercise.max_points, exercise.withheld) == (3, 8, 0)


@pytest.mark.parametrize(("checks", "run", "withheld"), [(PUBLIC, 3, 3), (AFTER_DUE, 4, 2), (EVERYTHING, 6, 0)])
def test_what_is_not_run_is_counted(
    graded: Callable[..., Report], checks: frozenset[Visibility], run: int, withheld: int
) -> None:
    exercise = graded(checks=checks).lessons[0].exercises[0]

    assert (len(exercise.checks), exercise.withheld) == (run, withheld)


def test_hidden_checks_change_nothing_of_what_is_public(graded: Callable[..., Report]) -> None:
    with_hidden, without = for_student(graded()), graded(checks=PUBLIC)

    assert without_durations(with_hidden) == without_durations(without)


def without_durations(report: Report) -> str:
    lessons = json.loads(as_json.render(report))["lessons"]
    for lesson in lessons:
        for exercise in lesson["exercises"]:
            for check in exercise["checks"]:
                del check["duration_ms"]
    return json.dumps(lessons)


def test_a_hidden_check_that_hangs_costs_a_student_no_public_check(course: Path, graded: Callable[..., Report]) -> None:
    write(course / "exercises/m9_1_double.py", "def double(x):\n    while x > 1000:\n        pass\n    return 2 * x\n")
    exercise = graded().lessons[0].exercises[0]

    assert [check.status for check in exercise.checks[:4]] == [Status.PASSED] * 3 + [Status.TIMEOUT]


# ---- What students read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STUDENT_FORMATS)
@pytest.mark.parametrize("breaks", [False, True])
def test_no_report_to_a_student_holds_a_word_of_a_check_that_is_not_public(
    course: Path, graded: Callable[..., Report], name: str, breaks: bool
) -> None:
    if breaks:
        # A check that breaks is our fault, and tells where and why: in words that quote it.
        broken = CHECKS.replace('raise CheckFailed("marker-hidden-message")', 'raise OSError("marker-hidden-message")')
        write(course / "lessons/m9_1_double/double.py", broken)
    full = graded()
    rendered = STUDENT_FORMATS[name](full)

    assert all(marker in as_json.render(full) for marker in HIDDEN + LATE if marker != "51789" or not breaks)
    assert not [marker for marker in HIDDEN + LATE if marker in rendered]


@pytest.mark.parametrize("error", ["import marker_hidden_import", "raise OSError('marker-hidden-message')"])
def test_a_file_of_checks_that_breaks_does_not_quote_itself(
    course: Path, graded: Callable[..., Report], error: str
) -> None:
    write(course / "lessons/m9_1_double/double.py", f"{CHECKS}\n{error}\n")
    report = graded()

    assert report.exit_code == 3
    for name, render in STUDENT_FORMATS.items():
        assert "marker" not in render(report), name


@pytest.mark.parametrize("error", ["import marker_hidden_import", "raise OSError('marker-hidden-message')"])
def test_a_shared_file_that_breaks_is_not_quoted_where_a_check_is_hidden(
    course: Path, graded: Callable[..., Report], error: str
) -> None:
    write(course / "lessons/m9_1_double/double.py", f"{CHECKS}\nfrom .shared import limit\n")
    write(course / "lessons/m9_1_double/shared.py", f"{error}\n")
    report = graded()

    assert report.exit_code == 3
    for name, render in STUDENT_FORMATS.items():
        assert "marker" not in render(report), name


def test_gradescope_gets_hidden_checks_without_a_word_and_late_ones_to_be_shown_later(
    graded: Callable[..., Report],
) -> None:
    document = json.loads(gradescope.render(graded()))
    late = [test for test in document["tests"] if test["visibility"] == "after_due_date"]
    others = [test for test in document["tests"] if test["visibility"] != "after_due_date"]

    assert not [marker for marker in HIDDEN + LATE if marker in json.dumps(others)]
    assert (len(late), len(others)) == (1, 5)
    assert "marker-late-message" in late[0]["output"]
    assert document["score"] == 3


def test_once_due_the_late_check_is_shown_and_the_hidden_ones_are_not(graded: Callable[..., Report]) -> None:
    page = as_html.render(graded(), shown=AFTER_DUE)

    assert "marker-late-message" in page
    assert not [marker for marker in HIDDEN if marker in page]
    assert "3 of 4 public checks; 2 more are run at grading" in page


@pytest.mark.parametrize(("held", "withheld", "words"), [
    (3, 2, "3 of 3 public checks; 2 more are run at grading"),
    (3, 1, "3 of 3 public checks; 1 more is run at grading"),
    (3, 0, "3 of 3 checks"),
])  # fmt: skip
def test_the_sentence_misleads_nobody(held: int, withheld: int, words: str) -> None:
    checks = (CheckVerdict("test_it", "It holds.", Status.PASSED),) * held

    assert checks_held(ExerciseVerdict("f", bonus=False, checks=checks, withheld=withheld)) == words


@some
@given(drawn=reports)
def test_for_students_keeps_what_is_public_and_every_fault(drawn: Report) -> None:
    shown = for_student(drawn)
    before = [e for lesson in drawn.lessons for e in lesson.exercises]
    after = [e for lesson in shown.lessons for e in lesson.exercises]

    for full, public in zip(before, after, strict=True):
        kept = [check for check in public.checks if check in full.checks]
        assert kept == [check for check in full.checks if check.visibility is Visibility.PUBLIC]
        assert (public.status is Status.FAULT) == (full.status is Status.FAULT)
        if full.status is not Status.FAULT:
            assert len(public.checks) + public.withheld == len(full.checks) + full.withheld
    assert for_student(shown) == shown
    assert for_student(drawn, EVERYTHING) == drawn


def test_an_exercise_of_hidden_checks_alone_has_no_points_to_show_and_no_fault() -> None:
    secret = CheckVerdict("test_it", "It holds.", Status.WRONG, visibility=Visibility.HIDDEN)
    lesson = LessonVerdict("1.4", "m1_4_x", "X", (ExerciseVerdict("f", bonus=False, checks=(secret,)),))
    (exercise,) = for_student(Report((lesson,), "confined")).lessons[0].exercises

    assert (exercise.points, exercise.max_points, exercise.withheld) == (0, 0, 1)
    assert exercise.status is not Status.FAULT


def test_a_verdict_of_an_older_store_has_public_checks_only() -> None:
    check = CheckVerdict("test_it", "It holds.", Status.PASSED, visibility=Visibility.HIDDEN)
    lesson = LessonVerdict("1.4", "m1_4_x", "X", (ExerciseVerdict("f", False, (check,), withheld=2),))
    plain = asdict(lesson)
    assert lesson_from(json.loads(json.dumps(plain))) == lesson
    del plain["exercises"][0]["checks"][0]["visibility"], plain["exercises"][0]["withheld"]
    (older,) = lesson_from(plain).exercises

    assert older == ExerciseVerdict("f", False, (replace(check, visibility=Visibility.PUBLIC),))


# ---- The command line ------------------------------------------------------------------------------------------------


def command(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*grade_command(), *arguments],
        cwd=course,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )


def test_on_a_students_machine_hidden_checks_are_counted_and_not_run(course: Path) -> None:
    run = command(course, "9.1")

    assert run.returncode == 0, run.stderr
    assert "passed   double  3 of 3 points; 3 of 3 public checks; 3 more are run at grading" in run.stdout
    assert "All public checks pass; 3 more are run at grading." in run.stdout
    assert not [marker for marker in HIDDEN + LATE if marker in run.stdout]
    assert b"marker" not in b"".join(path.read_bytes() for path in (course / ".grade").iterdir())
    again = command(course, "9.1", "--checks", "all", "--format", "json")
    assert (again.returncode, json.loads(again.stdout)["max_points"]) == (1, 8), "another question, another answer"


def test_why_explains_what_is_public(course: Path) -> None:
    short, whole = command(course, "why", "9.1"), command(course, "why", "9.1", "double")

    assert "It holds for one." in whole.stdout
    for run in (short, whole):
        assert "3 more are run at grading." in run.stdout
        assert "marker" not in run.stdout


def test_the_test_panel_of_an_editor_shows_what_is_public(course: Path) -> None:
    arguments = [sys.executable, "-m", "pytest", "lessons", "-v", "-p", "no:cacheprovider", "--import-mode=importlib"]
    run = subprocess.run(arguments, cwd=course, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert "3 passed" in run.stdout, run.stdout
    assert "marker" not in run.stdout


def test_gradescope_is_told_everything_without_being_asked(course: Path) -> None:
    document = json.loads(command(course, "9.1", "--format", "gradescope").stdout)

    assert (document["score"], document["extra_data"]["max_points"]) == (3, 8)
