"""`grade debug` as a student gives it: a drill is made, graded, hinted at, mended and followed by another."""

import subprocess
from pathlib import Path

import pytest

from grader.course.model import Lesson
from tests.nursery import grade_command
from tests.small_lesson import THREE, THREE_SOLUTION, write_three

UNSAID = "You add the factor"


@pytest.fixture(name="solved")
def write_solved(tmp_path: Path) -> Lesson:
    """A course whose student has solved `scale` alone."""
    lesson = write_three(tmp_path)
    text = (tmp_path / "exercises" / f"{THREE}.py").read_text()
    (tmp_path / "exercises" / f"{THREE}.py").write_text(
        text.replace('raise NotImplementedError("TODO: scale")', "return factor * x")
    )
    assert "4 of 4 points" in grade(lesson, "9.3", "scale").stdout
    return lesson


def grade(lesson: Lesson, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [*grade_command(), *words]
    return subprocess.run(command, cwd=lesson.root, capture_output=True, text=True, check=False)


def test_a_drill_is_made_graded_and_mended(solved: Lesson) -> None:
    file = solved.root / "exercises" / "drill.py"
    own = (solved.root / "exercises" / f"{THREE}.py").read_bytes()
    made = grade(solved, "debug", "9.3")
    text = file.read_text()

    assert made.returncode == 0, made.stderr
    assert "9.3 scale: a drill" in made.stdout
    assert "Failed: The docstring example returns what it says." in made.stdout
    assert "your code returned" in made.stdout
    assert UNSAID not in made.stdout
    assert "return x + factor" in text

    again = grade(solved, "debug")
    assert again.returncode == 1
    assert "exercises/drill.py is as it was made." in again.stdout
    assert UNSAID not in again.stdout
    assert UNSAID in grade(solved, "debug", "--hint").stdout

    file.write_text(text.replace("x + factor", "x - factor"))
    wrong = grade(solved, "debug", "9.3", "scale")
    assert wrong.returncode == 1
    assert "as it was made" not in wrong.stdout

    file.write_text(text.replace("x + factor", "factor * x"))
    mended = grade(solved, "debug")
    assert mended.returncode == 0
    assert "Mended: every check of scale passes." in mended.stdout
    assert UNSAID in mended.stdout
    assert "1 drill of lesson 9.3 mended." in mended.stdout

    assert grade(solved, "debug").returncode == 2, "none is open"
    another = grade(solved, "debug", "9.3")
    assert another.returncode == 0, another.stderr
    assert file.read_text() != text
    assert sorted(path.name for path in file.parent.iterdir()) == ["drill.py", f"{THREE}.py"]
    assert (solved.root / "exercises" / f"{THREE}.py").read_bytes() == own


def test_another_drill_keeps_what_the_student_has_changed(solved: Lesson) -> None:
    file = solved.root / "exercises" / "drill.py"
    file.write_text("mine\n")
    first = grade(solved, "debug", "9.3")
    assert "What was in drill.py is kept in drill.before.py." in first.stdout
    assert (file.parent / "drill.before.py").read_text() == "mine\n"

    made = file.read_text()
    assert "is kept" not in grade(solved, "debug", "9.3", "--new").stdout
    assert file.read_text() != made

    file.write_text(file.read_text() + "# tried\n")
    assert "is kept in drill.before1.py." in grade(solved, "debug", "9.3", "--new").stdout
    assert (file.parent / "drill.before1.py").read_text().endswith("# tried\n")


def test_no_drill_gives_an_answer_away(solved: Lesson) -> None:
    refused = grade(solved, "debug", "9.3", "shift")
    assert refused.returncode == 2
    assert "there is one only where shift has passed. First: grade 9.3 shift" in refused.stderr

    solved.solution.write_text(THREE_SOLUTION.replace("return x * factor", "return shift(x, 0.0) * factor"))
    refused = grade(solved, "debug", "9.3")
    assert refused.returncode == 2
    assert "only where an exercise has passed" in refused.stderr
    assert not (solved.root / "exercises" / "drill.py").exists()


def test_a_link_in_the_place_of_the_drill_is_not_followed(solved: Lesson) -> None:
    target = solved.root / "target.py"
    target.write_text("mine\n")
    (solved.root / "exercises" / "drill.py").symlink_to(target)

    refused = grade(solved, "debug", "9.3")
    assert refused.returncode == 2
    assert "drill.py is a link" in refused.stderr
    assert target.read_text() == "mine\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [((), "No drill is open."), (("9.9",), "Lesson 9.9 isn't written yet"), (("9.3", "a", "b"), "Name a lesson and")],
)
def test_usage(solved: Lesson, words: tuple[str, ...], says: str) -> None:
    said = grade(solved, "debug", *words)

    assert said.returncode == 2
    assert says in said.stderr
