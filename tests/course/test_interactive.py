"""Interactive figures are read without running them, and what cannot be read is told with its line."""

import pytest

from grader.course.definitions import Module
from grader.course.interactive import read_interactive
from grader.errors import CourseError
from grader.scene import Choice, Settings, Slider, curve, dots
from grader.syntax import parse

HEAD = "from grader.authoring import Choice, Slider, interactive\n\n\n"
FIGURE = '''\
@interactive(still="a.svg", size=Slider(0.0, 2.0, start=1.0, says="size"), kind=Choice(("a", "b"), says="kind"))
def draw(scale, size, kind):
    """The size of things.

    Move it.
    """
'''


def read(text: str) -> object:
    (figure,) = read_interactive(Module("interactive.py", HEAD + text, parse(HEAD + text)), ["scale", "shift"])
    return figure


def test_a_figure_tells_its_picture_its_controls_and_its_exercises() -> None:
    text = HEAD + FIGURE
    (figure,) = read_interactive(Module("interactive.py", text, parse(text)), ["scale", "shift"])

    assert (figure.name, figure.still, figure.title, figure.about) == (
        "draw",
        "a.svg",
        "The size of things",
        "Move it.",
    )
    assert figure.exercises == ("scale",)
    assert figure.controls == {"size": Slider(0.0, 2.0, 1.0, "size"), "kind": Choice(("a", "b"), "kind")}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('still="a.svg", ', "", "must name the picture"),
        ('    """The size of things.', '    """', "first line"),
        ("scale, size, kind", "other, size, kind", "the parameters of draw"),
        ("scale, size, kind", "scale, size", "the parameters of draw"),
        ("start=1.0", "start=3.0", "cannot start at 3.0"),
        ("start=1.0", "start=START", "the control size"),
        ('Slider(0.0, 2.0, start=1.0, says="size")', "1.0", "must be a Slider or a Choice"),
        ('("a", "b")', '("a",)', "two options or more"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(old: str, new: str, said: str) -> None:
    text = FIGURE.replace(old, new, 1)
    if old.startswith("    "):
        text = text.replace("The size of things.", "").replace('"""\n\n    Move it.\n    """', "pass")
        said = "needs a docstring"

    with pytest.raises(CourseError, match=r"interactive\.py:\d+: ") as caught:
        read(text)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("value", "got"),
    [
        (1.0, 1.0),
        (1.26, 1.5),
        (-5, 0.0),
        (99, 2.0),
        ("1", 1.0),
        (True, 1.0),
        (float("nan"), 1.0),
        (None, 1.0),
        ([], 1.0),
    ],
)
def test_a_slider_takes_the_nearest_number_that_it_can_have(value: object, got: float) -> None:
    assert Slider(0.0, 2.0, 1.0, "size", step=0.5).nearest(value) == got


@pytest.mark.parametrize(
    ("value", "got"), [(0, "a"), (1, "b"), (2, "a"), (-1, "a"), (True, "a"), ("b", "a"), (1.0, "a")]
)
def test_a_choice_takes_the_number_of_an_option(value: object, got: str) -> None:
    assert Settings({"kind": Choice(("a", "b"), "kind")}, {"kind": value, "other": 1}).all() == {"kind": got}


def test_a_number_that_cannot_be_drawn_is_a_gap() -> None:
    assert curve([0, 1, 2], [1.0, float("inf"), float("nan")]).points == ((0.0, 1.0), (1.0, None), (2.0, None))


def test_a_colour_without_a_meaning_is_refused() -> None:
    with pytest.raises(ValueError, match="'pink' is not one of the roles"):
        dots([0], [0], "pink")
