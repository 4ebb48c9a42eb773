"""`grade watch` in a real terminal: every save gets the verdict on what was saved, and nothing stays behind."""

import os
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pexpect
import pytest

from grader.course import shipped
from grader.course.stub import derive_stub
from tests.conftest import ROOT, is_alive
from tests.nursery import grade_command
from tests.patience import PATIENCE, comes_true
from tests.small_lesson import SOLUTION as SMALL
from tests.small_lesson import write_lesson

GRADE = str(Path(sys.executable).with_name("grade"))
LESSON = "m1_4_loss_landscape"
SOLUTION = (ROOT / "solutions" / f"{LESSON}.py").read_text()
STUB = (ROOT / "exercises" / f"{LESSON}.py").read_text()
SUMMED = SOLUTION.replace("mean(dim=-1)", "sum(dim=-1)")
Terminal: TypeAlias = "pexpect.spawn[str]"
HANGING = SOLUTION + "\n\ndef compute_grid(x, y, w_values, b_values):\n    while True:\n        pass\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one lesson, in a folder with a name that is not easy."""
    root = tmp_path / "a cöurse"
    for folder in ("exercises", "solutions"):
        (root / folder).mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", root)
    shutil.copytree(ROOT / "lessons" / LESSON, root / "lessons" / LESSON)
    shutil.copy(ROOT / "course.toml", root)
    shutil.copy(ROOT / "solutions" / f"{LESSON}.py", root / "solutions")
    save(root, STUB)
    return root


SMALL_STUB = derive_stub(SMALL)
ADDED = SMALL.replace("x * factor", "x + factor")
SMALL_HANGING = SMALL.replace("    return x * factor", "    while True:\n        pass")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A course of a lesson that is learned at once, for what happens the same way in every lesson."""
    root = tmp_path / "a smäll course"
    lesson = write_lesson(root)
    shutil.copy(ROOT / "pyproject.toml", root)
    (lesson.folder / shipped.LIST).write_text(shipped.list_of(lesson))
    return root


def save(root: Path, content: str) -> None:
    """Save in place."""
    (solution,) = (root / "solutions").glob("*.py")
    (root / "exercises" / solution.name).write_text(content)


def save_by_rename(root: Path, content: str) -> None:
    """Save as many editors do: beside, then renamed."""
    beside = root / "exercises" / f".{LESSON}.py.new"
    beside.write_text(content)
    beside.replace(root / "exercises" / f"{LESSON}.py")


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The folder for the temporary files of what is started."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(temporary: Path) -> Iterator[Callable[..., Terminal]]:
    """Start `grade watch` in a terminal of its own, and wait for its first verdict.

    What is ``real`` has all processes below the command, as in use: for tests that look at them.
    """
    started: list[Terminal] = []

    def start(course: Path, *, real: bool = False) -> Terminal:
        command = [GRADE] if real else grade_command()
        child = pexpect.spawn(
            command[0],
            [*command[1:], "watch", "--plain"],
            cwd=str(course),
            env={**os.environ, "TMPDIR": str(temporary), "TERM": "xterm"},
            encoding="utf-8",
            timeout=PATIENCE,
            dimensions=(30, 100),
        )
        started.append(child)
        child.expect(r"0 of \d+ points   ")
        child.expect(r"\? help")
        return child

    yield start
    for child in started:
        child.close(force=True)


@pytest.fixture
def terminal(course: Path, opened: Callable[..., Terminal]) -> Terminal:
    """`grade watch` on lesson 1.4."""
    return opened(course)


@pytest.fixture
def quick(small: Path, opened: Callable[..., Terminal]) -> Terminal:
    """`grade watch` on the small lesson."""
    return opened(small)


def descendants(pid: int | None) -> list[int]:
    """Return the processes below a process."""
    said = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    children = [int(word) for word in said.split()]
    return children + [below for child in children for below in descendants(child)]


def wait_until_gone(pids: list[int]) -> list[int]:
    """Return those of the processes that are still there after a while."""
    comes_true(lambda: not any(map(is_alive, pids)))
    return [pid for pid in pids if is_alive(pid)]


def test_an_hour_of_text_that_grows(course: Path, opened: Callable[..., Terminal], temporary: Path) -> None:
    terminal = opened(course, real=True)
    save(course, SUMMED)
    terminal.expect("WRONG +compute_grid +0 of 8 points")
    terminal.expect("20 of 33 points")
    assert terminal.before is not None
    assert terminal.before.count("You add the squared errors up and stop there") == 1
    assert terminal.before.count("The docstring example returns what it says.") == 1, "a failure is told once"

    terminal.send("p")
    terminal.expect("Drawing compute_grid")
    terminal.expect("numbers differ")
    terminal.expect("1.4-compute_grid.png")
    terminal.expect(r"\? help")
    terminal.send("h")
    terminal.expect("compute_grid, hint 1 of 3")
    terminal.expect("What is wrong now")
    terminal.expect("before the next hint: press h")
    terminal.expect(r"\? help")

    save_by_rename(course, SOLUTION)
    terminal.expect("33 of 33 points")
    terminal.expect("Lesson 1.4 complete")

    terminal.send("c")
    terminal.expect("4 of 4 passed")
    terminal.send("l")
    terminal.expect("20 of 33 points")
    terminal.expect("33 of 33 points")

    save(course, "def compute_grid(:\n")
    terminal.expect("cannot read")
    terminal.expect("0 of 33 points")

    terminal.setwinsize(24, 40)
    terminal.send("?")
    terminal.expect("leave; nothing is lost")
    terminal.send("r")
    terminal.expect("0 of 33 points")
    terminal.send("x")
    terminal.expect("y/N")
    terminal.send("n")
    terminal.expect("Nothing was changed")

    below = descendants(terminal.pid)
    assert below
    terminal.send("q")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert wait_until_gone(below) == []
    assert list(temporary.iterdir()) == []


def test_a_save_during_a_run_starts_over(small: Path, quick: Terminal) -> None:
    save(small, SMALL_HANGING)
    quick.expect(r"\d\d:\d\d:\d\d  9\.1")
    time.sleep(0.5)
    save(small, SMALL)
    quick.expect("Starting over")
    quick.expect("points   ")
    assert quick.before is not None
    assert "TIMEOUT" not in quick.before
    assert "5 of 5" in quick.before


def test_many_saves_end_with_the_verdict_on_the_last(small: Path, quick: Terminal) -> None:
    for content in (ADDED, SMALL, SMALL_STUB, ADDED, SMALL_HANGING, SMALL):
        save(small, content)
        time.sleep(0.12)
    quick.expect("5 of 5 points   ")
    quick.send("q")
    quick.expect(pexpect.EOF)


def test_a_hang_is_told_and_the_rest_is_graded(course: Path, terminal: Terminal) -> None:
    save(course, HANGING)
    terminal.expect("TIMEOUT .*compute_grid")
    terminal.expect("25 of 33 points")


DEADLY = """
import os
from grader.feedback import coercion
real = coercion.coerce

def coerce(value, *more):
    if getattr(value, "ndim", 0) == 2 and float(value.max()) == 777:
        os.kill(os.getpid(), 9)
    return real(value, *more)

coercion.coerce = coerce
"""
"""Lines of the checks that let a judge die of a grid with a 777."""


def test_an_answer_that_a_judge_dies_of_has_crashed_and_the_rest_is_graded(course: Path, terminal: Terminal) -> None:
    checks = course / "lessons" / LESSON / "compute_grid.py"
    checks.write_text(checks.read_text() + DEADLY)
    save(course, f"{SOLUTION}\n\ndef compute_grid(x, y, w_values, b_values):\n    return torch.full((2, 3), 777.0)\n")
    terminal.expect("CRASHED .*compute_grid")
    terminal.expect("25 of 33 points")


def test_a_lesson_that_its_author_saves_is_graded_anew(small: Path, quick: Terminal) -> None:
    save(small, SMALL)
    quick.expect("5 of 5 points   ")
    (checks,) = (small / "lessons").glob("*/scale.py")
    checks.write_text(checks.read_text() + '\n\ndef test_new(scale):\n    """A new claim."""\n    assert scale\n')
    quick.expect("The lesson itself has changed")
    quick.expect("6 of 6 points   ")


def test_a_known_mistake_that_its_author_saves_is_explained_in_the_new_words(small: Path, quick: Terminal) -> None:
    save(small, ADDED)
    quick.expect("You add the factor")
    (text,) = (small / "lessons").glob("*/scale.md")
    text.write_text(text.read_text().replace("You add the factor", "You sum it up"))
    quick.expect("The lesson itself has changed")
    quick.expect("You sum it up")


@pytest.mark.parametrize("is_loaded", [True, False], ids=["loaded", "loading"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_it_ends_nothing_stays_behind(
    small: Path, opened: Callable[..., Terminal], number: signal.Signals, temporary: Path, *, is_loaded: bool
) -> None:
    terminal = opened(small, real=True)
    if is_loaded:
        save(small, SMALL)
        terminal.expect("5 of 5 points   ")
        terminal.expect(r"\? help")
    before = termios.tcgetattr(terminal.child_fd)[3]
    below = descendants(terminal.pid)
    assert below
    if number == signal.SIGINT:
        terminal.sendcontrol("c")
    else:
        terminal.kill(number)
    terminal.expect(pexpect.EOF)

    assert not before & termios.ICANON
    assert wait_until_gone(below) == []
    if number != signal.SIGKILL:
        assert list(temporary.iterdir()) == []


def test_ctrl_z_gives_the_terminal_back(small: Path) -> None:
    shell = pexpect.spawn("bash", ["--norc", "-i"], cwd=str(small), encoding="utf-8", timeout=PATIENCE)
    shell.sendline(f"PS1='ready> '; '{GRADE}' watch --plain")
    shell.expect("0 of 5 points")
    shell.expect(r"\? help")
    shell.sendcontrol("z")
    shell.expect("Stopped")
    shell.sendline("stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e -icanon; echo asked")
    shell.expect("icanon")
    assert shell.before is not None
    assert not shell.before.endswith("-")
    shell.expect("asked")

    shell.sendline("fg")
    shell.expect("watch --plain")
    save(small, SMALL)
    shell.expect("5 of 5 points")
    shell.send("q")
    shell.expect("ready> ")
    shell.close(force=True)


def test_into_a_pipe_it_says_the_same_without_keys(small: Path) -> None:
    save(small, ADDED)
    with subprocess.Popen(
        [GRADE, "watch"], cwd=small, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "of 5 points  " in line:
                break
        process.terminate()

    assert any("You add the factor" in line for line in lines)
    assert "\x1b" not in "".join(lines)
    assert process.returncode == 0
