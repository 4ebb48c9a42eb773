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
from tests.small_lesson import THREE, THREE_SOLUTION, write_three

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
    """A course of one lesson, of whose exercises the first is wrong and two are right."""
    lesson = write_three(tmp_path / "course")
    shutil.copy(ROOT / "pyproject.toml", lesson.root)
    (lesson.root / "exercises" / f"{THREE}.py").write_text(THREE_SOLUTION.replace("x * factor", "x + factor"))
    return lesson.root


@pytest.fixture(name="watch")
def start_watch(course: Path) -> Iterator[Terminal]:
    """`grade watch` in a terminal of its own, with its first verdict said."""
    command = grade_command()
    child = pexpect.spawn(
        command[0],
        [*command[1:], "watch", "9.3", "--plain"],
        cwd=str(course),
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(30, 100),
    )
    child.expect("6 of 10 points")
    yield child
    child.close(force=True)


def run(command: list[str], course: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*command, *arguments], cwd=course, capture_output=True, text=True, check=False)


def report(command: list[str], course: Path) -> Any:
    """Return what `grade` says, without how long its checks took."""
    done = run(command, course, "9.3", "--fresh", "--format", "json")
    assert done.returncode == 1, done.stderr

    def untimed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name: value for name, value in pairs if name != "duration_ms"}

    return json.loads(done.stdout, object_pairs_hook=untimed)


def test_the_warm_processes_say_what_own_ones_say(course: Path, watch: Terminal) -> None:
    lent = report([sys.executable, "-c", GRADE], course)
    panel = [sys.executable, "-c", PYTEST, "-q", "-p", "no:cacheprovider", "--rootdir", "."]
    failed = run(panel, course, f"lessons/{THREE}/scale.py::test_scaled")
    passed = run(panel, course, f"lessons/{THREE}", "--submission", "solutions")

    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "1 failed" in failed.stdout
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "10 passed" in passed.stdout

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
