"""Course files that differ from the shipped ones are said before any verdict; `grade sync` ships those of an author."""

import hashlib
import shutil
from pathlib import Path

import pytest

from grader import cli
from grader.commands import Answer
from grader.course import shipped
from grader.course.model import Lesson, read_course
from grader.errors import CourseError
from tests.conftest import ROOT

NAME = "m1_1_training_loop"
SOLUTION = f"solutions/{NAME}.py"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the course with one lesson, in which the working directory is."""
    for folder in ("solutions", "exercises", f"lessons/{NAME}"):
        (tmp_path / folder).mkdir(parents=True)
    for file in (SOLUTION, f"exercises/{NAME}.py", "course.toml"):
        shutil.copy(ROOT / file, tmp_path / file)
    for path in (ROOT / "lessons" / NAME).iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path / "lessons" / NAME)
    (tmp_path / "lessons" / NAME / shipped.LIST).write_text(shipped.list_of(lesson_of(tmp_path)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lesson_of(root: Path) -> Lesson:
    return read_course(root).find("1.1")


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def test_every_lesson_of_this_course_is_as_shipped() -> None:
    for lesson in read_course(ROOT).lessons:
        listed = (lesson.folder / shipped.LIST).read_text().count("\n")
        assert listed >= 1 + 2 * len(lesson.exercises), "the solution, and two files of each exercise"
        assert shipped.sentence(lesson) == ""


def test_the_list_is_one_of_sha256sum(course: Path) -> None:
    for line in shipped.list_of(lesson_of(course)).splitlines():
        digest, path = line.split("  ")
        assert digest == hashlib.sha256((course / path).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "path", [SOLUTION, *(f"lessons/{NAME}/{name}" for name in ("train.py", "train.md", "shared.py"))]
)
def test_a_file_that_was_edited_is_named_with_the_step_that_brings_it_back(course: Path, path: str) -> None:
    append(course / path, "\nx = 1\n")

    said = shipped.sentence(lesson_of(course))

    assert said.startswith(f"Verdicts of lesson 1.1 may be wrong: {path} is not as shipped")
    assert f"git checkout -- {path} (" in said
    assert said.endswith("grade sync 1.1")


def test_a_file_that_is_missing_is_named_beside_others(course: Path) -> None:
    (course / f"lessons/{NAME}/train.py").unlink()
    (course / f"lessons/{NAME}/best_constant.md").unlink()
    append(course / SOLUTION, "\nx = 1\n")

    names = f"{SOLUTION}, lessons/{NAME}/best_constant.md, lessons/{NAME}/train.py"
    assert f"{names} are not as shipped" in shipped.sentence(lesson_of(course))


def test_line_ends_of_another_system_and_a_student_s_own_files_are_not_a_change(course: Path) -> None:
    solution = course / SOLUTION
    solution.write_bytes(solution.read_bytes().replace(b"\n", b"\r\n"))
    (course / "lessons" / NAME / "notes.py").write_text("x = 1\n")
    (course / "lessons" / NAME / "notes.md").write_text("# What I learned\n")
    (course / "lessons" / NAME / "README.md").unlink()

    assert shipped.sentence(lesson_of(course)) == ""


@pytest.mark.parametrize("name", ["notes.py", "notes.md"])
def test_a_student_s_own_file_beside_a_lesson_does_not_end_its_grading(
    course: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (course / "lessons" / NAME / name).write_text("# What I learned\n")
    monkeypatch.setattr("grader.commands.grade._grade", lambda *_: Answer("graded"))

    assert cli.run(["1.1"]) == 0


@pytest.mark.parametrize("content", [None, b"", b"nonsense\n\n", b"\xff\xfe\x00"])
def test_a_lesson_without_a_list_is_not_spoken_of(course: Path, content: bytes | None) -> None:
    path = course / "lessons" / NAME / shipped.LIST
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    append(course / SOLUTION, "\nx = 1\n")

    assert shipped.sentence(lesson_of(course)) == ""


@pytest.mark.parametrize("words", [["1.1"], [], [f"exercises/{NAME}.py"], ["1.1", "training_step", "--format", "json"]])
def test_it_is_said_before_a_verdict_is_looked_for(
    course: Path, words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    append(course / SOLUTION, "\nx = 1\n")
    said = []

    def graded(*_: object) -> Answer:
        said.append(capsys.readouterr())
        return Answer("")

    monkeypatch.setattr("grader.commands.grade._grade", graded)
    monkeypatch.setattr("grader.commands.grade._welcome", graded)

    assert cli.run(words) == 0
    assert said[0].err.startswith("grade: Verdicts of lesson 1.1 may be wrong")
    assert said[0].out == ""


@pytest.mark.parametrize(
    ("words", "after"),
    [
        (["hint", "1.1"], "grader.commands.hint.plain"),
        (["show", "1.1"], "grader.commands.show.read_submission"),
        (["ci", "1.1"], "grader.commands.ci.run"),
        (["class", "exercises", "1.1", "--out", "out"], "grader.commands.cohort.run"),
    ],
)
def test_other_commands_say_it_first_too(
    course: Path, words: list[str], after: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    append(course / SOLUTION, "\nx = 1\n")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(after, stop)
    with pytest.raises(KeyboardInterrupt):
        cli.run(words)

    said = capsys.readouterr()
    assert said.err.startswith("grade: Verdicts of lesson 1.1 may be wrong")
    assert said.out == ""


@pytest.mark.parametrize("words", [["1.1"], []])
def test_it_is_said_also_where_the_solution_is_not_python_any_more(
    course: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    append(course / SOLUTION, "\ndef (\n")

    with pytest.raises(CourseError, match=f"{SOLUTION}"):
        cli.run(words)

    assert "git checkout --" in capsys.readouterr().err


def test_after_sync_it_is_the_authors(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append(course / SOLUTION, "\n_CHANGED = 1\n")
    monkeypatch.setattr("grader.commands.sync._figures", lambda _: ([], []))

    assert cli.run(["sync", "1.1"]) == 0
    assert shipped.sentence(lesson_of(course)) == ""
    assert cli.run(["sync", "1.1", "--check"]) == 0


@pytest.mark.parametrize("words", [["reset", "1.1"], ["list"]])
def test_a_solution_that_is_not_python_is_an_error_with_its_line(course: Path, words: list[str]) -> None:
    append(course / SOLUTION, "\ndef (\n")

    with pytest.raises(CourseError, match=rf"{SOLUTION}:\d+: "):
        cli.run(words)
