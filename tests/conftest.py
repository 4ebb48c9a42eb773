"""What several test files need: the course, a client zygote, and a submission made of text."""

import os
import selectors
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
import torch

from grader.course.model import Course, Lesson, read_course
from grader.engine.grading import Options
from grader.pool.client import CheckProcess, Client
from grader.pool.job import Finding
from grader.pool.pool import cores
from grader.sandbox import ipc
from grader.sandbox.confinement import Limits
from grader.sandbox.zygote import Zygote
from grader.verdict import Report
from tests import nursery
from tests.grading import report_on
from tests.patience import PATIENCE
from tests.small_lesson import write_three

# A busy machine must not fail a test: none depends on how long something takes.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")

ROOT = Path(__file__).parent.parent
Grade = Callable[..., Report]
CANARY = "HOSTILE_CANARY", "a secret of the grader"
"""Some attacks look for this in the environment of the grader."""


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run all tests on all cores, a file on one; what is named on the command line runs in this process."""
    is_whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if is_whole and config.option.numprocesses is None and not hasattr(config, "workerinput"):
        config.option.numprocesses, config.option.dist = cores(), "loadfile"


@pytest.fixture(autouse=True, scope="session")
def _processes_come_from_the_nursery() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ipc, "launch", nursery.launch)
        # Commands are shown as `grade`, however the tests were started.
        for variable in ("UV", "UV_RUN_RECURSION_DEPTH"):
            patch.delenv(variable, raising=False)
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        yield
    nursery.close()


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    # As many of these processes run as there are cores: threads of torch would only wait for each other.
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def course() -> Course:
    """The course of this repository."""
    return read_course(ROOT)


@pytest.fixture(scope="session")
def lesson(course: Course) -> Lesson:
    """Lesson 1.4, the model of all others."""
    return course.find("1.4")


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """A lesson of three exercises that are graded in no time, in a course of its own; nothing may change its files."""
    lesson = write_three(tmp_path_factory.mktemp("three"))
    shutil.copy(ROOT / "pyproject.toml", lesson.root)  # pytest reads how lessons are collected
    return lesson


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """One zygote for all tests: what one submission does must not reach the next."""
    with pytest.MonkeyPatch.context() as patch, Zygote() as zygote:
        patch.setenv(*CANARY)
        zygote.start()
        yield zygote


@pytest.fixture
def grade_text(lesson: Lesson, zygote: Zygote, tmp_path: Path) -> Grade:
    """Grade the text of a file as a submission of lesson 1.4; ``exercises`` selects some of them."""

    def grade_one(content: str | bytes, *exercises: str, seed: int = 0, limits: Limits | None = None) -> Report:
        folder = tmp_path / "submission"
        folder.mkdir(exist_ok=True)
        path = folder / f"{lesson.name}.py"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return report_on(lesson, folder, zygote, Options(exercises, seed, limits or Limits(), is_strict=True))

    return grade_one


NESTED = {
    "attributes": b"x = a" + b".a" * 20_000,
    "signs": b"x = " + b"-" * 50_000 + b"1",
    "parentheses": b"(" * 50_000,
    "a null byte": b"x = 1\x00",
}


@pytest.fixture(params=list(NESTED.values()), ids=list(NESTED))
def nested(request: pytest.FixtureRequest) -> bytes:
    """A file at which a parser gives up, each in another way."""
    content: bytes = request.param
    return content


def last_word(client: Client, judge: CheckProcess) -> Finding | None:
    """Return what a judge says last."""
    word = None
    with selectors.DefaultSelector() as selector:
        selector.register(judge, selectors.EVENT_READ)
        while selector.select(PATIENCE):
            findings = judge.read()
            if findings is None:
                break
            word = next((each for each in reversed(findings) if isinstance(each, Finding)), word)
    client.end(judge)
    return word


def is_alive(pid: int) -> bool:
    """Whether a process still runs: one that has ended may wait to be cleared away."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
