"""`grade show` draws what a student's function really returned."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.commands import show
from grader.course.model import Lesson, read_course
from grader.course.submission import Source
from grader.engine.grading import Task, load
from grader.errors import Fault
from grader.feedback.plot import MAX_COLUMNS
from grader.sandbox.zygote import Zygote
from tests.conftest import ROOT
from tests.small_lesson import SOLUTION as SMALL
from tests.small_lesson import write_lesson

PAIR_CHECK = '''
import torch

from grader.authoring import StudentFunction, assert_close


def test_sum(scale: StudentFunction) -> None:
    """The first number is the sum."""
    assert_close(scale(torch.tensor([1.0, 2.0]), 5.0)[0], 3.0)
'''
LESSON = "m1_4_loss_landscape"
SOLUTION = (ROOT / "solutions" / f"{LESSON}.py").read_text()
Draw = Callable[[str, str], str]


@pytest.fixture
def draw(zygote: Zygote, tmp_path: Path) -> Draw:
    """Draw an exercise of a file with this text, in a course of the test's own."""
    root = tmp_path / "course"
    shutil.copytree(ROOT / "lessons" / LESSON, root / "lessons" / LESSON)
    (root / "solutions").mkdir()
    (root / "solutions" / f"{LESSON}.py").write_text(SOLUTION)
    return drawing(read_course(root).lessons[0], zygote)


def drawing(lesson: Lesson, zygote: Zygote, width: int = 80) -> Draw:
    """Return what draws an exercise of a file of this lesson, for a terminal of this width."""

    def draw_one(content: str, exercise: str) -> str:
        job = show.job(lesson, Source(f"{lesson.name}.py", content.encode()), exercise, width)
        return show.draw(Task(load(lesson), job.source, zygote, job.options))

    return draw_one


def png(tmp_path: Path, exercise: str) -> bytes:
    return (tmp_path / "course" / ".grade" / "pictures" / f"1.4-{exercise}.png").read_bytes()


def test_a_wrong_grid(draw: Draw, tmp_path: Path) -> None:
    said = draw(SOLUTION.replace("mean(dim=-1)", "sum(dim=-1)"), "compute_grid")

    assert "difference\n" in said
    assert "[+]" in said
    assert "numbers differ. The first is at [0, 0]" in " ".join(said.split())
    assert "compute_grid(\n" in said
    assert png(tmp_path, "compute_grid").startswith(b"\x89PNG")


@pytest.mark.parametrize("width", [60, 80, 140])
def test_a_picture_fits_the_terminal_that_it_is_drawn_for(zygote: Zygote, tmp_path: Path, width: int) -> None:
    draw = drawing(write_lesson(tmp_path), zygote, width)
    said = draw(SMALL.replace("return x * factor", "return x + factor + 0.25"), "scale")
    drawn = said.partition("The call:")[0].splitlines()  # code to paste keeps its lines

    assert max(map(len, drawn)) <= width
    assert max(len(line) for line in drawn if set(line) & set("|+")) > 0.7 * min(width, MAX_COLUMNS)


def test_the_picture_says_the_mistake_and_shows_the_smallest_call_with_a_visible_difference(
    draw: Draw, tmp_path: Path
) -> None:
    said = draw(SOLUTION.replace("mean(dim=-1)", "sum(dim=-1)"), "compute_grid")
    numbers = [int(number) for number in re.findall(r"a grid of (\d+) by (\d+)", " ".join(said.split()))[0]]

    assert "You add the squared errors up and stop there" in " ".join(said.split())
    assert b"You add the squared errors up and stop there" in png(tmp_path, "compute_grid")
    assert numbers[0] * numbers[1] <= 12


def test_the_picture_says_a_cause(draw: Draw, tmp_path: Path) -> None:
    said = draw(SOLUTION.replace("mean(dim=-1)", "mean(dim=-1).log()"), "compute_grid")

    assert "Your result is always the logarithm of the expected one." in " ".join(said.split())
    assert b"Your result is always the logarithm of the expected one." in png(tmp_path, "compute_grid")


def test_the_steps_of_a_loop_are_listed_up_to_the_first_wrong_one(draw: Draw) -> None:
    body = """
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        error = w * x + b - y
        grad_w = 2 * (error * x).mean().item()
        grad_b = 2 * error.mean().item()
        grad_b += 0.25 if len(path) > 2 else 0
        w, b = w - lr * grad_w, b - lr * grad_b
        path.append((w, b))
    return path
"""
    said = draw(f"{SOLUTION}\n\ndef run_descent(x, y, w_start, b_start, lr, steps):{body}", "run_descent")

    table = said.partition("Your loop, up to the first step that differs:\n")[2].splitlines()
    assert table[0].startswith("  before pass 1  grad_b = -")
    assert re.match(
        r"  after pass 3 +grad_b = \S+ \(expected \S+\), b = \S+ \(expected \S+\), w = \S+, grad_w = ", table[3]
    )


def test_what_fails_beside_the_values_is_said(draw: Draw) -> None:
    wrong = "\n\n_right = compute_grid\n\n\ndef compute_grid(x, y, w_values, b_values):\n"
    said = draw(
        f"{SOLUTION}{wrong}    grid = _right(x, y, w_values, b_values)\n    x.zero_()\n    return grid\n",
        "compute_grid",
    )

    assert "The values are right; what fails is something else:" in " ".join(said.split())


def test_a_right_path(draw: Draw, tmp_path: Path) -> None:
    said = draw(SOLUTION, "run_descent")

    assert "They agree." in " ".join(said.split())
    assert png(tmp_path, "run_descent").startswith(b"\x89PNG")


def test_a_function_that_raises_shows_the_target_alone(draw: Draw) -> None:
    said = draw(SOLUTION + "\ndef compute_grid(x, y, w_values, b_values):\n    return x.nonsense\n", "compute_grid")

    assert "nothing to draw" in " ".join(said.split())
    assert "AttributeError" in said


@pytest.mark.parametrize("before", [f"{SOLUTION}\ndef compute_grid(*_):\n    ", ""], ids=["at the call", "at import"])
def test_what_an_exception_says_is_text_for_a_terminal(draw: Draw, before: str) -> None:
    text = ascii("\x1b]0;PWNED\x07\x1b[2J\u202eturned\r")
    said = draw(f"{before}raise ValueError({text})\n", "compute_grid")

    assert all(character.isprintable() or character == "\n" for character in said)
    assert "PWNED" in said


@pytest.mark.parametrize(
    "returned",
    ["torch.full((2, 3), 1.7e308, dtype=torch.float64)", "torch.zeros([2] * 19)", "[1.7e308, -1.7e308] * 3"],
    ids=["overflow", "nineteen dimensions", "another kind"],
)
def test_what_cannot_be_computed_with_is_drawn_or_named(draw: Draw, returned: str) -> None:
    wrong = f"\n\ndef compute_grid(x, y, w_values, b_values):\n    return {returned}\n"
    assert "Picture: " in draw(SOLUTION + wrong, "compute_grid")


@pytest.mark.parametrize(
    "code",
    [
        "\ndef compute_grid(x, y, w_values, b_values):\n    raise ValueError(ESCAPES)\n",
        "\ndef compute_grid(x, y, w_values, b_values):\n    return type(ESCAPES, (), {})()\n",
        "\ndel compute_grid\nraise ValueError(ESCAPES)\n",
        "\ndel compute_grid\nimport sys\nprint(ESCAPES)\nsys.exit(ESCAPES)\n",
    ],
)
def test_what_code_says_is_text_for_a_terminal(draw: Draw, tmp_path: Path, code: str) -> None:
    escapes = "\x1b]0;title\x07\x1b]52;c;cm0=\x07\x1b[2J\u202eturned"
    said = draw(f"{SOLUTION}\nESCAPES = {escapes!a}\n{code}", "compute_grid")

    assert all(character.isprintable() or character == "\n" for character in said)
    picture = tmp_path / "course" / ".grade" / "pictures" / "1.4-compute_grid.png"
    assert not picture.exists() or b"\x1b[2J" not in picture.read_bytes()


def test_a_stub_and_a_file_that_is_no_python_have_nothing_to_draw(draw: Draw) -> None:
    assert "Nothing to draw yet. Still to do" in draw((ROOT / "exercises" / f"{LESSON}.py").read_text(), "compute_grid")
    assert "cannot read" in " ".join(draw("def x(:\n", "compute_grid").split())


PAIR = """

def scale(x, factor):
    return (float(x.sum()) * {}, factor)
"""


@pytest.mark.parametrize(("factor", "says"), [("2", "your code returned"), ("1", "All values are right.")])
def test_two_numbers_are_told_in_words(factor: str, says: str, zygote: Zygote, tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    changed = lesson.solution.read_text().replace("    return x * factor\n", "    return (float(x.sum()), factor)\n")
    lesson.solution.write_text(changed.replace("tensor([3., 6.])", "(3.0, 3.0)"))
    lesson.code("scale").write_text(PAIR_CHECK)
    lesson.text("scale").write_text(lesson.text("scale").read_text().partition("## Known mistakes")[0])
    said = drawing(read_course(tmp_path).lessons[0], zygote)(f"import torch\n{PAIR.format(factor)}", "scale")

    assert "What scale returns is told in words" in said
    assert says in said
    assert "Picture:" not in said


def test_figures_are_told_in_words(draw: Draw) -> None:
    assert "cannot be drawn" in draw(SOLUTION, "plot_descent")


def test_a_picture_that_breaks_is_our_fault(draw: Draw, tmp_path: Path) -> None:
    checks = tmp_path / "course" / "lessons" / LESSON / "compute_grid.py"
    imported = "\n\nfrom grader.authoring import picture\n\n"
    checks.write_text(
        f"{checks.read_text()}{imported}\n@picture\ndef breaking(axes, **_):\n    raise ValueError('no')\n"
    )

    with pytest.raises(Fault, match=r"m1_4_loss_landscape/compute_grid\.py: its @picture cannot draw: ValueError: no"):
        draw(SOLUTION, "compute_grid")


def test_where_the_course_cannot_be_written_the_picture_goes_elsewhere(
    draw: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course" / ".grade").write_text("in the way")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said = draw(SOLUTION, "compute_grid")

    place = Path(said.rpartition("Picture: ")[2])
    assert place.is_relative_to(tmp_path)
    assert place.read_bytes().startswith(b"\x89PNG")
