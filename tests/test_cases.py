"""Golden situations: right answers pass, wrong ones fail by their names, hostile ones get nothing and break nothing."""

import ast
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from grader.course.model import Course, Lesson, read_course
from grader.course.submission import Source
from grader.engine.grading import Options
from grader.engine.seeds import seed_of
from grader.pool.client import Client
from grader.pool.job import Job
from grader.reports import as_json, text
from grader.sandbox.confinement import Limits
from grader.verdict import Report, Status
from tests.conftest import CANARY, ROOT, last_word

CASES = Path(__file__).parent / "cases"
RIGHT = sorted((CASES / "right").glob("*/*.py"))
WRONG = sorted((CASES / "wrong").glob("*/*.py"))
HOSTILE = sorted((CASES / "hostile").glob("*.py"))
HURRIED = Limits(call_seconds=0.5, long_call_seconds=1.0, load_seconds=1.0, lesson_seconds=10.0)
"""Attacks that wait for a time limit wait for a shorter one here."""
UNHURRIED = Limits(call_seconds=10.0, long_call_seconds=10.0, lesson_seconds=100.0)
"""The others must come to their own end, on a slow machine too."""

SECRET = seed_of("what no attack knows", "m1_4_loss_landscape")
"""Attacks are graded as in a class: what they know of the fixed examples helps them nothing."""

Grade = Callable[..., Report]


@pytest.fixture(scope="module")
def grade_case(course: Course) -> Iterator[Grade]:
    """Grade the content of a file as `grade class` does: by a judge that is forked where its lesson is known."""
    with pytest.MonkeyPatch.context() as patch, Client(course.root) as client:
        patch.setenv(*CANARY)
        client.start()

        @functools.cache
        def learn(name: str, seed: int) -> None:
            client.learn(name, seed)
            client.try_mistakes(name, seed)

        def grade(
            lesson: Lesson, content: bytes, *exercises: str, seed: int = 0, limits: Limits | None = None
        ) -> Report:
            learn(lesson.name, seed)
            source = Source(f"exercises/{lesson.name}.py", content)
            job = Job(lesson.name, source, Options(exercises, seed, limits or Limits(), is_strict=True))
            said = last_word(client, client.begin(job))
            assert said is not None, "the judge has died"
            assert said.lesson is not None, said.fault
            return Report((said.lesson,), said.isolation, seed)

        yield grade


def case(path: Path) -> str:
    """Return how a right or a wrong case is called: it stands in the folder of its lesson."""
    return f"{path.parent.name}/{path.stem}"


def header(path: Path, key: str, otherwise: str | None = None) -> str:
    """Return what stands behind ``# key:`` in the first lines of a case; a case may be no UTF-8."""
    lines = path.read_bytes().decode("utf-8-sig", errors="replace").splitlines()[:6]
    found = [match[1] for line in lines if (match := re.fullmatch(rf"# {key}: (.*)", line.strip()))]
    assert found or otherwise is not None, f"{path} has no line `# {key}:`"
    return found[0] if found else otherwise or ""


def defined(path: Path, lesson: Lesson) -> list[str]:
    """Return the exercises that a case defines."""
    names = {
        node.name for node in ast.parse(path.read_bytes()).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }
    return [exercise.name for exercise in lesson.exercises if exercise.name in names]


def attacked(course: Course, expected: Iterable[str]) -> Lesson:
    """Return the lesson that has these exercises."""
    return next(lesson for lesson in course.lessons if set(expected) <= {each.name for each in lesson.exercises})


@pytest.mark.parametrize("name", [lesson.name for lesson in read_course(ROOT).lessons])
def test_the_solution_gets_full_marks(name: str, course: Course, grade_case: Grade) -> None:
    lesson = course.find(name)
    report = grade_case(lesson, lesson.solution.read_bytes())

    assert len(report.lessons[0].exercises) == len(lesson.exercises)
    for exercise in report.lessons[0].exercises:
        assert exercise.status is Status.PASSED, text.render(report, text.Style(), 0)
        assert exercise.points == exercise.max_points


@pytest.mark.parametrize("path", RIGHT, ids=case)
def test_a_right_answer_gets_full_marks(path: Path, course: Course, grade_case: Grade) -> None:
    lesson = course.find(path.parent.name)
    exercises = defined(path, lesson)
    report = grade_case(lesson, lesson.solution.read_bytes() + b"\n\n" + path.read_bytes(), *exercises)

    assert exercises
    for exercise in report.lessons[0].exercises:
        assert exercise.status is Status.PASSED, text.render(report, text.Style(), 0)
        assert exercise.points == exercise.max_points


@pytest.mark.parametrize("path", WRONG, ids=case)
def test_a_wrong_answer_fails_and_is_called_by_its_name(path: Path, course: Course, grade_case: Grade) -> None:
    lesson = course.find(path.parent.name)
    name = path.stem.partition("__")[0]
    report = grade_case(lesson, lesson.solution.read_bytes() + b"\n\n" + path.read_bytes(), name)
    (exercise,) = report.lessons[0].exercises
    shown = text.render(report, text.Style(), 0)
    first = exercise.first_failure

    assert exercise.status == header(path, "status"), shown
    assert first is not None
    assert (first.mistake or "none") == header(path, "mistake"), shown
    assert header(path, "says", "") in " ".join(shown.split())
    assert not (unsaid := header(path, "unsaid", "")) or unsaid not in " ".join(shown.split())
    assert_speaks_of_the_student_only(shown)


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_an_attack_gets_nothing(path: Path, course: Course, grade_case: Grade) -> None:
    expected = {
        name: statuses.split("|") for name, statuses in (part.split("=") for part in header(path, "expect").split())
    }
    limits = HURRIED if any("timeout" in statuses for statuses in expected.values()) else UNHURRIED
    lesson = attacked(course, expected)
    report = grade_case(lesson, path.read_bytes(), *expected, seed=SECRET, limits=limits)
    shown = text.render(report, text.Style(), 0)

    # What an attack computes right is paid: its header says so.
    assert sum(exercise.points or 0 for exercise in report.lessons[0].exercises) == int(header(path, "points", "0")), (
        shown
    )
    for exercise in report.lessons[0].exercises:
        assert exercise.points is not None, shown
        assert exercise.status in expected[exercise.name], shown
    assert report.exit_code == 1
    assert report.isolation == "confined"
    assert_a_terminal_obeys_nothing(shown)
    assert_holds_no_answer(shown + as_json.render(report), lesson)


def assert_speaks_of_the_student_only(shown: str) -> None:
    """No frame of ours, and nothing that a terminal would obey."""
    assert "Traceback" not in shown
    assert "site-packages" not in shown
    assert not re.search(r"grader/[\w/]+\.py|lessons/|<drivers>|solutions/", shown)
    assert_a_terminal_obeys_nothing(shown)


def assert_a_terminal_obeys_nothing(shown: str) -> None:
    """No control characters: no colours, no cursor moves, no title."""
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown)


def assert_holds_no_answer(shown: str, lesson: Lesson) -> None:
    """No line of the solution's bodies, and none of the checks, leaks into a report."""
    assert "mean(dim=-1)" not in shown
    assert "StudentFunction" not in shown
    assert lesson.name in shown
