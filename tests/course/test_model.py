"""The course as its folders say: what is found, in which order, and which broken convention is named where."""

import contextlib
import dataclasses
import re
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.course.model import LESSON_NAME, NUMBERED, Course, Lesson, find_course, read_course
from grader.course.solution import Exercise
from grader.errors import CourseError, Fault, UsageError
from tests.conftest import ROOT
from tests.small_lesson import write_settings

SOLUTION = '''
    """Exercises of a lesson."""

    import torch
    from torch import Tensor
    from collections.abc import Callable as Function

    LIMIT = 3


    def _helper(x: Tensor) -> Tensor:
        """Given."""
        return x


    def first(x: Tensor, y: Tensor, /, lr: float = 0.1, *rest: int, steps: int = 2) -> list[tuple[float, float]]:
        """Return the first thing.

        More about it.
        """
        return [(1.0, 2.0)]


    class Second:
        """A class is an exercise too."""

        def forward(self, x: Tensor) -> Tensor:
            """Return x."""
            return x


    def third(x):
        """Bonus: return the third thing."""
        def inner():
            """No exercise."""
        return x


    if __name__ == "__main__":
        def also_no_exercise():
            """Only there."""
    '''

FIRST = '''
    """What must hold of first."""

    from grader.authoring import StudentFunction, predict, variant

    from .shared import ONE


    def _one() -> int:
        return ONE


    def helper_without_a_docstring() -> int:
        return 1


    def test_on_first(first: StudentFunction) -> None:
        """It holds.

        Because of this
        and that.
        """


    class TestNothing:
        def test_inside(self, first: StudentFunction) -> None:
            pass


    @variant
    def loop(x, y, lr=0.1):
        """A loop."""
        return [(float(_one()), 0.0)]


    @predict(answer="Yes.", because="So.", otherwise={"No.": "Not so."})
    def outcome(first):
        """Does it?"""
    '''

SECOND = '''
    """What must hold of Second."""

    from grader.authoring import variant


    @variant
    class Second:
        """The other way round."""

        def forward(self, x):
            return -x
    '''

THIRD = '''
    """What must hold of third."""

    from grader.authoring import StudentFunction


    def test_on_third(x: int, first: StudentFunction, third: StudentFunction) -> None:
        """   The third thing is third.   """
    '''

SHARED = '''
    """What several exercises use."""

    ONE = 1
    '''

HINTS = """
    # An exercise

    ## Hints

    1. What?
    2. This.
    3. `x`
    """

FIRST_TEXT = f"""{HINTS}
    ## Known mistakes

    ### zero

    - `(1.0, 2.0)` becomes `(0.0, _helper(0.0))`

    You return zero.
    It should be
    something else.

    ### own

    ```python
    def _shared():
        return 0


    def first(x, y):
        return _shared()
    ```

    You return nothing.

    ## Survivors

    - `(1.0, 2.0)` becomes `(+1.0, 2.0)`
      It is the same.
    """

SECOND_TEXT = f"""{HINTS}
    ## Known mistakes

    ### negated

    - `return x` becomes `return -x`

    You change the sign.
    """

THIRD_TEXT = f"""{HINTS}
    ## Known mistakes

    ### off_by__one

    - `return x` becomes `return x + 1`

    You are off by one.
    """

README = "Text before.\n# 1.4 The loss landscape\n\n# Another\n"
FILES = {
    "solution": SOLUTION,
    "first.py": FIRST,
    "Second.py": SECOND,
    "third.py": THIRD,
    "shared.py": SHARED,
    "first.md": FIRST_TEXT,
    "Second.md": SECOND_TEXT,
    "third.md": THIRD_TEXT,
    "README.md": README,
}


def write(root: Path, name: str, files: Mapping[str, str] | None = None) -> Lesson:
    """Write a lesson with the usual files, or those that are given, and return it."""
    lesson = Lesson(root, name)
    lesson.folder.mkdir(parents=True)
    (root / "solutions").mkdir(exist_ok=True)
    for file, text in {**FILES, **(files or {})}.items():
        path = lesson.solution if file == "solution" else lesson.folder / file
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return lesson


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """A lesson with everything in it."""
    return write(tmp_path, "m1_4_loss_landscape")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course of six lessons, written in no order."""
    for name in (
        "m2_1_optimizers",
        "m1_10_checkpoints",
        "m1_4_loss_landscape",
        "m1_2_loss",
        "m1_1_manual_loop",
        "m3_1_manual_loop",
    ):
        write(tmp_path, name)
    return read_course(tmp_path)


# ---- The index -------------------------------------------------------------------------------------------------------


def test_lessons_come_in_the_order_of_their_numbers(course: Course) -> None:
    assert [lesson.id for lesson in course.lessons] == ["1.1", "1.2", "1.4", "1.10", "2.1", "3.1"]


def test_folders_with_other_names_are_not_lessons(tmp_path: Path) -> None:
    write(tmp_path, "m1_1_loop")
    for name in (
        "__pycache__",
        ".git",
        "_drafts",
        "1_loop",
        "m1_2_Loop",
        "m1_2_lo-op",
        "m1_2_lo op",
    ):
        (tmp_path / "lessons" / name).mkdir()
    (tmp_path / "lessons" / "m1_3_file").write_text("", encoding="utf-8")
    assert [lesson.name for lesson in read_course(tmp_path).lessons] == ["m1_1_loop"]


def test_a_lesson_without_a_number_is_typed_by_its_name(tmp_path: Path) -> None:
    for name in ("week10", "week2", "intro_vectors", "m1_loop", "m1_2", "m2_1_x"):
        write(tmp_path, name)
    course = read_course(tmp_path)

    ids = ["intro_vectors", "m1_2", "m1_loop", "2.1", "week2", "week10"]
    assert [lesson.id for lesson in course.lessons] == ids
    assert [course.find(each).id for each in ids] == ids
    assert course.find("vectors").name == "intro_vectors"
    assert [lesson.module for lesson in course.lessons] == [None, None, None, 2, None, None]
    assert course.find("week2").title == "1.4 The loss landscape", "the number belongs to the title of another lesson"
    with pytest.raises(UsageError, match="'week' fits several lessons: week2, week10"):
        course.find("week")
    with pytest.raises(UsageError, match=re.escape("Did you mean week10? Available: intro_vectors, m1_2")):
        course.find("wek10")
    with pytest.raises(UsageError, match=re.escape("Lesson 2.7 isn't written yet. Available: intro_vectors, m1_2")):
        course.find("2.7")


@pytest.mark.parametrize("name", ["list", "class", "init", "drill", "random", "numpy", "torch", "import", "grader"])
def test_a_lesson_does_not_hide_a_command_or_a_module(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    with pytest.raises(CourseError) as caught:
        read_course(tmp_path)
    assert str(caught.value).startswith(f"lessons/{name}:1: a lesson cannot be called {name}: ")
    assert str(caught.value).endswith(" Rename it.")


def test_a_course_without_lessons_is_empty(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    assert read_course(tmp_path).lessons == ()


def test_two_lessons_of_one_number_are_an_error(tmp_path: Path) -> None:
    write(tmp_path, "m1_4_loss")
    write(tmp_path, "m1_04_grid")
    with pytest.raises(CourseError) as caught:
        read_course(tmp_path)
    names = {"m1_4_loss", "m1_04_grid"}
    text = str(caught.value)
    assert caught.value.file.removeprefix("lessons/") in names
    assert text.startswith(f"{caught.value.file}:1: ")
    assert text.endswith("are both lesson 1.4: renumber one of them.")
    assert all(name in text for name in names)


def test_leading_zeros_do_not_show_in_the_number(tmp_path: Path) -> None:
    assert Lesson(tmp_path, "m01_04_loss").id == "1.4"


@given(numbers=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), unique=True, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_is_that_of_the_numbers_whatever_they_are(
    numbers: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("course")
    for module, number in numbers:
        (root / "lessons" / f"m{module}_{number}_topic").mkdir(parents=True)
    (root / "lessons").mkdir(exist_ok=True)
    ids = [lesson.id for lesson in read_course(root).lessons]
    assert ids == [f"{module}.{number}" for module, number in sorted(numbers)]


# ---- One lesson ------------------------------------------------------------------------------------------------------


def test_a_lesson_knows_its_files(lesson: Lesson) -> None:
    root = lesson.root
    assert lesson.folder == root / "lessons" / "m1_4_loss_landscape"
    assert lesson.solution == root / "solutions" / "m1_4_loss_landscape.py"
    assert lesson.code("first") == lesson.folder / "first.py"
    assert lesson.text("first") == lesson.folder / "first.md"
    assert lesson.shared == lesson.folder / "shared.py"
    assert lesson.shown(lesson.code("first")) == "lessons/m1_4_loss_landscape/first.py"


def test_what_decides_the_verdicts_is_the_solution_and_all_of_the_folder_but_the_readme(lesson: Lesson) -> None:
    (lesson.folder / "notes.txt").write_text("", encoding="utf-8")
    (lesson.folder / "fourth.md").write_text("", encoding="utf-8")

    assert [lesson.shown(path).rpartition("/")[2] for path in lesson.deciding] == [
        "m1_4_loss_landscape.py",
        *("Second.md", "Second.py", "first.md", "first.py", "fourth.md", "shared.py", "third.md", "third.py"),
    ]


def test_public_functions_and_classes_are_the_exercises_in_file_order(lesson: Lesson) -> None:
    assert lesson.exercises == (
        Exercise(
            "first", ("x", "y", "lr"), "list[tuple[float, float]]", bonus=False, summary="Return the first thing."
        ),
        Exercise("Second", (), "", bonus=False, summary="A class is an exercise too.", is_class=True),
        Exercise("third", ("x",), "", bonus=True, summary="Bonus: return the third thing."),
    )


def test_an_exercise_is_found_by_its_name(lesson: Lesson) -> None:
    assert lesson.exercise("third") is lesson.exercises[2]


@pytest.mark.parametrize("name", ["fourth", "_helper", "First", "", "inner", "also_no_exercise"])
def test_an_unknown_exercise_is_an_error_that_names_the_known(lesson: Lesson, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        lesson.exercise(name)
    guess = " Did you mean first?" if name == "First" else ""
    assert str(caught.value) == f"Lesson 1.4 has no exercise {name!r}.{guess} Available: first, Second, third."
    assert caught.value.exit_code == 2


def test_test_functions_are_the_checks_with_claim_and_reason(lesson: Lesson) -> None:
    assert [(check.name, check.exercise, check.claim, check.why) for check in lesson.checks] == [
        ("test_on_first", "first", "It holds.", "Because of this and that."),
        ("test_on_third", "third", "The third thing is third.", ""),
    ]


def test_a_check_counts_for_the_exercise_of_its_file(lesson: Lesson) -> None:
    """Although it takes another exercise too, and before its own."""
    assert lesson.checks[1].exercise == "third"


@pytest.mark.parametrize(
    ("decorator", "points"),
    [
        ("", 1),
        ("@given(x=1)", 1),
        ("@points(0)", 0),
        ("@points(number=3)", 3),
        ("@given(x=1)\n@authoring.points(2)", 2),
    ],
)
def test_the_points_of_a_check_are_those_that_it_says(tmp_path: Path, decorator: str, points: int) -> None:
    lesson = write(tmp_path, "m1_4_loss", {"first.py": f"{decorator}\ndef test_a(first):\n    '''It holds.'''\n"})

    assert lesson.checks[0].points == points


def test_mistakes_are_read_with_their_exercise_and_explanation(lesson: Lesson) -> None:
    assert [(mistake.label, mistake.exercise, mistake.name, mistake.explanation) for mistake in lesson.mistakes] == [
        ("first__zero", "first", "zero", "You return zero. It should be something else."),
        ("first__own", "first", "own", "You return nothing."),
        ("Second__negated", "Second", "negated", "You change the sign."),
        ("third__off_by__one", "third", "off_by__one", "You are off by one."),
    ]


def test_a_lesson_may_have_no_mistakes_yet(lesson: Lesson) -> None:
    for exercise in lesson.exercises:
        lesson.text(exercise.name).unlink()
    assert lesson.mistakes == ()
    assert [text.hints for text in lesson.texts.values()] == [(), (), ()]


def test_an_exercise_may_have_no_mistakes_yet(tmp_path: Path) -> None:
    lesson = write(tmp_path, "m1_4_loss", {"Second.md": HINTS})
    assert {mistake.exercise for mistake in lesson.mistakes} == {"first", "third"}


def test_predictions_and_variants_are_read_with_their_exercise(lesson: Lesson) -> None:
    assert [prediction.label for prediction in lesson.predictions] == ["first__outcome"]
    assert [variant.label for variant in lesson.variants] == ["first__loop", "Second__Second"]


def test_a_mistaken_file_is_the_solution_with_several_mistakes_in_it(lesson: Lesson) -> None:
    zero, own, negated, off = lesson.mistakes
    namespace: dict[str, Any] = {}
    exec(lesson.mistaken(zero, negated, off), namespace)

    assert namespace["first"](0, 0) == [(0.0, 0.0)]
    assert (namespace["Second"]().forward(3), namespace["third"](3), namespace["LIMIT"]) == (-3, 4, 3)
    exec(lesson.mistaken(own), namespace)
    assert (namespace["first"](0, 0), namespace["Second"]().forward(3), namespace["third"](3)) == (0, 3, 3)


def test_a_varied_file_is_the_solution_with_the_variant_in_it(lesson: Lesson) -> None:
    loop, second = lesson.variants
    namespace: dict[str, Any] = {}
    exec(lesson.varied(loop), namespace)

    assert namespace["first"](0, 0) == [(1.0, 0.0)]
    assert namespace["Second"]().forward(3) == 3
    exec(lesson.varied(second), namespace)
    assert (namespace["first"](0, 0), namespace["Second"]().forward(3)) == ([(1.0, 2.0)], -3)


def test_a_helper_of_a_variant_with_a_name_of_the_solution_stays_its_own_or_is_refused(tmp_path: Path) -> None:
    """The exercise may stand above the helper of the solution, which would hide that of the variant."""
    solution = "def first(x):\n    '''F.'''\n    return _size(x)\n\n\ndef _size(x):\n    return abs(x)\n"
    code = "def _size(x):\n    return x.stop\n\n\n@variant\ndef sized(x):\n    '''S.'''\n    return _size(x)\n"
    lesson = write(tmp_path, "m1_4_loss", {"solution": solution, "first.py": code})
    namespace: dict[str, Any] = {}

    with contextlib.suppress(CourseError):
        exec(lesson.varied(lesson.variants[0]), namespace)
        assert namespace["first"](slice(3)) == 3


def test_the_imports_are_those_of_the_solution_once_each(tmp_path: Path) -> None:
    imports = "import torch, os.path\nimport torch\nfrom torch import nn\nfrom . import x\n"
    text = imports + "\ndef f():\n    '''F.'''\n    import ast\n"
    assert write(tmp_path, "m1_1_a", {"solution": text}).imports == ("torch", "os.path")


@pytest.mark.parametrize(
    ("readme", "title"),
    [
        (README, "The loss landscape"),
        ("# The loss landscape\n", "The loss landscape"),
        ("#1.4 no heading\n## 1.4 too deep\n# 1.4   Spaces  \n", "Spaces"),
        ("no heading", "m1_4_loss_landscape"),
        ("", "m1_4_loss_landscape"),
        ("# 1.4 Grenzen: größer ∇ 🙂\n", "Grenzen: größer ∇ 🙂"),
    ],
)
def test_the_title_is_the_first_heading_without_the_number(tmp_path: Path, readme: str, title: str) -> None:
    assert write(tmp_path, "m1_4_loss_landscape", {"README.md": readme}).title == title


def test_a_lesson_without_a_readme_is_called_by_its_name(lesson: Lesson) -> None:
    (lesson.folder / "README.md").unlink()
    assert lesson.title == "m1_4_loss_landscape"


def test_reading_a_course_imports_nothing_of_it(tmp_path: Path) -> None:
    bomb = "raise SystemExit('imported')\n\ndef first(x):\n    '''First.'''\n"
    fence = "```python\nraise SystemExit('imported')\n\ndef first(x):\n    raise SystemExit\n```"
    text = f"{textwrap.dedent(HINTS)}\n## Known mistakes\n\n### zero\n\n{fence}\n\nYou exit.\n"
    files = {"solution": bomb, "first.py": f"{bomb}\n", "first.md": text, "shared.py": "raise SystemExit\n"}
    lesson = write(tmp_path, "m9_9_bomb", files)
    assert [exercise.name for exercise in lesson.exercises] == ["first"]
    assert lesson.checks == ()
    assert [mistake.name for mistake in lesson.mistakes] == ["zero"]
    assert "raise SystemExit" in lesson.mistaken(lesson.mistakes[0])
    assert not [name for name in sys.modules if "m9_9_bomb" in name]


# ---- Broken conventions, with file and line --------------------------------------------------------------------------


SOLUTION_FILE, CODE_FILE, TEXT_FILE = (
    "solutions/m1_4_loss.py",
    "lessons/m1_4_loss/first.py",
    "lessons/m1_4_loss/first.md",
)
LOOKS: dict[str, Callable[[Lesson], object]] = {
    "exercises": lambda lesson: lesson.exercises,
    "checks": lambda lesson: lesson.checks,
    "mistakes": lambda lesson: lesson.mistakes,
    "variants": lambda lesson: lesson.variants,
    "predictions": lambda lesson: lesson.predictions,
    "imports": lambda lesson: lesson.imports,
}


def text_with(mistake: str) -> dict[str, str]:
    """Return the files in which a known mistake of first is another; its heading is in line 11."""
    return {"first.md": f"{textwrap.dedent(HINTS)}\n## Known mistakes\n\n{mistake}\n"}


BROKEN: list[tuple[str, dict[str, str], str]] = [
    (
        "exercises",
        {"solution": "import torch\n\ndef _private():\n    '''Given.'''\n"},
        f"{SOLUTION_FILE}:1: no public function: a solution needs at least one exercise.",
    ),
    ("exercises", {"solution": ""}, f"{SOLUTION_FILE}:1: no public function: a solution needs at least one exercise."),
    (
        "exercises",
        {"solution": "import torch\n\n\ndef first(x):\n    return x\n"},
        f"{SOLUTION_FILE}:4: first has no docstring: write what it returns.",
    ),
    (
        "exercises",
        {"solution": "def first(x):\n    '''   '''\n"},
        f"{SOLUTION_FILE}:1: first has no docstring: write what it returns.",
    ),
    (
        "exercises",
        {"solution": "def first(x):\n    '''F.'''\n\nclass Second:\n    pass\n"},
        f"{SOLUTION_FILE}:4: Second has no docstring: write what it returns.",
    ),
    (
        "exercises",
        {"solution": "def first(x):\n    '''F.'''\n    return (\n"},
        f"{SOLUTION_FILE}:3: syntax error: '(' was never closed.",
    ),
    ("imports", {"solution": "def = 1\n"}, f"{SOLUTION_FILE}:1: syntax error: invalid syntax."),
    (
        "checks",
        {"first.py": "def test_a(first):\n    pass\n"},
        f"{CODE_FILE}:1: test_a has no docstring: its first line is shown to the student.",
    ),
    (
        "checks",
        {"first.py": "import x\n\ndef test_a(other, torch):\n    '''It holds.'''\n"},
        f"{CODE_FILE}:3: test_a needs an argument named first.",
    ),
    (
        "checks",
        {"first.py": "@given(x=1)\ndef test_a():\n    '''It holds.'''\n"},
        f"{CODE_FILE}:2: test_a needs an argument named first.",
    ),
    (
        "checks",
        {"first.py": "def test_a(third):\n    '''It holds.'''\n"},
        f"{CODE_FILE}:1: test_a needs an argument named first.",
    ),
    (
        "checks",
        {"first.py": "@points(FULL)\ndef test_a(first):\n    '''It holds.'''\n"},
        f"{CODE_FILE}:2: @points of test_a must be a whole number, such as @points(2).",
    ),
    ("checks", {"first.py": "x = 1\n  y = 2\n"}, f"{CODE_FILE}:2: syntax error: unexpected indent."),
    ("checks", {"shared.py": "x = 1\n  y = 2\n"}, "lessons/m1_4_loss/shared.py:2: syntax error: unexpected indent."),
    (
        "variants",
        {"first.py": "@variant\ndef loop(x):\n    return x\n"},
        f"{CODE_FILE}:2: loop has no docstring: describe the style in one line.",
    ),
    (
        "predictions",
        {"first.py": "@predict(answer='A', because='B', otherwise={'C': 'D'})\ndef outcome(first):\n    return 1\n"},
        f"{CODE_FILE}:2: outcome has no docstring: write the question there.",
    ),
    (
        "mistakes",
        text_with("### zero\n\n- `(1.0, 3.0)` becomes `0`\n\nYou."),
        f"{TEXT_FILE}:13: `(1.0, 3.0)` does not occur in the solution of first. Quote text that occurs exactly once.",
    ),
    (
        "mistakes",
        text_with("### zero\n\n```python\ndef fourth(x):\n    return 0\n```\n\nYou."),
        f"{TEXT_FILE}:14: this code does not define first.",
    ),
    (
        "mistakes",
        text_with("### Zero\n\n- `1.0` becomes `0`\n\nYou."),
        f"{TEXT_FILE}:11: 'Zero' is not a valid mistake name: use lowercase letters, digits and _.",
    ),
    (
        "mistakes",
        text_with("### zero\n\n- `1.0` becomes `0`"),
        f"{TEXT_FILE}:11: zero has no explanation for the student.",
    ),
    (
        "mistakes",
        text_with("### zero\n\n```python\ndef first(x:\n```\n\nYou."),
        f"{TEXT_FILE}:14: syntax error: '(' was never closed.",
    ),
]


@pytest.mark.parametrize(("look", "files", "text"), BROKEN, ids=[text for _, _, text in BROKEN])
def test_a_broken_convention_is_named_with_file_and_line(
    tmp_path: Path, look: str, files: dict[str, str], text: str
) -> None:
    lesson = write(tmp_path, "m1_4_loss", files)
    with pytest.raises(CourseError) as caught:
        LOOKS[look](lesson)
    error = caught.value
    assert str(error) == text == f"{error.file}:{error.line}: {error.problem}"
    assert (tmp_path / error.file).is_file()
    assert error.exit_code == 2


def test_a_file_that_cannot_be_read_is_named(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(CourseError, match=r"^solutions/m1_4_loss_landscape\.py:1: cannot be read: .*Permission denied"):
        lesson.exercises  # noqa: B018


def test_a_text_that_cannot_be_read_is_named(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lesson.exercises

    def refuse(path: Path, **_: object) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(CourseError, match=r"^lessons/m1_4_loss_landscape/first\.md:1: cannot be read: .*Permission"):
        lesson.mistakes  # noqa: B018


@pytest.mark.parametrize("content", [b"x = 'caf\xe9'\n", b"x = 1\x00\n", b"# coding: no-such\n"], ids=repr)
@pytest.mark.parametrize("name", ["first.py", "shared.py"])
def test_a_file_that_is_not_text_is_named_with_file_and_line(lesson: Lesson, name: str, content: bytes) -> None:
    (lesson.folder / name).write_bytes(content)
    with pytest.raises(CourseError, match=rf"^lessons/m1_4_loss_landscape/{name}:\d+: "):
        lesson.checks  # noqa: B018


@pytest.mark.parametrize("content", [b"caf\xe9\n", b"\xff\xfe", b"\x00"], ids=repr)
def test_a_garbled_text_is_named_with_file_and_line(lesson: Lesson, content: bytes) -> None:
    lesson.text("first").write_bytes(content)
    with pytest.raises(CourseError, match=r"^lessons/m1_4_loss_landscape/first\.md:\d+: "):
        lesson.mistakes  # noqa: B018


def test_an_async_exercise_or_check_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    """It would be neither graded nor taken out of the stub."""
    source = "def first(x):\n    '''F.'''\n\nasync def second(x):\n    '''S.'''\n"
    lesson = write(tmp_path, "m1_4_loss", {"solution": source, "first.py": "async def test_a(first):\n    pass\n"})
    with contextlib.suppress(CourseError):
        assert [exercise.name for exercise in lesson.exercises] == ["first", "second"]
    lesson.solution.write_text("def first(x):\n    '''F.'''\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"^lessons/m1_4_loss/first\.py:1: test_a is async: write a plain def\.$"):
        Lesson(lesson.root, lesson.name).checks  # noqa: B018


@pytest.mark.parametrize("kind", ["solution", "first.py", "third.py"])
def test_a_missing_file_is_our_fault_and_named(lesson: Lesson, kind: str) -> None:
    path = lesson.solution if kind == "solution" else lesson.folder / kind
    path.unlink()
    with pytest.raises(Fault) as caught:
        LOOKS["exercises" if kind == "solution" else "checks"](lesson)
    shown = path.relative_to(lesson.root).as_posix()
    assert str(caught.value) == f"{shown} is missing: lesson 1.4 cannot be graded without it."
    assert caught.value.exit_code == 3


# ---- Finding a lesson ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1.4", "m1_4_loss_landscape"),
        ("1.10", "m1_10_checkpoints"),
        ("1.1", "m1_1_manual_loop"),
        ("m1_1", "m1_1_manual_loop"),
        ("m1_4", "m1_4_loss_landscape"),
        ("m1_4_loss", "m1_4_loss_landscape"),
        ("m1_4_loss_landscape", "m1_4_loss_landscape"),
        ("loss_landscape", "m1_4_loss_landscape"),
        ("landscape", "m1_4_loss_landscape"),
        ("loss", "m1_2_loss"),
        ("m2", "m2_1_optimizers"),
        ("optim", "m2_1_optimizers"),
    ],
)
def test_a_lesson_is_found_by_whatever_names_it(course: Course, text: str, wanted: str) -> None:
    assert course.find(text).name == wanted


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("m1", ["1.1", "1.2", "1.4", "1.10"]),
        ("manual_loop", ["1.1", "3.1"]),
        ("lo", ["1.1", "1.2", "1.4", "3.1"]),
        ("1", ["1.1", "1.2", "1.4", "1.10", "2.1", "3.1"]),
        ("m", ["1.1", "1.2", "1.4", "1.10", "2.1", "3.1"]),
    ],
)
def test_a_name_of_several_lessons_is_an_error_that_lists_them(course: Course, text: str, ids: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        course.find(text)
    listed = ", ".join(f"{lesson.id} ({lesson.name})" for lesson in course.lessons if lesson.id in ids)
    assert str(caught.value) == f"{text!r} fits several lessons: {listed}. Name one of them."


@pytest.mark.parametrize(
    "text",
    ["m1_9", "attention", "", "9", ".", "/", "..", "1.4.1", "m1_4 ", "*", ".*", "(", "\x1b", "a/m1_4"],
)
def test_an_unknown_lesson_is_an_error_that_lists_the_known(course: Course, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        course.find(text)
    guess = " Did you mean 1.4 (loss_landscape)?" if text == "1.4.1" else ""
    assert str(caught.value) == (
        f"No lesson is called {text!r}.{guess} Available: 1.1 (manual_loop), 1.2 (loss), 1.4 (loss_landscape), "
        "1.10 (checkpoints), 2.1 (optimizers), 3.1 (manual_loop)."
    )
    assert caught.value.exit_code == 2


def test_a_lesson_that_is_not_written_is_an_error_with_the_ranges_of_the_written(course: Course) -> None:
    with pytest.raises(UsageError) as caught:
        course.find("1.9")
    assert str(caught.value) == "Lesson 1.9 isn't written yet. Available: 1.1 to 1.2, 1.4, 1.10, 2.1, 3.1."


@given(text=st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_any_text_finds_a_lesson_or_is_an_error_of_usage(text: str) -> None:
    course = Course(Path("/nowhere"), (Lesson(Path("/nowhere"), "m1_1_loop"), Lesson(Path("/nowhere"), "m1_2_grid")))
    with contextlib.suppress(UsageError):
        assert course.find(text) in course.lessons


@given(
    names=st.lists(
        st.from_regex(NUMBERED, fullmatch=True) | st.from_regex(LESSON_NAME, fullmatch=True),
        unique_by=lambda name: Lesson(Path(), name).id,
        max_size=6,
    )
)
@settings(max_examples=50, deadline=None)
def test_every_lesson_is_found_by_its_number_and_by_its_whole_name(names: list[str]) -> None:
    course = Course(Path(), tuple(Lesson(Path(), name) for name in names))
    for lesson in course.lessons:
        assert course.find(lesson.id) == lesson
        assert course.find(lesson.name) == lesson


# ---- Finding the course ----------------------------------------------------------------------------------------------


def test_the_course_is_found_from_every_folder_below_it(course: Course) -> None:
    write_settings(course.root)
    for start in (course.root, course.root / "lessons", course.root / "lessons" / "m1_2_loss"):
        assert find_course(start).root == course.root


def test_outside_of_a_course_the_way_in_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find_course(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} is not in a course: neither this folder nor one above it has a course.toml. Change to the folder"
        " of your course, or make an empty one: grade init --course FOLDER"
    )


def test_lessons_without_settings_are_told_what_is_missing(course: Course) -> None:
    with pytest.raises(UsageError) as caught:
        find_course(course.root / "lessons" / "m1_2_loss")
    assert str(caught.value) == (
        f"{course.root} has lessons/ and no course.toml, which marks the root of a course. Write it, with one line:"
        ' title = "The name of the course"'
    )


def test_what_was_read_of_a_course_cannot_be_changed(course: Course) -> None:
    lesson = course.lessons[2]
    parts: tuple[Any, ...] = (
        course,
        lesson,
        *(each[0] for each in (lesson.exercises, lesson.checks, lesson.mistakes, lesson.variants, lesson.predictions)),
        lesson.mistakes[0].edits[0],
        lesson.files["first"],
        lesson.texts["first"],
        lesson.solution_module,
    )
    for part in parts:
        for field in dataclasses.fields(part):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(part, field.name, getattr(part, field.name))


def test_the_course_of_this_repository_follows_its_own_conventions() -> None:
    course = find_course(Path(__file__).parent)
    assert course.root == ROOT
    for lesson in course.lessons:
        assert lesson.exercises
        assert lesson.checks
        assert {check.exercise for check in lesson.checks} == {exercise.name for exercise in lesson.exercises}
        assert {mistake.exercise for mistake in lesson.mistakes} <= {exercise.name for exercise in lesson.exercises}
        assert lesson.title != lesson.name
