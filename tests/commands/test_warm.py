"""Beside a running `grade watch`, a one-shot `grade` and pytest start no processes of their own, and say the same."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pexpect
import pytest

from tests.conftest import ROOT
from tests.nursery import grade_command
from tests.patience import PATIENCE, comes_true

LESSON = "m1_4_loss_landscape"
SOLUTION = (ROOT / "solutions" / f"{LESSON}.py").read_text()
SUMMED = SOLUTION.replace("mean(dim=-1)", "sum(dim=-1)")
Terminal: TypeAlias = "pexpect.spawn[str]"
GRADE = """
import sys
from grader import cli
from grader.sandbox import ipc

ipc.launch = lambda *_: sys.exit("It starts processes of its own.")
cli.main()
"""
PYTEST = """
import sys
import pytest

class StartsNothing:
    def pytest_sessionstart(self):
        from grader.sandbox import ipc
        ipc.launch = lambda *_: sys.exit("It starts processes of its own.")

code = pytest.main(plugins=[StartsNothing()])
sys.exit("It imports torch." if "torch" in sys.modules else code)
"""


@pytest.fixture(name="course")
def make_course(tmp_path: Path) -> Path:
    """A course of one lesson."""
    root = tmp_path / "course"
    root.mkdir()
    shutil.copy(ROOT / "pyproject.toml", root)
    shutil.copytree(ROOT / "lessons" / LESSON, root / "lessons" / LESSON)
    for folder, text in (("solutions", SOLUTION), ("exercises", SUMMED)):
        (root / folder).mkdir()
        (root / folder / f"{LESSON}.py").write_text(text)
    return root


@pytest.fixture(name="watch")
def start_watch(course: Path) -> Iterator[Terminal]:
    """`grade watch` in a terminal of its own, with its first verdict said."""
    command = grade_command()
    child = pexpect.spawn(
        command[0],
        [*command[1:], "watch", "1.4", "--plain"],
        cwd=str(course),
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(30, 100),
    )
    child.expect("20 of 33 points")
    yield child
    child.close(force=True)


def run(command: list[str], course: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*command, *arguments], cwd=course, capture_output=True, text=True, check=False)


def report(command: list[str], course: Path) -> Any:
    """Return what `grade` says, without how long its checks took."""
    done = run(command, course, "1.4", "--fresh", "--format", "json")
    assert done.returncode == 1, done.stderr

    def untimed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name: value for name, value in pairs if name != "duration_ms"}

    return json.loads(done.stdout, object_pairs_hook=untimed)


def test_the_warm_processes_say_what_own_ones_say(course: Path, watch: Terminal) -> None:
    lent = report([sys.executable, "-c", GRADE], course)
    panel = [sys.executable, "-c", PYTEST, "-q", "-p", "no:cacheprovider", "--rootdir", "."]
    failed = run(panel, course, f"lessons/{LESSON}/compute_grid.py::test_every_entry")
    passed = run(panel, course, f"lessons/{LESSON}", "--submission", "solutions")

    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "1 failed" in failed.stdout
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "44 passed" in passed.stdout

    assert watch.pid is not None
    os.kill(watch.pid, 9)
    assert comes_true(lambda: not watch.isalive())
    assert (course / ".grade" / "warm" / "socket").is_socket(), "the killed watch has left it"
    assert report(grade_command(), course) == lent


def test_a_watch_that_is_left_leaves_no_socket(course: Path, watch: Terminal) -> None:
    place = course / ".grade" / "warm" / "socket"
    assert comes_true(place.is_socket)
    watch.send("q")
    watch.expect(pexpect.EOF)

    assert not place.exists()
