"""A path on the command line is the file that it names, or it is refused: never another file of the same name."""

import os
from pathlib import Path

import pytest

from grader import cli
from grader.course.locations import find_file, is_path
from grader.course.model import Course, Lesson, find_course
from grader.errors import UsageError

LOOP, GRID = "m1_1_loop", "m1_4_loss_grid"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course with the files of two lessons, in which the working directory is."""
    root = tmp_path / "course"
    for folder in ("exercises", "solutions", "other", *(f"lessons/{name}" for name in (LOOP, GRID))):
        (root / folder).mkdir(parents=True)
    for folder in ("exercises", "solutions", "other"):
        (root / folder / f"{GRID}.py").write_text("x = 1\n")
    monkeypatch.chdir(root)
    return Course(root, tuple(Lesson(root, name) for name in (LOOP, GRID)))


def found(course: Course, word: str) -> tuple[str, str]:
    """Return the lesson, and the folder as it is called from the root."""
    lesson, folder = find_file(course, word, course.root / "exercises")
    return lesson.name, os.path.relpath(folder, course.root)


@pytest.mark.parametrize(
    ("word", "folder"),
    [
        (f"exercises/{GRID}.py", "exercises"),
        (f"./exercises/{GRID}.py", "exercises"),
        (f"other/{GRID}.py", "other"),
        (f"other/../other/{GRID}.py", "other"),
        (f"solutions/{GRID}.py", "solutions"),
        (f"{GRID}.py", "exercises"),
        (f"lessons/{GRID}", "exercises"),
        (f"lessons/{GRID}/", "exercises"),
    ],
)
def test_the_file_that_a_path_names_is_taken(course: Course, word: str, folder: str) -> None:
    assert is_path(word)
    assert found(course, word) == (GRID, folder)
    if word.endswith(".py") and "/" in word:
        assert found(course, str(course.root / word)) == (GRID, folder)


def test_the_name_of_a_file_alone_is_the_one_that_lies_here(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course.root / "other")

    assert found(course, f"{GRID}.py") == (GRID, "other")


def test_a_file_of_the_submission_may_be_missing_for_its_report_says_so(course: Course) -> None:
    assert found(course, f"exercises/{LOOP}.py") == (LOOP, "exercises")
    assert found(course, f"{LOOP}.py") == (LOOP, "exercises")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (f"/does/not/exist/{GRID}.py", f"There is no file /does/not/exist/{GRID}.py."),
        (f"other/{LOOP}.py", f"There is no file other/{LOOP}.py."),
        (f"exercises/exercises/{GRID}.py", f"There is no file exercises/exercises/{GRID}.py."),
        ("nothing.py", "There is no file nothing.py."),
        ("other", "other is a folder. Give a file in it, or run: grade LESSON --submission other"),
        (f"other/{'x' * 300}.py", "There is no file other/xxx"),
        ("lessons/", "lessons/ is a folder."),
        (".", ". is a folder."),
        ("/", "/ is a folder."),
    ],
)
def test_what_is_not_an_exercise_file_is_refused(course: Course, word: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_file(course, word, course.root / "exercises")

    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (f"{GRID} (1).py", b"x = 1\n", f"Rename it to {GRID}.py"),
        ("homework.py", b"x = 1\n", f"Rename it after its lesson, such as {LOOP}.py"),
        (f"{GRID}.txt", b"x = 1\n", f"Rename it to {GRID}.py"),
        (f"{GRID}.ipynb", b'{"cells": [{"cell_type": "code"}]}', "is a Jupyter notebook. Export it as Python"),
        (f"{GRID}.zip", b"PK\x03\x04 ", "is a zip archive"),
    ],
)
def test_a_file_of_another_name_is_told_what_it_needs(course: Course, name: str, content: bytes, said: str) -> None:
    (course.root / "other" / name).write_bytes(content)

    with pytest.raises(UsageError) as caught:
        find_file(course, f"other/{name}", course.root / "exercises")

    assert said in str(caught.value)


def test_a_path_is_not_the_name_of_a_lesson() -> None:
    for word in ("1.4", "m1_4", "loss_landscape", "run_descent", ""):
        assert not is_path(word)


# ---- The whole command line ------------------------------------------------------------------------------------------

LESSON = "m1_4_loss_landscape"
ROOT = find_course(Path(__file__).parent).root


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A student's folder with the solution of a lesson, outside of the course."""
    (tmp_path / f"{LESSON}.py").write_bytes((ROOT / "solutions" / f"{LESSON}.py").read_bytes())
    monkeypatch.chdir(ROOT)
    return tmp_path


def test_the_verdict_is_about_the_file_that_was_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([str(folder / f"{LESSON}.py"), "compute_grid"]) == 0

    assert "passed   compute_grid" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["reset"], ["undo"], ["sync", "--check"], ["audit", "--quick"]])
def test_commands_that_write_or_prove_take_files_of_the_course(words: list[str], folder: Path) -> None:
    before = (folder / f"{LESSON}.py").read_bytes()

    with pytest.raises(UsageError, match=rf"{LESSON}\.py is not"):
        cli.run([*words, str(folder / f"{LESSON}.py")])

    assert (folder / f"{LESSON}.py").read_bytes() == before


@pytest.mark.usefixtures("folder")
def test_a_solution_is_not_reset() -> None:
    with pytest.raises(UsageError, match="is not in"):
        cli.run(["reset", f"solutions/{LESSON}.py"])


def test_files_of_two_folders_are_not_taken_together(folder: Path) -> None:
    with pytest.raises(UsageError, match="All files must be in one folder"):
        cli.run(["ci", "exercises/m1_1_training_loop.py", str(folder / f"{LESSON}.py")])
    with pytest.raises(UsageError, match="All files must be in one folder"):
        cli.run([str(folder / f"{LESSON}.py"), "--submission", "solutions"])
