"""`grade init --course`: an empty course, in which the next command works; nothing that is there is overwritten."""

import argparse
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from grader import cli
from grader.commands import Context, init
from grader.course import empty
from grader.course.model import Course, find_course
from grader.errors import CourseError, UsageError
from grader.progress.store import Store
from grader.reports.text import Style
from tests.conftest import ROOT


def make(folder: Path, **options: Any) -> str:
    """Make a course and return what is said."""
    values = {
        "words": [str(folder)],
        "course": True,
        "title": "",
        "language": "en",
        "torch": False,
        "gpu": False,
        "from": "",
        **options,
    }
    context = Context(Course(folder, ()), folder, Store(None, folder), Style(), str)
    return init.command(context, argparse.Namespace(**values)).text


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_empty_course_is_one_and_names_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "linear_algebra"
    said = make(folder)

    course = find_course(folder / "lessons")
    assert course.root == folder
    assert (course.settings.title, course.settings.language, course.lessons) == ("Linear algebra", "en", ())
    assert course.settings.arrays == "numpy"
    for name in contents(folder):
        assert f"  {name}\n" in said
    assert f"  cd {folder}\n" in said
    assert "uv run grade new week1 --exercise NAME" in said


def test_the_title_may_be_any_line_of_text(tmp_path: Path) -> None:
    make(tmp_path / "x", title='Räume \\ "Maße" @NAME@', language="de", torch=True)

    found = find_course(tmp_path / "x").settings
    assert (found.title, found.language, found.arrays) == ('Räume \\ "Maße" @NAME@', "de", "torch")
    project = tomllib.loads((tmp_path / "x" / "pyproject.toml").read_text())["project"]
    assert project["name"] == "r-ume-ma-e-name"
    assert [each.partition("[")[0].partition("=")[0].partition(">")[0] for each in project["dependencies"]] == [
        "workbook-grader",
        "torch",
    ]
    assert (tmp_path / "x" / "README.md").read_text().startswith('# Räume \\ "Maße" @NAME@\n')


@pytest.mark.parametrize("wrong", [{"title": "two\nlines"}, {"title": "x" * 300}, {"language": "no tag"}])
def test_what_cannot_be_a_setting_is_refused_before_anything_is_written(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(CourseError, match=r"course.toml:"):
        make(tmp_path / "x", **wrong)
    assert not (tmp_path / "x").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    with pytest.raises(UsageError) as caught:
        make(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path} already has other files of these names: README.md. Nothing was")
    assert contents(tmp_path) == {"README.md": b"mine"}


@pytest.mark.parametrize("kind", ["a file", "a folder in the way"])
def test_a_folder_that_cannot_be_one_is_told(tmp_path: Path, kind: str) -> None:
    if kind == "a file":
        (tmp_path / "x").write_text("mine")
    else:
        (tmp_path / "x" / "README.md").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"cannot be written: .* Name another folder."):
        make(tmp_path / "x")


def test_what_was_interrupted_is_completed(tmp_path: Path) -> None:
    make(tmp_path / "whole", title="A")
    make(tmp_path / "part", title="A")
    (tmp_path / "part" / "course.toml").unlink()
    (tmp_path / "part" / "README.md").unlink()

    make(tmp_path / "part", title="A")

    assert contents(tmp_path / "part") == contents(tmp_path / "whole")


def test_the_first_command_in_it_names_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["init", "--course", "mine"]) == 0
    with pytest.raises(UsageError, match=r"is not in a course: .* grade init --course FOLDER"):
        cli.run([])
    with pytest.raises(UsageError, match="is not in a course"):
        cli.run(["new", "week1", "--exercise", "dot"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]

    monkeypatch.chdir(tmp_path / "mine")
    with pytest.raises(UsageError, match=r"has no lessons yet. The first one: grade new week1 --exercise NAME"):
        cli.run([])


WRONG = {
    "init --course": "Name the folder to write to, or . for this one: grade init --course FOLDER",
    "init a b --course": "Name the folder to write to, or . for this one: grade init --course FOLDER",
    "init a --course --gpu": "--from and --gpu are for a student's folder: grade init my-folder",
    "init a --title X": "--title and --torch are for a new course: grade init --course FOLDER",
}


@pytest.mark.parametrize("words", WRONG)
def test_a_course_needs_a_folder(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        cli.run(words.split())
    assert str(caught.value) == WRONG[words]
    assert list(tmp_path.iterdir()) == []


def test_its_workflow_is_that_of_this_course_with_another_environment() -> None:
    ours = YAML(typ="safe").load(ROOT / ".github/workflows/grade.yml")
    theirs = YAML(typ="safe").load(empty.files_of("A", "en", "numpy")[".github/workflows/grade.yml"].decode())
    steps = [document["jobs"]["grade"].pop("steps") for document in (ours, theirs)]

    assert ours == theirs
    others = [(one["name"], other["run"]) for one, other in zip(*steps, strict=True) if one != other]
    assert [name for name, _ in others] == ["Install the grader"]
    assert "-r pyproject.toml" in others[0][1]
