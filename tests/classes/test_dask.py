"""A class on a real Dask scheduler with two real workers: one of them is killed in the middle, and nothing is lost."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.classes.dask import on_cluster
from grader.classes.database import NAME, Ledger
from grader.classes.run import Progress, Wish, grade_class
from grader.course.model import Lesson, read_course
from grader.errors import UsageError
from tests.classroom import make_small_class
from tests.conftest import ROOT
from tests.patience import comes_true
from tests.small_lesson import write_three

STUDENTS = 8


@dataclass
class Cluster:
    """A scheduler and its workers, as processes."""

    address: str
    workers: list["subprocess.Popen[bytes]"]


def start(*words: str, cwd: Path, log: Path) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "30s"}
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]],
            cwd=cwd,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_for(log: Path, pattern: str) -> str:
    """Return what a process says as soon as it says it."""
    comes_true(lambda: re.search(pattern, log.read_text(errors="replace")))
    found = re.search(pattern, log.read_text(errors="replace"))
    assert found is not None, log.read_text(errors="replace")
    return found[1]


def start_worker(address: str, log: Path, cwd: Path) -> "subprocess.Popen[bytes]":
    words = ("dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    worker = start(*words, "--local-directory", str(log.parent), cwd=cwd, log=log)
    wait_for(log, r"(Registered to)")
    return worker


@pytest.fixture
def cluster(three: Lesson, tmp_path: Path) -> Iterator[Cluster]:
    log = tmp_path / "scheduler.log"
    words = ("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
    started = [start(*words, cwd=three.root, log=log)]
    try:
        address = wait_for(log, r"Scheduler at:\s+(tcp://\S+)")
        for number in range(2):
            started.append(start_worker(address, tmp_path / f"worker-{number}.log", three.root))  # noqa: PERF401  all are ended
        yield Cluster(address, started[1:])
    finally:
        for process in started:
            process.kill()
            process.wait()


def no_progress(_: Progress) -> None:
    """Say nothing."""


def test_a_worker_dies_in_the_middle_and_the_grades_are_the_same(
    cluster: Cluster, three: Lesson, tmp_path: Path
) -> None:
    make_small_class(tmp_path / "class", STUDENTS)
    course = read_course(three.root)
    here = Wish(course, tmp_path / "class", tmp_path / "here")
    there = Wish(course, tmp_path / "class", tmp_path / "there")
    for wish in (here, there):
        wish.out.mkdir()
        with Ledger(wish.out / NAME) as ledger:
            ledger.note("secret", "the same for both")

    def kill_one(progress: Progress) -> None:
        if progress.done == 2:
            cluster.workers[0].send_signal(signal.SIGKILL)

    result = grade_class(there, kill_one, lambda: None, on_cluster(cluster.address, there))
    grade_class(here, no_progress, lambda: None)

    assert cluster.workers[0].wait() == -signal.SIGKILL
    assert result.graded == STUDENTS
    assert not result.faults
    for name in ("grades.csv", "summary.json"):
        assert (there.out / name).read_bytes() == (here.out / name).read_bytes()


def test_a_worker_with_another_course_is_refused_by_its_address(
    cluster: Cluster, three: Lesson, tmp_path: Path
) -> None:
    course, other = read_course(three.root), write_three(tmp_path / "other")
    other.solution.write_text(f"{other.solution.read_text()}\nCHANGED = 1\n")
    worker = start_worker(cluster.address, tmp_path / "other.log", other.root)
    make_small_class(tmp_path / "class", 1)
    wish = Wish(course, tmp_path / "class", tmp_path / "out")
    try:
        with pytest.raises(UsageError, match=r"tcp://127.0.0.1:\d+: This worker would reach other verdicts"):
            grade_class(wish, no_progress, lambda: None, on_cluster(cluster.address, wish))
    finally:
        worker.kill()
        worker.wait()


def test_no_scheduler_is_a_matter_of_usage(three: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.classes.dask.CONNECT_SECONDS", 1)
    make_small_class(tmp_path / "class", 1)
    wish = Wish(read_course(three.root), tmp_path / "class", tmp_path / "out")

    with pytest.raises(UsageError, match=r"no Dask scheduler at tcp://127\.0\.0\.1:9"):
        grade_class(wish, no_progress, lambda: None, on_cluster("tcp://127.0.0.1:9", wish))


def test_the_course_guide_lets_no_scheduler_listen_on_all_addresses() -> None:
    commands = re.findall(r"dask scheduler.*", (ROOT / "COURSES.md").read_text(encoding="utf-8"))

    assert len(commands) >= 2
    assert all("--host ADDRESS" in command for command in commands)
    assert any("--protocol tls" in command for command in commands)
