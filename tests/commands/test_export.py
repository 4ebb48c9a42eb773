"""`grade export`: the versions and their times in one file that says that it proves nothing."""

import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grader.commands import Context, export
from grader.course.model import read_course
from grader.errors import UsageError
from grader.progress.store import CELL, Store, digest
from grader.reports.text import Style
from grader.verdict import CheckVerdict, ExerciseVerdict, LessonVerdict, Status
from tests.small_lesson import SOLUTION, write_lesson

NAME = "m9_1_scaling"
WRONG = SOLUTION.replace("x * factor", "x + factor").encode()


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """A course of one lesson of which nothing is written."""
    lesson = write_lesson(tmp_path)
    (tmp_path / "exercises").mkdir(exist_ok=True)
    (tmp_path / "exercises" / f"{NAME}.py").write_text(lesson.stub)
    monkeypatch.chdir(tmp_path)
    return Context(read_course(tmp_path), tmp_path / "exercises", Store.open(tmp_path), Style(), lambda _: "")


def verdict(status: Status) -> LessonVerdict:
    check = CheckVerdict("c", "It holds.", status, message="SECRET of the verdict")
    return LessonVerdict("9.1", NAME, "Scaling", (ExerciseVerdict("scale", False, (check,)),))


def read(path: str = "history.zip") -> tuple[dict[str, Any], dict[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert next(iter(files)) == "history.json"
    return json.loads(files.pop("history.json")), files


def test_versions_times_and_verdicts_are_packed(context: Context, tmp_path: Path) -> None:
    context.store.keep(NAME, b"first", CELL)
    context.store.remember("key", WRONG, verdict(Status.WRONG))
    context.store.remember("other", SOLUTION.encode(), verdict(Status.PASSED))
    (tmp_path / "exercises" / f"{NAME}.py").write_bytes(WRONG)

    answer = export.run(context, [])

    history, files = read()
    (lesson,) = history["lessons"]
    assert "history.zip: 3 versions of 1 lesson, with their times and verdicts." in answer.text
    assert "It proves nothing" in " ".join(answer.text.split())
    assert history["format"] == "workbook history 1"
    assert history["proves"].startswith("Nothing.")
    assert files == {
        f"{NAME}/0001-cell.py": b"first",
        f"{NAME}/0002-passed.py": SOLUTION.encode(),
        f"{NAME}/now.py": WRONG,
    }
    assert [(each["file"], each["because"], each["sha256"]) for each in lesson["versions"]] == [
        (f"{NAME}/0001-cell.py", "cell", digest(b"first")),
        (f"{NAME}/0002-passed.py", "passed", digest(SOLUTION.encode())),
        (f"{NAME}/now.py", "now", digest(WRONG)),
    ]
    assert [(each["sha256"], each["exercises"]) for each in lesson["graded"]] == [
        (digest(WRONG), {"scale": "wrong"}),
        (digest(SOLUTION.encode()), {"scale": "passed"}),
    ]
    assert all(each["graded"].endswith("+00:00") for each in lesson["graded"])
    # Nothing of the machine, and nothing that the checks said.
    assert str(tmp_path) not in json.dumps(history)
    assert "SECRET" not in json.dumps(history)


def test_nothing_is_overwritten(context: Context, tmp_path: Path) -> None:
    context.store.keep(NAME, b"first", "reset")
    (tmp_path / "mine.zip").write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"mine\.zip exists and is not overwritten\. .*grade export mine-2\.zip"):
        export.run(context, ["mine.zip"])
    assert (tmp_path / "mine.zip").read_bytes() == b"mine"
    (tmp_path / "link.zip").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is not overwritten"):
        export.run(context, ["link.zip"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "nothing to export"),
        (["a.zip", "b.zip"], "one file at most"),
        (["history.tar"], "must end in .zip"),
        (["1.4"], "must end in .zip"),
        (["no/such/history.zip"], "the folder no/such does not exist"),
    ],
)
def test_what_cannot_be_written_is_told(context: Context, words: list[str], said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        export.run(context, words)
    assert not list(tmp_path.glob("*.zip"))


def test_a_damaged_store_gives_what_it_has(context: Context, tmp_path: Path) -> None:
    context.store.keep("../../elsewhere", b"x", "/reset")
    context.store.close()
    with sqlite3.connect(tmp_path / ".grade" / "verdicts.sqlite3") as database:
        database.execute("UPDATE version SET at = 1e300")
        database.execute("INSERT INTO verdict VALUES ('k', 'gone', 'c', 0, 'garbage')")
    database.close()
    again = Context(context.course, context.submission, Store.open(tmp_path), Style(), lambda _: "")

    export.run(again, [])

    history, files = read()
    assert list(files) == ["______elsewhere/0001-_reset.py"]
    assert history["lessons"][0]["versions"][0]["kept"] == "1e+300"
    assert history["lessons"][1] == {"lesson": "gone", "versions": [], "graded": []}
