"""A second `grade` answers from memory: the same report, no judge started, and only while nothing has changed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.course.locations import refuse_unconfined
from grader.course.model import read_course
from grader.course.submission import read_submission
from grader.errors import UsageError
from grader.progress.cache import Memory
from grader.sandbox import confinement
from grader.verdict import LessonVerdict
from tests.conftest import ROOT
from tests.nursery import nursery

LESSON = "m1_4_loss_landscape"
PROGRAM = """
import sys
sys.path.append(ROOT)
from grader import cli
from grader.sandbox import confinement, ipc
from tests.nursery import Nursery
if UNCONFINED:
    confinement.missing = lambda: "this kernel has no Landlock"
started = []
def launch(module, *how):
    started.append(module)
    return Nursery(ADDRESS).launch(module, *how)
ipc.launch = launch
code = cli.run(sys.argv[1:])
assert "torch" not in sys.modules
print("graded" if "grader.pool.forkserver" in started else "remembered", file=sys.stderr)
sys.exit(code)
"""
"""Says whether anything was graded: torch and the judges live in a process that is started for it."""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one lesson whose first exercise is written."""
    shutil.copytree(ROOT / "lessons" / LESSON, tmp_path / "lessons" / LESSON)
    shutil.copy(ROOT / "course.toml", tmp_path)
    for folder in ("solutions", "exercises"):
        (tmp_path / folder).mkdir()
        shutil.copy(ROOT / folder / f"{LESSON}.py", tmp_path / folder)
    file = tmp_path / "exercises" / f"{LESSON}.py"
    file.write_text(file.read_text().replace('raise NotImplementedError("TODO: compute_grid")', "return x"))
    return tmp_path


def program(*, unconfined: bool = False) -> str:
    known = {"UNCONFINED": unconfined, "ROOT": str(ROOT), "ADDRESS": nursery().address}
    return "\n".join([*(f"{name} = {value!r}" for name, value in known.items()), PROGRAM])


def start(course: Path, *words: str, unconfined: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the command line, on a machine that says it cannot confine where that is asked."""
    command = [sys.executable, "-c", program(unconfined=unconfined), *words]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)


def run(course: Path, *words: str) -> tuple[dict[str, Any], bool]:
    """Grade and return the report, and whether anything was graded for it."""
    done = start(course, *words, "--format", "json")
    assert done.returncode == 1, done.stderr
    return json.loads(done.stdout), done.stderr.split()[-1] == "graded"


def test_the_second_time_nothing_is_graded(course: Path) -> None:
    first, graded = run(course, "1.4", "compute_grid")
    assert graded
    assert run(course, "1.4", "compute_grid") == (first, False)


def test_whatever_the_verdict_depends_on_grades_anew(course: Path) -> None:
    run(course, "1.4", "compute_grid")
    file = course / "exercises" / f"{LESSON}.py"
    checks, text = (course / "lessons" / LESSON / name for name in ("compute_grid.py", "compute_grid.md"))

    file.write_text(file.read_text() + "# changed\n")
    assert run(course, "1.4", "compute_grid")[1]
    checks.write_text(checks.read_text() + "# changed\n")
    assert run(course, "1.4", "compute_grid")[1]
    text.write_text(text.read_text() + "\n")
    assert run(course, "1.4", "compute_grid")[1]
    assert run(course, "1.4", "compute_grid", "--seed", "7")[1]
    assert not run(course, "1.4", "compute_grid")[1]


@pytest.mark.parametrize(
    ("code", "status"),
    [("while True:\n        pass", "timeout"), ("return bytearray(2**33)", "crashed"), ("return 1.0", "wrong")],
)
def test_what_may_be_the_fault_of_the_machine_is_graded_again(course: Path, code: str, status: str) -> None:
    file = course / "exercises" / f"{LESSON}.py"
    file.write_text(f"def compute_grid(x, y, w_values, b_values):\n    {code}\n")
    first, _ = run(course, "1.4", "compute_grid")

    assert first["lessons"][0]["exercises"][0]["status"] == status
    assert run(course, "1.4", "compute_grid")[1] == (status != "wrong")


def test_fresh_grades_again_what_is_known(course: Path) -> None:
    run(course, "1.4", "compute_grid")
    again, graded = run(course, "1.4", "compute_grid", "--fresh")

    assert graded
    assert run(course, "1.4", "compute_grid") == (again, False)


def test_the_files_of_another_folder_are_not_remembered(course: Path) -> None:
    shutil.copytree(course / "exercises", course / "from somebody")
    words = ("1.4", "compute_grid", "--submission", "from somebody")

    assert run(course, *words)[1]
    assert run(course, *words)[1]
    assert not (course / ".grade").exists()


def test_without_a_store_it_grades_and_says_so(course: Path) -> None:
    (course / ".grade").write_text("in the way")
    done = start(course, "1.4", "compute_grid")

    assert done.returncode == 1
    assert "Grading continues without it" in done.stderr
    assert "WRONG    compute_grid" in done.stdout


def test_two_at_once_are_fine(course: Path) -> None:
    command = [sys.executable, "-c", program(), "1.4", "compute_grid"]
    runs = [subprocess.Popen(command, cwd=course, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    said = [each.communicate() for each in runs]

    assert [each.returncode for each in runs] == [1, 1]
    assert all(b"without it" not in complaint for _, complaint in said)


def test_what_was_graded_confined_is_no_answer_where_nothing_is(course: Path) -> None:
    run(course, "1.4", "compute_grid")
    again = start(course, "1.4", "compute_grid", unconfined=True)

    assert again.stderr.split()[-1] == "graded"
    assert not run(course, "1.4", "compute_grid")[1]


def test_what_was_graded_unconfined_is_never_recalled_as_confined(course: Path) -> None:
    lesson = read_course(course).find("1.4")
    submission = course / "exercises"
    memory = Memory(course, submission, exercises={lesson.name: frozenset(["compute_grid"])})
    verdict = LessonVerdict(lesson.id, lesson.name, lesson.title, ())
    source = read_submission(submission, lesson.name)
    memory.remember(lesson, source, verdict, "process")

    assert memory.recall(lesson, source) is None
    assert run(course, "1.4", "compute_grid")[1]


@pytest.mark.parametrize("words", [("1.4",), ("1.4", "compute_grid"), ("--all",), ("show", "1.4"), ("watch", "1.4")])
def test_the_code_of_a_stranger_does_not_run_unconfined(course: Path, words: tuple[str, ...]) -> None:
    shutil.copytree(course / "exercises", course / "stranger")
    refused = start(course, *words, "--submission", "stranger", unconfined=True)

    assert refused.returncode == 1
    assert "UsageError: --submission stranger: this code cannot be confined: this kernel has no Landlock." in (
        refused.stderr
    )
    assert "--allow-unconfined" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("1.4", "compute_grid", "--submission", "stranger", "--allow-unconfined"),
        ("1.4", "compute_grid", "--submission", "solutions"),
        ("1.4", "compute_grid", "--submission", "exercises"),
        ("1.4", "compute_grid"),
        ("why", "1.4", "--submission", "stranger"),
    ],
)
def test_the_course_s_own_files_and_what_runs_nothing_need_no_leave(course: Path, words: tuple[str, ...]) -> None:
    shutil.copytree(course / "exercises", course / "stranger")
    done = start(course, *words, unconfined=True)

    assert "cannot be confined" not in done.stderr
    assert done.stderr.split()[-1] in ("graded", "remembered")


def test_plain_pytest_refuses_a_stranger_s_code_too(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "isolation", lambda: "process")
    monkeypatch.setattr(confinement, "missing", lambda: "no Landlock")

    with pytest.raises(UsageError, match="cannot be confined: no Landlock"):
        refuse_unconfined(course, course / "stranger")
    refuse_unconfined(course, course / "exercises" / ".." / "solutions")
    refuse_unconfined(course, course / "exercises")
