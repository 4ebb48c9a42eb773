"""What breaks a convention of the course is found when it is read, with file and line and what to write instead."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course import rules
from grader.course.model import read_course
from grader.errors import CourseError
from tests.conftest import ROOT

LESSON = "m1_7_momentum"
SOLUTION = '''
def push(x: float) -> float:
    """Return x."""
    return x


def pull(x: float) -> float:
    """Return x."""
    return x
'''
CHECKS = '''
from hypothesis import given
from hypothesis import example


# A helper is no check.
def data():
    return 1


@given(x=numbers())
def test_push(push, x):
    """It pushes."""


@example(x=1, y=2, z=1)
@given(x=numbers(), y=numbers(), z=numbers())
def test_pull(pull, x, y, z):
    """It pulls."""
    for name in ("twice", "thrice"):
        pull.drive(name, x)
    pull.drive("twice", x)
    pull.drive("thrice", x)
    pull.drive("Path", x)
'''
MISTAKES = '''
def push__pulled(x):
    """You pull."""
'''
HINTS = """# Hints

## push

1. What?
2. This.
3. `x`

## pull

1. What?
2. This.
3. `x`
"""
DRIVERS = """
import tempfile
from pathlib import Path


def twice(push, x):
    return push(x), push(x)


thrice: object = twice
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of one lesson in which everything is as it should be."""
    files = {
        f"solutions/{LESSON}.py": SOLUTION,
        f"lessons/{LESSON}/checks.py": CHECKS,
        f"lessons/{LESSON}/mistakes.py": MISTAKES,
        f"lessons/{LESSON}/hints.md": HINTS,
        f"lessons/{LESSON}/drivers.py": DRIVERS,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "exercises").mkdir()
    return tmp_path


def errors(root: Path) -> list[str]:
    return [str(error) for error in rules.errors_of(read_course(root).lessons[0])]


def test_a_lesson_as_it_should_be_has_no_error(root: Path) -> None:
    assert errors(root) == []
    assert rules.strays_of(read_course(root)) == []


def test_this_course_has_no_error() -> None:
    course = read_course(ROOT)

    assert [error for lesson in course.lessons for error in rules.errors_of(lesson)] == []
    assert rules.strays_of(course) == []


def change(root: Path, name: str, before: str, after: str) -> None:
    path = root / (f"solutions/{LESSON}.py" if name == "solution.py" else f"lessons/{LESSON}/{name}")
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


FILE = f"lessons/{LESSON}"
BROKEN: dict[str, tuple[str, str, str, str]] = {
    "a check without a docstring": (
        "checks.py",
        '"""It pushes."""',
        "pass",
        f"{FILE}/checks.py:12: test_push has no docstring: its first line is shown to the student.",
    ),
    "a check of no exercise": (
        "checks.py",
        "test_push(push, ",
        "test_push(",
        f"{FILE}/checks.py:12: test_push has no argument that is named after an exercise (pull, push).",
    ),
    "an argument that is nothing": (
        "checks.py",
        "test_push(push, x)",
        "test_push(push, xs)",
        f"{FILE}/checks.py:12: argument xs of test_push is neither an exercise of the lesson (pull, push)",
    ),
    "an exercise without a check": (
        "checks.py",
        "def test_pull",
        "def old_pull",
        f"{FILE}/checks.py:1: pull has no checks: write a test_... with an argument named pull.",
    ),
    "two checks of one name": (
        "checks.py",
        "def test_pull(",
        "def test_push(",
        f"{FILE}/checks.py:18: test_push is already defined on line 12. Rename one of them.",
    ),
    "a mistake of no exercise": (
        "mistakes.py",
        "push__pulled",
        "shove__pulled",
        f"{FILE}/mistakes.py:2: shove__pulled is named after no exercise: write <exercise>__<mistake>",
    ),
    "a mistake without a name": (
        "mistakes.py",
        "push__pulled",
        "push__",
        f"{FILE}/mistakes.py:2: push__ is named after no exercise: write <exercise>__<mistake>, with one of push,",
    ),
    "a mistake that says nothing": (
        "mistakes.py",
        '"""You pull."""',
        "pass",
        f"{FILE}/mistakes.py:2: push__pulled has no docstring: it is what the student reads.",
    ),
    "a solution that does not parse": (
        "solution.py",
        "def pull(x: float) -> float:",
        "def pull(x: float -> float:",
        f"solutions/{LESSON}.py:7: this is no Python: ",
    ),
    "an exercise without a docstring": (
        "solution.py",
        '"""Return x."""',
        "pass",
        f"solutions/{LESSON}.py:2: push has no docstring: write what it returns.",
    ),
    "an example that does not parse": (
        "solution.py",
        '"""Return x."""',
        '"""Return x.\n\n    >>> y = 2\n    >>> push(\n    2\n    """',
        f"solutions/{LESSON}.py:6: syntax error in this example line: '(' was never closed.",
    ),
    "an example that is none": (
        "solution.py",
        '"""Return x."""',
        '"""Return x.\n\n    >>>push(2)\n    2\n    """',
        f"solutions/{LESSON}.py:3: its example is none: line 3 of the docstring",
    ),
    "four hints": (
        "hints.md",
        "3. `x`\n",
        "3. `x`\n4. More.\n",
        f"{FILE}/hints.md:3: expected 3 hints (a question, the idea, the line), found 4.",
    ),
    "hints of no exercise": ("hints.md", "## pull", "## shove", f"{FILE}/hints.md:9: shove is no exercise."),
    "hints in disorder": (
        "hints.md",
        "2. This",
        "3. This",
        f"{FILE}/hints.md:6: hint 2 is numbered 3.",
    ),
    "a driver that does not exist": (
        "checks.py",
        '"""It pushes."""',
        '"""It pushes."""\n    push.drive("twise", x)',
        f"{FILE}/checks.py:14: there is no driver 'twise' in {FILE}/drivers.py. Write it there, or correct the name.",
    ),
    "a driver of an error that does not exist": (
        "checks.py",
        '"""It pulls."""',
        '"""It pulls."""\n    authoring.assert_raises(ValueError, pull, x, driver="twise")',
        f"{FILE}/checks.py:20: there is no driver 'twise' in {FILE}/drivers.py.",
    ),
    "settings of its own": (
        "checks.py",
        "@given(x=numbers())",
        "@given(x=numbers())\n@hypothesis.settings(max_examples=3)",
        f"{FILE}/checks.py:12: test_push has its own @settings, but all checks share the same: remove it.",
    ),
    "a driver that imports the solutions": (
        "drivers.py",
        "import tempfile",
        f"from solutions.{LESSON} import push",
        f"{FILE}/drivers.py:2: a driver uses an import from solutions.{LESSON}, but runs in the worker",
    ),
    "a driver that imports its neighbour": (
        "drivers.py",
        "import tempfile",
        "from . import mistakes",
        f"{FILE}/drivers.py:2: a driver uses an import from ., but runs in the worker",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_told_with_its_line(root: Path, name: str) -> None:
    file, before, after, told = BROKEN[name]
    change(root, file, before, after)

    assert any(error.startswith(told) for error in errors(root)), errors(root)
    with pytest.raises(CourseError):
        rules.require(read_course(root).lessons[0])


@pytest.mark.parametrize("content", [b"\xff\xfe", b"def f(:\n", b"\x00", b"x = (" * 9999])
@pytest.mark.parametrize("file", ["checks.py", "mistakes.py", "drivers.py", "hints.md", "predictions.py"])
def test_garbage_is_told_with_its_file(root: Path, file: str, content: bytes) -> None:
    (root / FILE / file).write_bytes(content)

    assert all(f"{FILE}/{file}:" in error for error in errors(root))
    if file != "hints.md":
        assert errors(root)


def give_two_lessons_one_number(root: Path) -> None:
    (root / "lessons" / "m1_07_drift").mkdir()


def test_two_lessons_with_one_number_are_told(root: Path) -> None:
    give_two_lessons_one_number(root)

    with pytest.raises(CourseError, match=r"^lessons/m1_\w+:1: m1_\w+ and m1_\w+ are both lesson 1\.7"):
        read_course(root)


STRAYS: dict[str, Callable[[Path], object]] = {
    "lessons/1_8_adam:1: is not a lesson": lambda root: (root / "lessons" / "1_8_adam").mkdir(),
    "solutions/m1_8_adam.py:1: does not belong to a lesson": lambda root: (root / "solutions/m1_8_adam.py").touch(),
    "exercises/m1_8_adam.py:1: does not belong to a lesson": lambda root: (root / "exercises/m1_8_adam.py").touch(),
}


@pytest.mark.parametrize("told", STRAYS)
def test_what_belongs_to_no_lesson_is_told(root: Path, told: str) -> None:
    STRAYS[told](root)

    assert [str(error).startswith(told) for error in rules.strays_of(read_course(root))] == [True]
