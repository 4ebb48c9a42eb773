"""The `.py` of an exercise: checks by their names, the rest by decorators; errors name file and line."""

import ast
import contextlib
import textwrap
from typing import Any

import pytest

from grader.course.definitions import Module
from grader.course.exercise_file import Check, ExerciseFile, Prediction, read_exercise_file
from grader.course.model import read_course
from grader.errors import CourseError
from grader.verdict import Visibility
from tests.conftest import ROOT

FILE = "lessons/m9_1_scaling/scale.py"
SOURCE = '''
"""What must hold of scale."""

import math
from collections.abc import Callable

import torch
from hypothesis import given
from torch import Tensor

from grader import authoring
from grader.authoring import StudentFunction, driver, hidden, keeps, picture, points, predict, variant

from .shared import LIMIT, once, size

POINTS = (1.0, 2.0)


def helper() -> int:
    return LIMIT


@points(3)
@keeps("It shows the idea.")
@given(x=POINTS)
def test_every_entry(scale: StudentFunction, x: float) -> None:
    """Every entry is multiplied.

    Because of this
    and that.
    """


@authoring.hidden
def test_twice(shrink: StudentFunction, scale: StudentFunction) -> None:
    """   Twice is twice.   """
    scale.drive("both", 3)


class TestNothing:
    def test_inside(self, scale: StudentFunction) -> None:
        pass


@picture
def draw(axes: object, x: Tensor) -> None:
    """Add the points."""


@driver
def both(function: Callable[..., float], x: float) -> tuple[float, float]:
    """Call it twice."""
    return function(x, size(x)), function(x, _half(x))


def _half(x: float) -> float:
    return math.floor(x) / 2


@predict(
    answer="They turn round.",
    because="A negative factor "
    "changes signs.",
    otherwise={"Nothing.": "It does.", "All become 0.": "Only for 0."},
)
def negative(scale: StudentFunction) -> Tensor:
    """What does a factor of -1 do?

    With positive
    numbers?
    """
    return torch.ones(1)


@variant
def loop(x: float, factor: float) -> float:
    """A loop.

    It is slow.
    """
    return _half(2 * x) * factor * LIMIT


@variant
@torch.no_grad()
def scale(x: float, factor: float) -> float:
    """Another order."""
    return factor * x
'''
SHARED = '''
"""What several exercises use."""

import sys

from grader.authoring import driver

LIMIT = 1


def size(x: float) -> float:
    return min(x, sys.maxsize)


@driver
def once(scale: object, x: float) -> float:
    """Call it once."""
    return size(x)


@driver
def never(scale: object) -> None:
    """Not imported."""
'''


def line_of(piece: str) -> int:
    """Return where a piece of the source stands."""
    return SOURCE[: SOURCE.index(piece)].count("\n") + 1


def module(source: str, file: str = FILE) -> Module:
    return Module(file, source, ast.parse(source))


def read(source: str = SOURCE, shared: str = SHARED) -> ExerciseFile:
    return read_exercise_file(module(source), "scale", {"shared": module(shared, "lessons/m9_1_scaling/shared.py")})


def run(source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(compile(source, "a.py", "exec"), namespace)
    return namespace


# ---- Checks ----------------------------------------------------------------------------------------------------------


def test_the_functions_called_test_are_the_checks_in_file_order() -> None:
    assert read().checks == (
        Check(
            "test_every_entry",
            "scale",
            "Every entry is multiplied.",
            "Because of this and that.",
            points=3,
            keeps="It shows the idea.",
            line=line_of("def test_every_entry"),
        ),
        Check(
            "test_twice",
            "scale",
            "Twice is twice.",
            "",
            visibility=Visibility.HIDDEN,
            line=line_of("def test_twice"),
        ),
    )


def test_a_check_is_of_the_exercise_of_its_file_whatever_else_it_takes() -> None:
    assert read("def test_a(shrink, x, scale):\n    '''It holds.'''\n").checks[0].exercise == "scale"


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
def test_the_points_of_a_check_are_those_that_it_says(decorator: str, points: int) -> None:
    assert read(f"{decorator}\ndef test_a(scale):\n    '''It holds.'''\n").checks[0].points == points


@pytest.mark.parametrize(
    ("decorator", "visibility"),
    [
        ("@given(x=1)", Visibility.PUBLIC),
        ("@hidden", Visibility.HIDDEN),
        ("@given(x=1)\n@authoring.after_due", Visibility.AFTER_DUE),
    ],
)
def test_the_visibility_of_a_check_is_the_one_that_it_says(decorator: str, visibility: Visibility) -> None:
    assert read(f"{decorator}\ndef test_a(scale):\n    '''It holds.'''\n").checks[0].visibility is visibility


# ---- Predictions -----------------------------------------------------------------------------------------------------


def test_a_prediction_has_its_question_and_its_options_in_the_order_of_the_alphabet() -> None:
    assert read().predictions == (
        Prediction(
            "scale",
            "negative",
            "What does a factor of -1 do? With positive numbers?",
            (
                ("All become 0.", "Only for 0."),
                ("Nothing.", "It does."),
                ("They turn round.", "A negative factor changes signs."),
            ),
            "They turn round.",
            line_of("def negative"),
        ),
    )
    assert read().predictions[0].label == "scale__negative"


ASKED = 'answer="A", because="B", otherwise={"C": "D"}'
PREDICT = "@predict of negative must be @predict(answer=..., because=..., otherwise={...}), with string literals"


@pytest.mark.parametrize(
    "texts",
    [
        "",
        'answer="A", otherwise={"C": "D"}',
        'answer="A", because="B"',
        'answer="A", because="B", otherwise={}',
        'answer="A", because="B", otherwise=["C"]',
        'answer="A", because="B", otherwise={"C": 1}',
        'answer=1, because="B", otherwise={"C": "D"}',
        'answer="A" + str(1), because="B", otherwise={"C": "D"}',
        'answer=A, because="B", otherwise={"C": "D"}',
        f'{ASKED}, more="E"',
        f"{ASKED}, **more",
    ],
)
def test_a_prediction_without_all_texts_in_quotes_is_told_with_its_line(texts: str) -> None:
    source = f"\n@predict({texts})\ndef negative(scale):\n    '''What?'''\n"

    with pytest.raises(CourseError) as caught:
        read(source)
    assert str(caught.value).startswith(f"{FILE}:3: {PREDICT}")


# ---- Variants, drivers, pictures -------------------------------------------------------------------------------------


def test_a_variant_is_a_source_of_its_own_that_defines_the_exercise() -> None:
    loop, same = read().variants

    assert (loop.exercise, loop.name, loop.label, loop.summary) == ("scale", "loop", "scale__loop", "A loop.")
    assert (same.exercise, same.name, same.label, same.summary) == ("scale", "scale", "scale__scale", "Another order.")
    assert (loop.line, same.line) == (line_of("def loop"), line_of("def scale"))
    assert run(loop.source)["scale"](4, 2.5) == run(same.source)["scale"](4, 2.5) == 10
    assert "variant" not in loop.source + same.source
    assert "test_" not in loop.source + same.source


def test_a_variant_keeps_its_other_decorators() -> None:
    _, same = read().variants

    assert "import torch\n" in same.source
    assert "@torch.no_grad()\ndef scale" in same.source


def test_a_variant_may_be_a_class() -> None:
    (variant,) = read("@variant\nclass Line:\n    '''A line.'''\n    slope = 2\n").variants

    assert run(variant.source)["scale"].slope == 2


def test_the_drivers_are_those_of_the_file_and_those_that_it_imports() -> None:
    assert read().drivers == ("both", "once")


def test_drivers_are_a_source_of_their_own_that_imports_nothing_of_the_course() -> None:
    source = read().drivers_source
    namespace = run(source)

    assert namespace["both"](lambda *args: args, 3.0) == ((3.0, 3.0), (3.0, 1.5))
    assert namespace["once"](None, 3.0) == 3.0
    imports = [line for line in source.splitlines() if "import" in line]
    assert sorted(imports) == ["from collections.abc import Callable", "import math", "import sys"]
    assert not [name for name in ("test_every_entry", "loop", "negative", "draw", "never", "POINTS") if name in source]


@pytest.mark.parametrize("name", ["scale", "loop"])
def test_no_right_answer_travels_with_a_driver_whose_argument_has_its_name(name: str) -> None:
    """The source of the drivers lies beside the student's code, which could call what is in it: else it is refused."""
    variant = f"@variant\ndef {name}(x, factor):\n    '''A right answer.'''\n    return x * factor\n"
    driver = f"@driver\ndef once({name}, x):\n    return {name}(x, 2)\n"

    with contextlib.suppress(CourseError):
        assert "factor" not in read(f"{variant}\n\n{driver}").drivers_source


def test_a_shared_driver_may_have_another_name_in_the_file() -> None:
    file = read("from .shared import once as single\n")

    assert file.drivers == ("single",)
    assert run(file.drivers_source)["single"](None, 3.0) == 3.0


def test_a_file_without_drivers_sends_none() -> None:
    file = read("from .shared import LIMIT, size\n\ndef test_a(scale):\n    '''It holds.'''\n    size(LIMIT)\n")

    assert (file.drivers, file.drivers_source, file.picture, file.variants, file.predictions) == ((), "", "", (), ())


def test_the_picture_is_known_by_its_name() -> None:
    assert read().picture == "draw"


@pytest.mark.parametrize("mark", ["variant", "authoring.variant", "grader.authoring.variant"])
def test_a_decorator_marks_under_its_whole_name_too(mark: str) -> None:
    assert [each.name for each in read(f"@{mark}\ndef loop(x):\n    '''A loop.'''\n").variants] == ["loop"]


# ---- What is written in another way ----------------------------------------------------------------------------------


BROKEN: dict[str, tuple[str, int, str]] = {
    "a check without a docstring": (
        "\ndef test_a(scale):\n    pass\n",
        2,
        "test_a has no docstring: its first line is shown to the student.",
    ),
    "a check of another exercise": (
        "@given(x=1)\ndef test_a(shrink, x):\n    '''It holds.'''\n",
        2,
        "test_a needs an argument named scale.",
    ),
    "a check without arguments": ("def test_a():\n    '''It holds.'''\n", 1, "test_a needs an argument named scale."),
    "a class called like a check": (
        "class test_a:\n    '''It holds.'''\n",
        1,
        "test_a needs an argument named scale.",
    ),
    "an async check": ("import x\nasync def test_a(scale):\n    '''It.'''\n", 2, "test_a is async: write a plain def."),
    "an async variant": (
        "@variant\nasync def loop(x):\n    '''A loop.'''\n",
        2,
        "loop is async: write a plain def.",
    ),
    "a check that is kept in two ways": (
        "@hidden\n@after_due\ndef test_a(scale):\n    '''It holds.'''\n",
        3,
        "test_a is both @hidden and @after_due: choose one.",
    ),
    "points that are not a literal": (
        "@points(FULL)\ndef test_a(scale):\n    '''It holds.'''\n",
        2,
        "@points of test_a must be a whole number, such as @points(2).",
    ),
    "points that are not whole": (
        "@points(1.5)\ndef test_a(scale):\n    '''It holds.'''\n",
        2,
        "@points of test_a must be a whole number, such as @points(2).",
    ),
    "points without a number": (
        "@points()\ndef test_a(scale):\n    '''It holds.'''\n",
        2,
        "@points of test_a must be a whole number, such as @points(2).",
    ),
    "a variant without a docstring": (
        "@variant\ndef loop(x):\n    return x\n",
        2,
        "loop has no docstring: describe the style in one line.",
    ),
    "a prediction without a question": (
        f"@predict({ASKED})\ndef negative(scale):\n    return 1\n",
        2,
        "negative has no docstring: write the question there.",
    ),
    "a prediction without a call": ("@predict\ndef negative(scale):\n    '''What?'''\n", 2, PREDICT),
    "two pictures": (
        "@picture\ndef one(axes): pass\n\n@picture\ndef two(axes): pass\n",
        5,
        "two is the second @picture of the exercise: only one is allowed.",
    ),
    "two marks": ("@variant\n@driver\ndef f(x):\n    '''F.'''\n", 3, "f is both @variant and @driver: choose one."),
    "a marked check": (
        "@variant\ndef test_a(scale):\n    '''It holds.'''\n",
        2,
        "test_a is a @variant but named like a check: rename it.",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_written_in_another_way_is_told_with_its_line(what: str) -> None:
    source, line, problem = BROKEN[what]

    with pytest.raises(CourseError) as caught:
        read(textwrap.dedent(source))
    assert str(caught.value).startswith(f"{FILE}:{line}: {problem}")


def test_the_drivers_of_this_course_load_without_the_course() -> None:
    found = [
        (file, name)
        for lesson in read_course(ROOT).lessons
        for file in lesson.files.values()
        for name in file.drivers
        if file.drivers
    ]

    assert found
    for file, name in found:
        assert callable(run(file.drivers_source)[name])


def test_the_variants_of_this_course_define_their_exercises() -> None:
    variants = [variant for lesson in read_course(ROOT).lessons for variant in lesson.variants]

    assert variants
    for variant in variants:
        assert callable(run(variant.source)[variant.exercise])
