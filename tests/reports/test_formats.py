"""Every format of a report, as its consumer reads it: the same points, and no text that is more than text."""

import base64
import csv
import io
import itertools
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from tinyhtml5.parser import HTMLParser as Parser

from grader.authoring import CheckFailed
from grader.classes import canvas, moodle
from grader.classes.csv_table import safe
from grader.classes.moodle import Columns
from grader.course.locations import Place
from grader.errors import UsageError
from grader.feedback.call_failure import last_words
from grader.feedback.call_failure import text_of as text_of_answer
from grader.feedback.coercion import coerce
from grader.reports import as_html, as_json, as_markdown, classroom, classroom50, github, gradescope, junit, text
from grader.reports.audience import for_student
from grader.sandbox.wire import Opaque
from grader.text import quoted, type_called
from grader.verdict import EVERYTHING, CheckVerdict, ExerciseVerdict, Frame, LessonVerdict, Report, Status, Visibility
from tests.formats import FOLDER, fixture, reports, schema, texts

some = settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)

TOKEN = "0123456789abcdef"  # noqa: S105  no secret: it only must not be guessed by the code under test
MARKDOWN = MarkdownIt("commonmark", {"linkify": True}).enable(["table", "linkify"])
assert MARKDOWN.linkify is not None
MARKDOWN.linkify.set({"fuzzy_link": False})  # a name with a dot, such as torch.nn, is a link for nobody else
XSD = xmlschema.XMLSchema(FOLDER / "junit.xsd")
GRADESCOPE = Draft202012Validator(schema("gradescope.schema.json"))
CLASSROOM = Draft202012Validator(schema("classroom.schema.json"))
CLASSROOM50 = Draft202012Validator(schema("classroom50.schema.json"))


def check(status: Status = Status.PASSED, name: str = "test_it", **fields: Any) -> CheckVerdict:
    """Return a verdict on a check of which only this is known."""
    return CheckVerdict(name, f"The claim of {name}.", status, **fields)


def report(*checks: CheckVerdict, bonus: bool = False, isolation: str = "confined") -> Report:
    """Return the report of one exercise."""
    exercise = ExerciseVerdict("compute_grid", bonus, checks)
    return Report((LessonVerdict("1.4", "m1_4_loss", "The loss landscape", (exercise,)),), isolation)


WRONG = check(
    Status.WRONG,
    "test_mean",
    max_points=2,
    message="Twice the points give another loss.",
    counterexample="compute_grid(x=torch.tensor([1.0]))",
    returned="4.",
    wanted="2.",
    mistake="summed",
    explanation="You add the squared errors up and stop there.",
    output="hello\n",
    frames=(Frame("exercises/m1_4_loss.py", 21, "compute_grid", "return f(x)"),),
    duration_ms=12.3,
)
FAULT = check(Status.FAULT, message="The check broke.")
SAMPLE = report(check(), WRONG)


def test_json_says_whose_it_is_where_that_is_asked() -> None:
    alone, named = (json.loads(as_json.render(SAMPLE, student)) for student in ("", "Ada <Lovelace>"))

    assert "student" not in alone
    assert list(named) == ["student", *alone]
    assert named == {"student": "Ada <Lovelace>", **alone}


# ---- The same points in all of them ----------------------------------------------------------------------------------


def points_in_json(shown: Report) -> tuple[int | None, int]:
    document = json.loads(as_json.render(shown))
    return document["points"], document["max_points"]


def points_in_text(shown: Report) -> tuple[int | None, int]:
    last = [line for line in text.render(shown, text.Style(), 1.0).splitlines() if line.endswith("   1.0 s")][-1]
    return spoken(re.sub(r"(, and \d+ bonus points?)?   1\.0 s$", "", last), shown)


def points_in_junit(shown: Report) -> tuple[int | None, int]:
    properties = [
        {each.attrib["name"]: each.attrib["value"] for each in suite.iter("property")}
        for suite in xml(junit.render(shown)).iter("testsuite")
    ]
    maximum = sum(int(found["max_points"]) for found in properties)
    return (
        sum(int(found["points"]) for found in properties) if all("points" in p for p in properties) else None
    ), maximum


def points_in_gradescope(shown: Report) -> tuple[int | None, int]:
    document = json.loads(gradescope.render(shown))
    scores = [test["score"] for test in document["tests"] if "score" in test]
    maximum = sum(test["max_score"] for test in document["tests"] if "score" in test)
    if "score" not in document:
        assert scores == []
        return None, document["extra_data"]["max_points"]
    assert (document["score"], document["extra_data"]["max_points"]) == (sum(scores), maximum)
    return document["score"], maximum


def points_in_github(shown: Report) -> tuple[int | None, int]:
    return spoken(bold(github.summary(shown)), shown)


def points_in_markdown(shown: Report) -> tuple[int | None, int]:
    return spoken(bold(as_markdown.render(shown)), shown)


def points_in_html(shown: Report) -> tuple[int | None, int]:
    found = re.search(r'<p class="total">(.*?)</p>', as_html.render(shown))
    assert found is not None
    return spoken(found[1], shown)


def points_in_classroom(shown: Report) -> tuple[int | None, int]:
    document = json.loads(base64.b64decode(classroom.render(shown)))
    notices = classroom.notices(shown)
    total = sum(test["score"] for test in document["tests"])
    if document["status"] == "error":
        assert (document["max_score"], total, notices) == (0, 0, [])
        return None, shown.max_points
    maximum = document["max_score"]
    said = json.dumps({"totalPoints": total, "maxPoints": maximum}, separators=(",", ":"))
    passed = sum(test["status"] == "pass" for test in document["tests"])
    # What the reporter prints in its log: the share of tests that pass, of the maximum.
    assert not maximum or round(passed / len(document["tests"]) * maximum, 2) == total
    assert notices == [
        f"::notice title=Autograding complete::Points {total}/{maximum}",
        f"::notice title=Autograding report::{said}",
    ]
    return total, maximum


RUNNER = {
    "CLASSROOM": "cs",
    "ASSIGNMENT": "loss",
    "SUBMISSION_TAG": "submit/2026-09-01T08-00-00Z-a1b2c3d",
    "OWNER": "ada",
    "COMMIT_URL": "https://example.org/commit",
    "RELEASE_URL": "https://example.org/release",
}
"""What the runner of Classroom 50 sets."""
ORIGIN = classroom50.origin_of(RUNNER)
WHEN = "2026-09-01T08:00:00Z"


def points_in_classroom50(shown: Report) -> tuple[int | None, int]:
    if for_student(shown).points is None:
        with pytest.raises(ValueError, match="no score"):
            classroom50.render(shown, ORIGIN, WHEN)
        return None, shown.max_points
    document = json.loads(classroom50.render(shown, ORIGIN, WHEN))
    tests = document["tests"]
    assert sum(test["score"] for test in tests) == document["score"]
    assert sum(test["max-score"] for test in tests) == document["max-score"]
    return document["score"], document["max-score"]


def points_in_canvas(shown: Report) -> tuple[int | None, int]:
    book = f"Student,ID,Section,Work (1)\n Points Possible,,,{shown.max_points}\nAda,7,A,\n"
    filled = canvas.render(book, "1", {"7": shown})
    assert filled.missing == ()
    rows = list(csv.reader(io.StringIO(filled.text)))
    return number(rows[2][3]), int(rows[1][3])


def points_in_moodle(shown: Report) -> tuple[int | None, int]:
    sheet = f"Identifier,Grade,Maximum Grade,Last modified (grade)\nParticipant 7,,{shown.max_points},-\n"
    row = next(csv.DictReader(io.StringIO(moodle.render(sheet, {"7": shown}).text)))
    return number(row["Grade"]), int(row["Maximum Grade"])


def number(cell: str) -> int | None:
    return int(cell) if cell else None


def bold(markdown: str) -> str:
    """Return the first bold text, of the title's paragraph."""
    found = re.search(r"^\*\*(.*)\*\*$", markdown, re.MULTILINE)
    assert found is not None
    return found[1]


def spoken(words: str, shown: Report) -> tuple[int | None, int]:
    """Return the points that words tell; where there is no score, they do not tell the maximum."""
    if words in ("no score", "Not scored: a bug in the workbook, not in your code."):
        return None, shown.max_points
    found = re.fullmatch(r"(\d+) of (\d+) points", words)
    assert found is not None, words
    return int(found[1]), int(found[2])


FOR_STUDENTS = [
    points_in_text,
    points_in_junit,
    points_in_github,
    points_in_markdown,
    points_in_html,
    points_in_classroom,
    points_in_classroom50,
]
FOR_INSTRUCTORS = [points_in_json, points_in_gradescope, points_in_canvas, points_in_moodle]


def otherwise(
    formats: Sequence[Callable[[Report], tuple[int | None, int]]], shown: Report, points: tuple[int | None, int]
) -> dict[str, tuple[int | None, int]]:
    """Return by format the points of those that tell others. One example serves all: to draw it takes the longest."""
    said = {points_in.__name__: points_in(shown) for points_in in formats}
    return {name: each for name, each in said.items() if each != points}


@some
@given(drawn=reports)
def test_every_format_tells_the_same_points(drawn: Report) -> None:
    public = for_student(drawn)

    assert otherwise(FOR_STUDENTS + FOR_INSTRUCTORS, public, (public.points, public.max_points)) == {}


@some
@given(drawn=reports)
def test_what_instructors_read_counts_the_hidden_checks_too(drawn: Report) -> None:
    assert otherwise(FOR_INSTRUCTORS, drawn, (drawn.points, drawn.max_points)) == {}


@some
@given(drawn=reports)
def test_what_students_read_counts_what_they_may_see(drawn: Report) -> None:
    public = for_student(drawn)
    # The text is rendered of what it is given; the command line asks first.
    formats = [points_in for points_in in FOR_STUDENTS if points_in is not points_in_text]

    assert otherwise(formats, drawn, (public.points, public.max_points)) == {} or public.points is None


# ---- JUnit -----------------------------------------------------------------------------------------------------------


def xml(document: str) -> ElementTree.Element:
    """Return the root of a document, as it is read from a file."""
    return ElementTree.fromstring(document.encode())  # noqa: S314  made by us, and hostile on purpose


@some
@given(drawn=reports)
def test_junit_follows_its_schema_whatever_the_texts(drawn: Report) -> None:
    document = junit.render(drawn, shown=EVERYTHING)

    XSD.validate(document)
    root = xml(document)
    statuses = [c.status for lesson in drawn.lessons for e in lesson.exercises for c in e.checks]
    assert len(list(root.iter("testcase"))) == len(statuses) == int(root.attrib["tests"])
    assert len(list(root.iter("error"))) == statuses.count(Status.FAULT) == int(root.attrib["errors"])
    unfinished = len(statuses) - statuses.count(Status.FAULT) - statuses.count(Status.PASSED)
    assert len(list(root.iter("failure"))) == unfinished == int(root.attrib["failures"])


def test_junit_says_what_a_student_reads_about_a_failure() -> None:
    case = list(xml(junit.render(SAMPLE)).iter("testcase"))[1]
    failure = case.find("failure")

    assert failure is not None
    assert failure.attrib == {"type": "wrong", "message": "You add the squared errors up and stop there."}
    assert "compute_grid(x=torch.tensor([1.0]))" in (failure.text or "")
    assert case.attrib == {"classname": "m1_4_loss.compute_grid", "name": "test_mean", "time": "0.012"}
    assert case.findtext("system-out") == "hello\n"


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.PASSED])
def test_junit_never_shows_a_check_that_has_not_passed_as_passed_or_skipped(status: Status) -> None:
    (case,) = xml(junit.render(report(check(status)))).iter("testcase")

    assert [child.tag for child in case] == ["error" if status is Status.FAULT else "failure"]


# ---- Gradescope ------------------------------------------------------------------------------------------------------


@some
@given(drawn=reports)
def test_gradescope_gets_what_its_documentation_asks(drawn: Report) -> None:
    document = json.loads(gradescope.render(drawn))

    GRADESCOPE.validate(document)
    counted = [e.name for lesson in drawn.lessons for e in lesson.counted]
    if drawn.points is not None and counted:
        assert any("score" in test for test in document["tests"])


def test_gradescope_hides_by_visibility_and_says_nothing_of_hidden_checks() -> None:
    shown = report(
        check(name="test_public"),
        check(Status.WRONG, "test_late", message="late words", visibility=Visibility.AFTER_DUE),
        replace(WRONG, visibility=Visibility.HIDDEN),
    )
    public, late, hidden = json.loads(gradescope.render(shown))["tests"]

    assert [public["visibility"], late["visibility"], hidden["visibility"]] == ["visible", "after_due_date", "hidden"]
    assert "late words" in late["output"]
    assert hidden == {
        "name": "compute_grid: hidden check 1",
        "number": "1.4.1.3",
        "status": "failed",
        "visibility": "hidden",
        "score": 0,
        "max_score": 2,
    }


def test_gradescope_refuses_a_document_without_a_score_and_so_a_fault_is_no_zero() -> None:
    document = json.loads(gradescope.render(report(check(), FAULT)))

    assert "score" not in document
    assert not any("score" in test for test in document["tests"])
    assert "not in your code" in document["output"]


def test_gradescope_takes_a_bonus_check_as_information() -> None:
    required = ExerciseVerdict("compute_grid", bonus=False, checks=(check(),))
    bonus = ExerciseVerdict("plot", bonus=True, checks=(check(max_points=5),))
    document = json.loads(
        gradescope.render(Report((LessonVerdict("1.4", "m1_4_loss", "The loss", (required, bonus)),), "confined"))
    )

    assert [test.get("max_score") for test in document["tests"]] == [1, None]
    assert document["score"] == 1


# ---- GitHub ----------------------------------------------------------------------------------------------------------

COMMAND = re.compile(r"::(?P<name>[a-z-]+)(?: (?P<properties>[^:]*))?::(?P<message>.*)")


def commands(log: str) -> list[tuple[str, dict[str, str], str]]:
    """Return the commands that the runner of GitHub carries out, read as it reads them: line by line, with stops."""
    found, stop = [], ""
    for line in log.splitlines():
        stripped = line.strip()
        if stop:
            stop = "" if stripped == f"::{stop}::" else stop
        elif match := COMMAND.fullmatch(stripped):
            pairs = [pair.split("=", 1) for pair in (match["properties"] or "").split(",") if pair]
            if match["name"] == "stop-commands":
                stop = match["message"]
            else:
                found.append(
                    (match["name"], {key: unescaped(value) for key, value in pairs}, unescaped(match["message"]))
                )
        else:
            assert not stripped.startswith("::"), line
            assert "##[" not in stripped, line
    assert stop == ""
    return found


def unescaped(value: str) -> str:
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        value = value.replace(code, character)
    return value


@some
@given(drawn=reports)
def test_no_text_becomes_a_command_of_github(drawn: Report) -> None:
    failed = [
        (f"{lesson.id} {exercise.name}", exercise.first_failure)
        for lesson in for_student(drawn).lessons
        for exercise in lesson.exercises
        if exercise.status not in (Status.PASSED, Status.TODO)
    ]
    found = commands(github.render(drawn, token=TOKEN))

    assert [name for name, _, _ in found] == ["error"] * min(len(failed), github.MAX_ANNOTATIONS)
    assert all(set(properties) <= {"title", "file", "line"} for _, properties, _ in found)


def test_an_annotation_stands_at_the_line_that_was_running_or_else_at_the_function() -> None:
    places = {("m1_4_loss", "compute_grid"): Place("a, b: 100%/m1_4_loss.py", 9)}
    _, raised, message = commands(github.render(SAMPLE, token=TOKEN, places=places))[0]
    _, nowhere, _ = commands(github.render(report(check(Status.WRONG)), token=TOKEN, places=places))[0]
    forged = replace(WRONG, frames=(Frame("m1_4_loss.py", -7, "f", ""),))
    _, negative, _ = commands(github.render(report(forged), token=TOKEN, places=places))[0]

    assert raised == {"file": "a, b: 100%/m1_4_loss.py", "line": "21", "title": "1.4 compute_grid: wrong"}
    assert (nowhere["line"], negative["line"]) == ("9", "9")
    assert "compute_grid(x=torch.tensor([1.0]))" in message


def test_the_eleventh_annotation_would_be_dropped_so_the_tenth_says_how_many_there_are() -> None:
    exercises = tuple(ExerciseVerdict(f"f{n}", bonus=False, checks=(check(Status.WRONG),)) for n in range(13))
    many = Report((LessonVerdict("1.4", "m1_4_loss", "The loss", exercises),), "confined")
    found = commands(github.render(many, token=TOKEN))

    assert len(found) == 10
    assert found[-1][2] == "4 more; the summary of this job shows all of them."


def test_what_is_to_do_or_passed_is_no_annotation() -> None:
    assert commands(github.render(report(check(Status.TODO)), token=TOKEN)) == []
    assert commands(github.render(report(check()), token=TOKEN)) == []


@some
@given(drawn=reports, limit=st.integers(0, 3000))
def test_a_summary_keeps_its_limit_and_is_cut_between_its_parts(drawn: Report, limit: int) -> None:
    whole, cut = github.summary(drawn), github.summary(drawn, limit=limit)

    assert len(cut.encode()) <= limit
    assert len(whole.encode()) <= github.MAX_SUMMARY
    if len(whole.encode()) <= limit:
        assert cut == whole
    elif cut:
        kept, note = cut.rsplit("\n---\n", 1)
        assert whole.startswith(kept)
        assert "The result files hold all of it." in note


def test_a_summary_of_megabytes_is_cut_on_purpose() -> None:
    loud = ExerciseVerdict("f", bonus=False, checks=(replace(WRONG, message="é" * 30_000),))
    exercises = tuple(replace(loud, name=f"f{n}") for n in range(100))
    many = Report((LessonVerdict("1.4", "m1_4_loss", "The loss", exercises),), "confined")
    summary = github.summary(many)

    assert 2**20 - 50_000 < len(summary.encode()) <= 2**20
    assert "**0 of 200 points**" in summary
    assert "| f99 |" in summary, "the table of all exercises comes first"
    assert summary.endswith("The result files hold all of it.\n")


# ---- Classroom -------------------------------------------------------------------------------------------------------


@some
@given(drawn=reports)
def test_classroom_gets_one_line_of_what_its_reporter_decodes(drawn: Report) -> None:
    encoded = classroom.render(drawn)
    document = json.loads(base64.b64decode(encoded))

    assert re.fullmatch(r"[A-Za-z0-9+/=]+", encoded)
    CLASSROOM.validate(document)
    assert sum(test["score"] for test in document["tests"]) <= max(document["max_score"], 0)
    assert not any(test["test_code"] for test in document["tests"])


def test_a_check_that_is_not_paid_yet_does_not_pass_in_classroom() -> None:
    first, paid_later = check(Status.WRONG), check(name="test_later", earned=False)
    tests = classroom.result(report(first, paid_later, check(max_points=3)))["tests"]

    assert [test["status"] for test in tests] == ["fail", "fail", "pass", "pass", "pass"]
    assert tests[1]["name"].endswith("(passes; counts once the first check passes)")
    assert "message" not in tests[1]


def test_texts_give_way_before_the_points_of_a_course_do() -> None:
    loud = replace(WRONG, max_points=1, output="x" * 4000)
    exercises = tuple(ExerciseVerdict(f"exercise_{n}", bonus=False, checks=(check(), loud, loud)) for n in range(100))
    many = Report((LessonVerdict("1.4", "m1_4_loss", "The loss", exercises),), "confined")

    assert points_in_classroom(many) == (100, 300)


def test_a_classroom_result_of_any_size_fits_an_environment_variable_and_keeps_the_points() -> None:
    checks = tuple(replace(WRONG, name=f"test_{n}", output="x" * 4000) for n in range(40))
    exercises = tuple(ExerciseVerdict(f"exercise_{n}", bonus=False, checks=(check(), *checks)) for n in range(110))
    many = Report((LessonVerdict("1.4", "m1_4_loss", "The loss", exercises),), "confined")
    encoded = classroom.render(many)
    document = json.loads(base64.b64decode(encoded))

    assert len(encoded) < 128 * 2**10
    assert sum(test["score"] for test in document["tests"]) == many.points == 110
    assert document["max_score"] == many.max_points


# ---- Classroom 50 ----------------------------------------------------------------------------------------------------


@some
@given(drawn=reports)
def test_classroom_50_gets_what_its_runner_and_its_collector_accept(drawn: Report) -> None:
    if for_student(drawn).points is None:
        return
    document = json.loads(classroom50.render(drawn, ORIGIN, WHEN))

    CLASSROOM50.validate(document)
    for each in (document, *document["tests"]):
        assert each["score"] <= each["max-score"]
        assert type(each["score"]) is type(each["max-score"]) is int
    # Its runner calls a submission a success if every test has passed.
    has_all = document["score"] == document["max-score"]
    assert all(test["passed"] for test in document["tests"] if test["max-score"]) == has_all


def test_what_is_published_names_checks_and_holds_no_text_of_a_student() -> None:
    document = json.loads(classroom50.render(SAMPLE, ORIGIN, WHEN))

    assert [set(test) for test in document["tests"]] == [{"test-name", "passed", "score", "max-score"}] * 2
    assert document["tests"][0]["test-name"] == "compute_grid: The claim of test_it."
    assert not any(text in json.dumps(document) for text in ("hello", "torch.tensor", "summed"))


def test_a_check_that_is_not_paid_yet_does_not_pass_in_classroom_50() -> None:
    shown = report(check(Status.WRONG), check(name="test_later", earned=False))
    test = json.loads(classroom50.render(shown, ORIGIN, WHEN))["tests"][1]

    assert (test["passed"], test["score"]) == (False, 0)
    assert test["test-name"].endswith("(passes; counts once the first check passes)")


@pytest.mark.parametrize("visibility", [Visibility.HIDDEN, Visibility.AFTER_DUE])
def test_classroom_50_publishes_public_checks_alone(visibility: Visibility) -> None:
    shown = report(check(), check(name="test_secret", visibility=visibility))
    said = classroom50.render(shown, ORIGIN, WHEN)

    assert "test_secret" not in said
    assert (json.loads(said)["score"], json.loads(said)["max-score"]) == (1, 1)


def test_a_bonus_exercise_is_no_test_of_classroom_50() -> None:
    (lesson,) = SAMPLE.lessons
    bonus = ExerciseVerdict("run_descent", bonus=True, checks=(check(Status.TODO),))
    shown = replace(SAMPLE, lessons=(replace(lesson, exercises=(*lesson.exercises, bonus)),))

    assert len(json.loads(classroom50.render(shown, ORIGIN, WHEN))["tests"]) == 2


def test_the_runner_says_whose_it_is() -> None:
    document = json.loads(classroom50.render(SAMPLE, classroom50.origin_of({**RUNNER, "REVIEW_URL": "r"}), WHEN))

    assert (document["owner"], document["review"], document["assignment_type"]) == ("ada", "r", "individual")
    with pytest.raises(UsageError, match=r"missing: ASSIGNMENT, OWNER\. Elsewhere, use --results\."):
        classroom50.origin_of({**RUNNER, "ASSIGNMENT": "", "OWNER": ""})


# ---- Tables ----------------------------------------------------------------------------------------------------------


@some
@given(texts)
def test_no_cell_of_a_table_is_a_formula(text: str) -> None:
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\uff1d1", " =1", "\n=1"])
def test_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


def of(points: int, maximum: int = 9) -> Report:
    """Return a report of so many points."""
    return report(*(check(Status.PASSED if n < points else Status.WRONG) for n in range(maximum)))


def test_canvas_gets_the_points_beside_the_ids_that_it_knows() -> None:
    graded = {"1001": of(7), "A-3": of(9), "mallory": of(0), "1002": of(3), "9999": of(1)}
    filled = canvas.render(fixture("canvas.csv"), "88123", graded)
    before, after = (list(csv.reader(io.StringIO(each))) for each in (fixture("canvas.csv"), filled.text))

    assert after[0] == [*before[0][:6], "Lesson 1.4, the loss landscape (88123)"]
    assert [row[:6] for row in after] == [row[:6] for row in before], "nobody's name or id has changed"
    assert [row[6] for row in after] == [before[0][7], "", "9", "7", "EX", "9", "0", ""]
    assert (filled.missing, filled.kept) == (("9999",), ("1002",)), "who is excused stays excused"
    assert filled.without_score == ()


@pytest.mark.parametrize(
    "assignment", ["88123", "Lesson 1.4, the loss landscape", "Lesson 1.4, the loss landscape (88123)"]
)
def test_an_assignment_of_canvas_has_three_names(assignment: str) -> None:
    assert "(88123)" in canvas.render(fixture("canvas.csv"), assignment, {}).text


def test_a_fault_leaves_the_cell_of_canvas_as_it_was() -> None:
    faulty = report(*[FAULT] * 2)  # what a fault leaves of a report counts other points than the others
    filled = canvas.render(fixture("canvas.csv"), "88123", {"1003": faulty, "1001": of(7)})

    assert (filled.without_score, filled.missing) == (("1003",), ())
    assert list(csv.reader(io.StringIO(filled.text)))[3][6] == "7"
    assert list(csv.reader(io.StringIO(filled.text)))[5][6] == "8.5"


@pytest.mark.parametrize(
    ("book", "assignment", "words"),
    [
        (fixture("canvas.csv"), "Lesson 9", "The gradebook has no assignment 'Lesson 9'. It has: Reading (88100)"),
        (fixture("canvas.csv"), "Current Score", "no assignment 'Current Score'"),
        (fixture("canvas.csv"), "88124", "has 12 points in Canvas, but the report has 9"),
        (fixture("canvas.csv").replace(",9,12,", ",(read only),12,"), "88123", "is read only in Canvas"),
        (
            fixture("canvas.csv").replace('Nöther, Emmy",1003', 'Nöther, Emmy",1001'),
            "88123",
            "more than one row for '1001'",
        ),
        ("", "88123", "The gradebook is empty"),
        ("Name,Points\nAda,3\n", "88123", "does not begin with the columns Student, ID, ... and Section"),
        ('Student,ID,Section,"Work (1)\nAda', "1", "is not a CSV table"),
    ],
)
def test_a_gradebook_that_does_not_fit_is_refused_with_the_next_step(book: str, assignment: str, words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        canvas.render(book, assignment, {"1001": of(7)})


def test_canvas_ignores_what_is_imported_where_it_says_not_assigned() -> None:
    book = "Student,ID,Section,Work (1)\nAda,7,A,N/A\nBob,8,A,\n"
    filled = canvas.render(book, "1", {"7": of(4), "8": of(5)})

    assert filled.text.splitlines()[1:] == ["Ada,7,A,N/A", "Bob,8,A,5"]
    assert filled.kept == ("7",)


def test_canvas_may_export_first_and_last_names() -> None:
    book = "LastName,FirstName,ID,Section,Work (1)\nLee,Ann,7,A,\nDay,Max,8,A,\n"
    filled = canvas.render(book, "1", {"Ann Lee": of(4), "Day, Max": of(5)})

    assert filled.text.splitlines()[1:] == ["Lee,Ann,7,A,4", "Day,Max,8,A,5"]


def test_canvas_gets_bonus_points_on_request() -> None:
    (lesson,) = of(4).lessons
    bonus = ExerciseVerdict("extra", bonus=True, checks=(check(max_points=2), check(Status.WRONG)))
    shown = replace(of(4), lessons=(replace(lesson, exercises=(*lesson.exercises, bonus)),))
    book = "Student,ID,Section,Work (1)\n Points Possible,,,9\nAda,7,A,\n"

    assert (shown.points, shown.bonus_points) == (4, 2)
    assert canvas.render(book, "1", {"7": shown}).text.endswith("Ada,7,A,4\n")
    assert canvas.render(book, "1", {"7": shown}, has_bonus=True).text.endswith("Ada,7,A,6\n")
    assert report(check(), bonus=True).bonus_points == 0, "where nothing else is selected, the bonus counts"


def test_an_address_is_the_same_in_capitals() -> None:
    book = "Student,ID,SIS Login ID,Section,Work (1)\nAda,7,Ada@X.org,A,\n"

    assert canvas.render(book, "1", {"ada@x.ORG": of(4)}).text.endswith("A,4\n")


@pytest.mark.parametrize("word", ["grade", "grade=", "=x", "points=Punkte", "grade =  "])
def test_a_title_is_named_by_its_key(word: str) -> None:
    with pytest.raises(UsageError, match=r"write KEY=TITLE, with one of these keys: identifier, grade, modified"):
        moodle.columns_of(["identifier=Kennung", word])


def test_titles_in_another_language_come_from_the_command_line() -> None:
    german = moodle.columns_of(
        ["grade=Bewertung", "modified = Zuletzt ge\u00e4ndert (Bewertung)", "maximum=Bestwertung"]
    )
    sheet = "IDENTIFIER,bewertung,BESTWERTUNG,Zuletzt ge\u00e4ndert (bewertung)\nTeilnehmer/in 5,,%s,-\n"

    assert moodle.render(sheet % "9", {"5": of(4)}, german).text.endswith("Teilnehmer/in 5,4,9,-\n")
    with pytest.raises(UsageError, match="has 100 points in Moodle"):
        moodle.render(sheet % "100", {"5": of(4)}, german)


def test_canvas_in_another_country_keeps_its_semicolons() -> None:
    book = "Student;ID;Section;Work (1)\r\n Points Possible;;;9,0\r\nAda;7;A;\r\n"

    assert (
        canvas.render(book, "Work", {"7": of(4)}).text
        == "Student;ID;Section;Work (1)\r\n Points Possible;;;9,0\r\nAda;7;A;4\r\n"
    )


def test_moodle_gets_its_own_worksheet_back() -> None:
    graded = {"Participant 5001": of(7), "5003": of(9), "grace@example.org": of(0), "A-4": of(5), "Nobody": of(1)}
    filled = moodle.render(fixture("moodle.csv"), graded)
    before, after = (
        list(csv.DictReader(io.StringIO(each.removeprefix("\ufeff")))) for each in (fixture("moodle.csv"), filled.text)
    )

    assert filled.text.startswith("\ufeff")
    assert [row["Grade"] for row in after] == ["7", "0", "9", ""]
    kept = [key for key in before[0] if key not in ("Grade", "Feedback comments")]
    assert [[row[key] for key in kept] for row in after] == [[row[key] for key in kept] for row in before]
    assert after[0]["Feedback comments"] == "1.4 compute_grid: wrong; 7 of 9 checks"
    assert filled.missing == ("Nobody",)
    assert filled.kept == ("A-4",), "a grade that cannot be changed"


def test_a_fault_leaves_the_row_of_moodle_as_it_was() -> None:
    filled = moodle.render(fixture("moodle.csv"), {"5003": report(*[FAULT] * 9)})

    assert list(csv.reader(io.StringIO(filled.text))) == list(csv.reader(io.StringIO(fixture("moodle.csv"))))
    assert filled.without_score == ("5003",)


def test_a_name_is_found_composed_or_not() -> None:
    nfc, nfd = (unicodedata.normalize(form, "Müller, Zoë") for form in ("NFC", "NFD"))
    for there, ours in ((nfc, nfd), (nfd, nfc), (nfd, nfd)):
        book = f'Student,ID,Section,Work (1)\n"{there}",7,A,\n'
        worksheet = f'Identifier,Full name,Grade,Last modified (grade)\nParticipant 5,"{there}",,-\n'

        assert canvas.render(book, "1", {ours: of(4)}).text.endswith(f'"{there}",7,A,4\n')
        assert moodle.render(worksheet, {ours: of(4)}).text.endswith(f'Participant 5,"{there}",4,-\n')
        assert canvas.students(book).names == moodle.students(worksheet).names == {nfc}


def test_a_student_whose_name_is_the_id_of_another_one_gets_and_hides_nothing() -> None:
    book = 'Student,ID,Section,Work (1)\n"9002",9001,A,\n"Vera, V",9002,A,\n'
    worksheet = "Identifier,Full name,Grade,Last modified (grade)\nParticipant 9001,9002,,\nParticipant 9002,V,,\n"

    assert canvas.render(book, "1", {"9002": of(4)}).text.splitlines()[1:] == ["9002,9001,A,", '"Vera, V",9002,A,4']
    assert moodle.render(worksheet, {"9002": of(4)}).text.splitlines()[1:] == [
        "Participant 9001,9002,,",
        "Participant 9002,V,4,",
    ]


def test_moodle_writes_its_titles_with_capitals_or_without() -> None:
    worksheet = (
        "identifier,Grade Can Be Changed,grade,Last Modified (Grade)\nParticipant 5,no,,-\nParticipant 6,Yes,,-\n"
    )
    filled = moodle.render(worksheet, {"5": of(4), "6": of(3)})

    assert filled.text.splitlines()[1:] == ["Participant 5,no,,-", "Participant 6,Yes,3,-"]
    assert filled.kept == ("5",)


def test_moodle_speaks_the_language_of_its_site() -> None:
    german = Columns("ID", "Bewertung", "Zuletzt geändert (Bewertung)", "Feedback als Kommentar", "Bestwertung")
    sheet = 'ID,Bewertung,Bestwertung,Zuletzt geändert (Bewertung)\nTeilnehmer/in 5,,"9,00",-\n'

    assert moodle.render(sheet, {"5": of(4)}, german).text.endswith('Teilnehmer/in 5,4,"9,00",-\n')


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (
            "Teilnehmer,Bewertung\nx,\n",
            "no column 'Identifier'. It has: Teilnehmer, Bewertung. Name a title in another language: --columns",
        ),
        ("Identifier,Grade,Grade,Last modified (grade)\n5,,,\n", "The worksheet has 2 columns 'Grade'"),
        (
            "Identifier,Grade,Maximum Grade,Last modified (grade)\n5,,100.00,-\n",
            "has 100.00 points in Moodle, but the report has 9",
        ),
        (
            "Identifier,Grade,Maximum grade,Last modified (grade)\n5,,22.00,-\n",
            "has 22.00 points in Moodle, but the report has 9",
        ),
        ("Identifier,Grade,Last modified (grade)\n5,,\nParticipant 5,,\n", "more than one row for '5'"),
    ],
)
def test_a_worksheet_that_does_not_fit_is_refused_with_the_next_step(sheet: str, words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        moodle.render(sheet, {"5": of(7)})


# ---- Markdown --------------------------------------------------------------------------------------------------------


def tokens(markdown: str) -> list[str]:
    """Return the kinds of everything that Markdown makes of a text."""
    found = []
    for token in MARKDOWN.parse(markdown):
        found.append(token.type)
        found += [child.type for child in token.children or ()]
    return found


@some
@given(drawn=reports, student=texts)
def test_no_text_becomes_markup_in_markdown(drawn: Report, student: str) -> None:
    shown = for_student(drawn)
    exercises = [exercise for lesson in shown.lessons for exercise in lesson.exercises]
    kinds = tokens(as_markdown.render(drawn, student=student))

    assert set(kinds) <= {
        *(
            f"{name}_{end}"
            for name in ("heading", "paragraph", "strong", "table", "thead", "tbody")
            for end in ("open", "close")
        ),
        *(f"{name}_{end}" for name in ("tr", "th", "td", "bullet_list", "list_item") for end in ("open", "close")),
        *("inline", "text", "text_special", "fence", "softbreak"),
    }
    assert kinds.count("heading_open") == 1 + len(shown.lessons) + len(exercises)
    assert kinds.count("list_item_open") == sum(len(exercise.checks) for exercise in exercises)
    assert kinds.count("tr_open") == (len(exercises) + 1 if shown.lessons else 0)


@some
@given(drawn=texts)
def test_prose_reads_in_markdown_as_it_was_written(drawn: str) -> None:
    line = " ".join("".join(filter(str.isprintable, drawn)).split())
    rendered = MARKDOWN.render(f"{as_markdown.escaped(line)}\n")

    # A space of no width keeps what looks like a mail address from being one.
    shown = text_of(rendered).replace("\u200b", "")
    assert "".join(shown.split()) == line.replace(" ", "")
    assert tokens(f"{as_markdown.escaped(line)}\n") == [] or "<a " not in rendered


OWN = "Graded by hand: 22 of 22 points"
BREAKS = ["\n", "\r", "\r\n", "\n\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("line_break", BREAKS)
def test_text_of_a_student_begins_no_line_of_ours(line_break: str) -> None:
    said = f"a{line_break}{OWN}{line_break}## {OWN}"
    arrived = text_of_answer(said)
    for status, message in (
        (Status.RAISED, f"ValueError: {arrived}"),
        (Status.WRONG, f"What your function returned {arrived}."),
        (Status.CRASHED, "It ended." + last_words(said)),
    ):
        frames = (Frame("m1_4.py", 3, arrived, arrived),)
        failed = check(status, message=message, frames=frames, returned=said, wanted="1")
        drawn = report(failed)
        markdown = as_markdown.render(drawn)
        page = re.sub("<pre.*?</pre>", "", as_html.render(drawn), flags=re.DOTALL)
        fences = [token.content for token in MARKDOWN.parse(markdown) if token.type == "fence"]
        lines = [*text.render(drawn, text.Style(), 1.0).splitlines(), *junit.render(drawn).splitlines()]
        lines += [*"\n".join(fences).splitlines(), *re.split("<[^>]*>", page)]

        assert not [line for line in lines if re.match(r"[\s#]*Graded", line)]
        assert tokens(markdown).count("heading_open") == 3


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_type_that_is_called_like_a_sentence_of_ours_is_quoted(line_break: str) -> None:
    name = f"int{line_break}{OWN}"
    with pytest.raises(CheckFailed) as refused:
        coerce(Opaque(name), 1.0, {})

    assert len(str(refused.value).splitlines()) == 1
    assert [type_called(called) for called in ("KeyError", "m1.<locals>.Own")] == ["KeyError", "m1.<locals>.Own"]
    assert type_called(OWN) == f"'{OWN}'"
    assert len(type_called(name).splitlines()) == 1


def test_a_long_text_of_a_student_is_cut() -> None:
    assert quoted("\n".join("abc")) == "a\n  | b\n  | c"
    assert quoted("a" + "\n" * 500 + "b").count("\n") == 21
    assert quoted("") == ""


@pytest.mark.parametrize(
    "line",
    [
        "ValueError: a@evil.example",
        "xmpp:a@evil.example/room",
        "mailto:a_b.c+d@evil.example.",
        "@octocat, @a-b/team (@octocat) @@octocat",
        "GH-1 gh-12 #3 owner/name#4",
        "http://evil.example www.evil.example",
    ],
)
def test_nothing_in_prose_calls_a_person_or_leads_anywhere(line: str) -> None:
    rendered = MARKDOWN.render(f"{as_markdown.escaped(line)}\n")
    shown = text_of(rendered)

    assert "<a " not in rendered
    # Code hosts look for these in what is shown, when the backslashes are gone.
    assert not re.search(r"@\w|\w@|\bGH-\d|#\d", shown, re.IGNORECASE)
    assert shown.replace("\u200b", "").strip() == line


def test_a_product_of_matrices_stays_as_it_is() -> None:
    assert as_markdown.escaped("x @ w is meant") == "x @ w is meant"


@some
@given(drawn=texts)
@example(drawn="a\rb")
@example(drawn="a\r\r\nb")
def test_code_ends_where_it_ends(drawn: str) -> None:
    code = drawn.replace("\x00", "").replace("\ud800", "")
    first, *rest = MARKDOWN.parse(f"{as_markdown.fenced(code)}\n")

    assert (first.type, rest) == ("fence", [])
    # Markdown ends a line in three ways, and means the same by them.
    assert first.content == re.sub(r"\r\n?", "\n", f"{code}\n")


def test_a_markdown_report_can_be_read() -> None:
    assert as_markdown.render(SAMPLE, student="Ada *Lovelace*") == fixture("report.md")


# ---- HTML ------------------------------------------------------------------------------------------------------------


class Text(HTMLParser):
    """Collects the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of(page: str) -> str:
    parser = Text()
    parser.feed(page)
    return "".join(parser.parts)


TAGS = {"html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "h3", "p", "pre", "a"}
TAGS |= {"div", "span", "table", "caption", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "scope"}
ATTRIBUTES |= {"tabindex", "role", "aria-label"}


def parsed(page: str) -> Any:
    """Return the root of a page, parsed by the rules that browsers follow, without an error of the page's."""
    parser = Parser(namespace_html_elements=False)
    root = parser.parse(page)
    assert parser.errors == []
    return root


@some
@given(drawn=reports, student=texts)
def test_a_page_is_strict_html_whatever_the_texts_and_loads_nothing(drawn: Report, student: str) -> None:
    page = as_html.render(drawn, student=student)
    root = parsed(page)
    tags = {element.tag for element in root.iter()}

    assert tags <= TAGS
    assert {name for element in root.iter() for name in element.attrib} <= ATTRIBUTES
    assert all(element.attrib["href"].startswith("#") for element in root.iter("a"))
    # No parser has an opinion about it, browsers have: what a student wrote must not turn the page around.
    assert page.replace("\n", "").replace("\t", "").isprintable()


@some
@given(drawn=reports)
def test_a_page_can_be_heard(drawn: Report) -> None:
    root = parsed(as_html.render(drawn))
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    levels = [int(element.tag[1]) for element in root.iter() if re.fullmatch("h[1-6]", element.tag)]

    assert root.attrib["lang"] == "en"
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(lower - upper <= 1 for upper, lower in itertools.pairwise(levels))
    assert len(ids) == len(set(ids))
    assert {element.attrib["href"].removeprefix("#") for element in root.iter("a")} == set(ids)
    assert all(table.find("caption") is not None for table in root.iter("table"))
    assert all(header.attrib["scope"] in ("row", "col") for header in root.iter("th"))


def test_sentences_in_the_table_of_all_exercises_may_wrap() -> None:
    hidden = replace(check(Status.WRONG), visibility=Visibility.HIDDEN)
    page = as_html.render(report(check(), hidden))
    row = parsed(page).find(".//tbody/tr")
    cells = {"".join(cell.itertext()): cell.attrib.get("class") for cell in row}

    # Of the cells only numbers are kept on one line.
    assert "th, td.number { white-space: nowrap; }" in page
    assert cells == {
        "1.4": None,
        "compute_grid": None,
        "passed": None,
        "1 of 1": "number",
        "1 of 1 public checks; 1 more is run at grading": None,
    }


def test_a_page_says_what_the_terminal_says() -> None:
    said = text_of(as_html.render(SAMPLE, student="Ada <Lovelace>"))

    for words in (
        "Report: Ada <Lovelace>",
        "1 of 3 points",
        "1.4 The loss landscape",
        "compute_grid",
        "Failed: The claim of test_mean.",
        "your code returned  4.\nexpected            2.",
        "You add the squared errors up and stop there.",
        "exercises/m1_4_loss.py:21 in compute_grid",
        "hello",
        "Isolation: confined. Checked with the fixed examples.",
    ):
        assert words in said
