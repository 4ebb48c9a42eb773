"""`grade`: a report is about one version of a file, whatever is saved meanwhile."""

import argparse
from pathlib import Path

import pytest

from grader.cli import parse
from grader.commands import Context, grade
from grader.course.model import Course
from grader.pool.client import CheckProcess, Client
from grader.pool.job import Job
from grader.progress.store import Store
from grader.reports.text import Style
from tests.conftest import ROOT

LESSON = "m1_4_loss_landscape"
SOLUTION = (ROOT / "solutions" / f"{LESSON}.py").read_text()
SUMMED = SOLUTION.replace("mean(dim=-1)", "sum(dim=-1)")


def options(*words: str) -> argparse.Namespace:
    return parse(words)[2]


def test_a_save_while_it_grades_changes_no_exercise(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / f"{LESSON}.py"
    context = Context(course, tmp_path, Store.open(tmp_path), Style(), lambda _: "")
    start = Client.begin

    def saving(client: Client, job: Job, core: int | None = None) -> CheckProcess:
        file.write_text(SOLUTION)
        return start(client, job, core)

    file.write_text(SUMMED)
    monkeypatch.setattr("grader.pool.parallel.cores", lambda: 1)
    monkeypatch.setattr(Client, "begin", saving)
    said = grade.command(context, options("1.4", "--format", "json"))

    assert file.read_text() == SOLUTION
    assert '"points": 9,' in said.text
