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
PUSH = '''
from hypothesis import given
from hypothesis import example


# A helper is no check.
def data():
    return 1


@given(x=numbers())
def test_push(push, x):
    """It pushes."""


@variant
def slowly(x):
    """In steps."""
    return x
'''
PULL = '''
import tempfile
from hypothesis import example, given

from .shared import STEPS, thrice


@example(x=1, y=2, z=1)
@given(x=numbers(), y=numbers(), z=numbers())
def test_pull(pull, x, y, z):
    """It pulls."""
    for name in ("twice", "thrice"):
        pull.drive(name, x)
    pull.drive("twice", x)
    pull.drive("thrice", x)


@driver
def twice(pull, x):
    return pull(x), pull(x), tempfile.gettempdir()
'''
SHARED = """
import math

STEPS = 3


@driver
def thrice(pull, x):
    return math.floor(pull(x))
"""
TEXT = """# push

## Hints

1. What?
2. This.
3. `x`

## Known mistakes

### pulled

- `return x` becomes `return -x`

You pull.
"""
FILE = f"lessons/{LESSON}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of one lesson in which everything is as it should be."""
    files = {
        f"solutions/{LESSON}.py": SOLUTION,
        f"{FILE}/push.py": PUSH,
        f"{FILE}/push.md": TEXT,
        f"{FILE}/pull.py": PULL,
        f"{FILE}/pull.md": TEXT.replace("push", "pull"),
        f"{FILE}/shared.py": SHARED,
        f"{FILE}/README.md": "# 1.7 Momentum\n",
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


BROKEN: dict[str, tuple[str, str, str, str]] = {
    "a check without a docstring": (
        "push.py",
        '"""It pushes."""',
        "pass",
        f"{FILE}/push.py:12: test_push has no docstring: its first line is shown to the student.",
    ),
    "a check of no exercise": (
        "push.py",
        "test_push(push, ",
        "test_push(",
        f"{FILE}/push.py:12: test_push needs an argument named push.",
    ),
    "a check of another exercise only": (
        "push.py",
        "test_push(push, ",
        "test_push(pull, ",
        f"{FILE}/push.py:12: test_push needs an argument named push.",
    ),
    "an argument that is nothing": (
        "push.py",
        "test_push(push, x)",
        "test_push(push, xs)",
        (
            f"{FILE}/push.py:12: argument xs of test_push is neither an exercise of the lesson (pull, push) nor"
            " drawn by @given."
        ),
    ),
    "an exercise without a check": (
        "pull.py",
        "def test_pull",
        "def old_pull",
        f"{FILE}/pull.py:1: pull has no checks: write a test_... with an argument named pull.",
    ),
    "two checks of one name": (
        "push.py",
        "# A helper is no check.",
        "def test_push(push):\n    '''It pushes.'''\n",
        f"{FILE}/push.py:14: test_push is already defined on line 6. Rename one of them.",
    ),
    "checks of one name in two files": (
        "pull.py",
        "def test_pull(",
        "def test_push(",
        f"{FILE}/pull.py:10: test_push is also a check in {FILE}/push.py. Rename one of them.",
    ),
    "a check and a variant of one name": (
        "push.py",
        "def slowly(",
        "def data(",
        f"{FILE}/push.py:17: data is already defined on line 7. Rename one of them.",
    ),
    "two helpers of one name that are shared": (
        "shared.py",
        "STEPS = 3",
        "def thrice():\n    pass",
        f"{FILE}/shared.py:9: thrice is already defined on line 4. Rename one of them.",
    ),
    "two exercises of one name": (
        "solution.py",
        "def pull",
        "def push",
        f"solutions/{LESSON}.py:7: push is already defined on line 2. Rename one of them.",
    ),
    "a mistake of another exercise": (
        "push.md",
        "- `return x` becomes `return -x`",
        "```python\ndef shove(x):\n    return -x\n```",
        f"{FILE}/push.md:14: this code does not define push.",
    ),
    "a mistake that fits the solution nowhere": (
        "push.md",
        "`return x` becomes",
        "`return y` becomes",
        f"{FILE}/push.md:13: `return y` does not occur in the solution of push. Quote text that occurs exactly once.",
    ),
    "a mistake without a name": (
        "push.md",
        "### pulled",
        "### ",
        f"{FILE}/push.md:11: '' is not a valid mistake name: use lowercase letters, digits and _.",
    ),
    "two mistakes of one name": (
        "push.md",
        "You pull.",
        "You pull.\n\n### pulled\n\n- `return x` becomes `return 0`\n\nYou stop.",
        f"{FILE}/push.md:17: pulled",
    ),
    "a mistake that says nothing": (
        "push.md",
        "You pull.",
        "",
        f"{FILE}/push.md:11: pulled has no explanation for the student.",
    ),
    "a solution that does not parse": (
        "solution.py",
        "def pull(x: float) -> float:",
        "def pull(x: float -> float:",
        f"solutions/{LESSON}.py:7: syntax error: ",
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
        f"solutions/{LESSON}.py:3: the example cannot be read: line 3 of the docstring",
    ),
    "hints in disorder": (
        "push.md",
        "2. This",
        "3. This",
        f"{FILE}/push.md:6: hint 2 is numbered 3.",
    ),
    "a section that is unknown": (
        "push.md",
        "## Known mistakes",
        "## Mistakes",
        f"{FILE}/push.md:9: unknown section 'Mistakes'. The sections are Hints, Known mistakes, Starter and Survivors.",
    ),
    "a survivor without a reason": (
        "push.md",
        "You pull.",
        "You pull.\n\n## Survivors\n\n- `return x` becomes `return +x`",
        f"{FILE}/push.md:19: explain below why no check can tell `return x` from `return +x`.",
    ),
    "a driver that does not exist": (
        "push.py",
        '"""It pushes."""',
        '"""It pushes."""\n    push.drive("twise", x)',
        f"{FILE}/push.py:14: this file has no @driver 'twise'. Write it, or correct the name.",
    ),
    "a driver of another exercise": (
        "push.py",
        '"""It pushes."""',
        '"""It pushes."""\n    push.drive("twice", x)',
        f"{FILE}/push.py:14: this file has no @driver 'twice'.",
    ),
    "a driver that is a helper": (
        "push.py",
        '"""It pushes."""',
        '"""It pushes."""\n    push.drive("data", x)',
        f"{FILE}/push.py:14: this file has no @driver 'data'.",
    ),
    "a driver of an error that does not exist": (
        "pull.py",
        '"""It pulls."""',
        '"""It pulls."""\n    authoring.assert_raises(ValueError, pull, x, driver="twise")',
        f"{FILE}/pull.py:12: this file has no @driver 'twise'. Write it, or correct the name. Available: thrice, ",
    ),
    "settings of its own": (
        "push.py",
        "@given(x=numbers())",
        "@given(x=numbers())\n@hypothesis.settings(max_examples=3)",
        f"{FILE}/push.py:12: test_push has its own @settings, but all checks share the same: remove it.",
    ),
    "a driver that imports the solutions": (
        "pull.py",
        "import tempfile",
        f"from solutions import {LESSON} as tempfile",
        (
            f"{FILE}/pull.py:2: a driver uses an import from solutions, but runs in the worker, where student code"
            " could read it."
        ),
    ),
    "a driver that imports the solutions where it runs": (
        "pull.py",
        "return pull(x), pull(x)",
        f"import solutions.{LESSON}\n    return pull(x), pull(x)",
        f"{FILE}/pull.py:20: a driver uses an import from solutions.{LESSON}, but runs in the worker",
    ),
    "a driver that imports the grader": (
        "pull.py",
        "import tempfile",
        "from grader.authoring import numbers as tempfile",
        f"{FILE}/pull.py:2: a driver uses an import from grader.authoring, but runs in the worker",
    ),
    "a driver that imports its neighbour": (
        "pull.py",
        "import tempfile",
        "from . import push as tempfile",
        f"{FILE}/pull.py:2: a driver uses an import from ., but runs in the worker",
    ),
    "a shared driver that imports the solutions": (
        "shared.py",
        "import math",
        "from solutions import math",
        f"{FILE}/shared.py:2: a driver uses an import from solutions, but runs in the worker",
    ),
    "a prediction that cannot be read": (
        "push.py",
        "@variant",
        "@predict(answer='A')",
        (
            f"{FILE}/push.py:17: @predict of slowly must be @predict(answer=..., because=..., otherwise={{...}}),"
            " with string literals"
        ),
    ),
    "a variant without a docstring": (
        "push.py",
        '"""In steps."""',
        "pass",
        f"{FILE}/push.py:17: slowly has no docstring: describe the style in one line.",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_told_with_its_line(root: Path, name: str) -> None:
    file, before, after, told = BROKEN[name]
    change(root, file, before, after)

    assert any(error.startswith(told) for error in errors(root)), errors(root)
    with pytest.raises(CourseError):
        rules.require(read_course(root).lessons[0])


def test_what_a_driver_imports_for_its_types_is_not_what_it_uses(root: Path) -> None:
    """Other functions of its file may use the grader."""
    change(root, "pull.py", "import tempfile", "import tempfile\nfrom grader.authoring import StudentFunction")
    change(root, "pull.py", "test_pull(pull,", "test_pull(pull: StudentFunction,")

    assert errors(root) == []


@pytest.mark.parametrize("name", ["shove.py", "shove.md", "Push.md", "checks.py", "hints.md"])
def test_a_file_named_after_no_exercise_is_told(root: Path, name: str) -> None:
    (root / FILE / name).write_text("")

    stem = name.partition(".")[0]
    assert errors(root) == [
        f"{FILE}/{name}:1: {stem} is not an exercise of the lesson (push, pull). Rename or move it."
    ]


def test_files_of_other_kinds_are_let_be(root: Path) -> None:
    (root / FILE / "figures").mkdir()
    (root / FILE / "figures" / "a.png").write_bytes(b"")
    (root / FILE / "shipped.sha256").write_text("")
    (root / FILE / "notes.txt").write_text("")

    assert errors(root) == []


@pytest.mark.parametrize("name", ["push.md", "shared.py", "README.md"])
def test_a_file_that_a_lesson_may_do_without_is_not_required(root: Path, name: str) -> None:
    (root / FILE / name).unlink()
    if name == "shared.py":
        change(root, "pull.py", "from .shared import STEPS, thrice", "")
        change(root, "pull.py", '    pull.drive("thrice", x)\n', "")

    assert errors(root) == []


@pytest.mark.parametrize("content", [b"\xff\xfe", b"def f(:\n", b"\x00", b"x = (" * 9999])
@pytest.mark.parametrize("file", ["push.py", "push.md", "pull.py", "pull.md", "shared.py"])
def test_garbage_is_told_with_its_file(root: Path, file: str, content: bytes) -> None:
    (root / FILE / file).write_bytes(content)

    assert all(f"{FILE}/{file}:" in error for error in errors(root))
    # Any text is Markdown: the audit says what it lacks.
    assert errors(root) or (file.endswith(".md") and content != b"\xff\xfe")


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
