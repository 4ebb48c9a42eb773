"""`grade watch` as a person sees it: the screen in a terminal, its keys, its sizes, and how it ends."""

import os
import signal
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from grader.course.model import read_course
from tests.commands.seen import Seen
from tests.commands.test_watch import (
    ADDED,
    GRADE,
    SMALL_HANGING,
    SOLUTION,
    SUMMED,
    course,
    descendants,
    save,
    small,
    wait_until_gone,
)
from tests.conftest import ROOT
from tests.nursery import grade_command
from tests.patience import comes_true
from tests.small_lesson import SOLUTION as SMALL

__all__ = ["course", "small"]
Open = Callable[..., Seen]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Start `grade watch` in a terminal of its own."""
    everything: list[Seen] = []

    def start(course: Path, *words: str, size: tuple[int, int] = (100, 30), **env: str) -> Seen:
        seen = Seen([*grade_command(), "watch", *words], str(course), {**os.environ, **env}, size)
        everything.append(seen)
        return seen

    yield start
    for seen in everything:
        seen.child.close(force=True)


def test_an_hour_at_the_screen(course: Path, opened: Open) -> None:
    seen = opened(course, TERM_PROGRAM="vscode")
    # Before anything is loaded it says what it does, and what there is to do.
    lines = seen.until("loading PyTorch")
    assert lines[0].startswith("1.4 Visualizing the loss landscape")
    count = sum(not exercise.bonus for exercise in read_course(course).lessons[0].exercises)
    assert lines[0].endswith(f"lesson ░░░░░░░░░░ 0/{count}   course ░░░░░░░░░░ 0/{count}")
    assert lines[-2].startswith("Read lessons/m1_4_loss_landscape/README.md, then write compute_grid")
    seen.until(r"to do +compute_grid +0 of 8 points", r"\? help$", without="loading")

    save(course, SUMMED)
    wrong = (r"WRONG +compute_grid +0 of 8 points", "You add the squared errors up", f"{count - 2}/{count}")
    lines = seen.until(*wrong, without="grading")
    assert lines[-3:-1] == [
        "exercises/m1_4_loss_landscape.py:14",
        "Next: mend compute_grid and save. Stuck? Press h for a hint.",
    ]
    assert "\n".join(lines).count("The docstring example returns what it says.") == 1
    # The README shows this screen; the times and the rest of the course differ.
    shown = (ROOT / "README.md").read_text().partition("It shows one exercise at a time")[2].split("```")[1]
    assert lines[2:] == shown.splitlines()[3:]
    assert "\x1b]8;" not in seen.written

    seen.resize(100, 14)
    lines = seen.until(r"more lines: press v for all", r"expected +\[\[5", r"\? help$")
    assert len(lines) <= 14
    assert lines[1].startswith("WRONG    compute_grid")
    seen.send("v")
    seen.until("w_values=", r"\d+ more: space", without="press v")
    seen.send("  ")
    seen.until("4 of 8 checks pass", "up: b")
    seen.send("\r")
    seen.resize(60, 20)
    seen.until("press v for all", r"\? help$")
    save(course, SOLUTION)
    seen.until("passed +compute_grid +8 of 8", f"{count}/{count}", "Lesson complete. It is the last", without="grading")
    seen.send("n")
    seen.until("is the last lesson")

    below = descendants(seen.child.pid)
    seen.send("q")
    assert seen.end() == 0
    assert "1.4 Visualizing the loss landscape: 4 of 4 exercises have passed." in " ".join(seen.written.split())
    assert seen.has_cursor
    assert wait_until_gone(below) == []


def test_keys(course: Path, opened: Open) -> None:
    save(course, SUMMED)
    seen = opened(course)
    seen.until(r"WRONG +compute_grid +0 of 8 points", without="loading|grading")
    # A question takes one key, and nothing that was typed with it.
    seen.send("xn")
    seen.until(r"Reset compute_grid to the starter code\?", "y/N")
    seen.send("nnn")
    seen.until("Nothing was changed", "WRONG +compute_grid", r"\? help$", without="y/N")
    seen.send("n")
    seen.until(r"compute_grid has not passed. Go on to fixed_bias_slice", "y/N")
    seen.send("q")
    seen.until("Nothing was changed", without="y/N")
    seen.send("x")
    seen.until("y/N")
    seen.send("y")
    seen.until("to do +compute_grid", "press u", without="grading")
    seen.send("u")
    seen.until("WRONG +compute_grid", "Press u again to swap back", without="grading")

    for key, what in {"h": "hint 1 of 3", "?": "leave; nothing is lost", "c": "2 of 4 passed", "l": "20 of 33"}.items():
        seen.send(key)
        seen.until(what, r"return: Enter$")
    seen.send("p")
    seen.until("Picture of compute_grid", "target")

    save(course, "def compute_grid(:\n")
    seen.until("INVALID +compute_grid", "cannot read", r"landscape.py:1 ", without="Picture of")


def test_an_exercise_at_a_time(course: Path, opened: Open) -> None:
    save(course, SOLUTION.replace("w - lr * grad_w, b", "w + lr * grad_w, b"))
    seen = opened(course)
    seen.until(r"WRONG +run_descent +\d", without="grading|loading")
    assert "\x1b]8;;file://" in seen.written
    # The next one is not gone to before the student says so.
    save(course, SOLUTION)
    seen.until("passed +run_descent +9 of 9", "Lesson complete", without="grading")
    # The exercise that a save changes comes onto the screen.
    save(course, SUMMED)
    seen.until("compute_grid +0 of 8 points", without="grading")


def test_a_question_during_a_run_is_not_lost_and_a_save_drops_it(small: Path, opened: Open) -> None:
    seen = opened(small)
    seen.until(r"to do +scale +0 of 5 points", without="loading|grading")
    save(small, SMALL_HANGING)
    seen.until("grading")
    seen.send("x")
    seen.until("y/N")
    save(small, SMALL)
    seen.until("passed +scale", "Lesson complete", without="y/N|grading")
    assert (small / "exercises" / "m9_1_scaling.py").read_text() == SMALL


def test_two_at_once_in_one_folder_see_the_same(small: Path, opened: Open) -> None:
    both = [opened(small), opened(small, "--plain")]
    for seen in both:
        seen.until("0 of 5 points", r"\? help", without="loading")
    save(small, ADDED)
    for seen in both:
        seen.until("You add the factor")
    both[0].send("q")
    assert both[0].end() == 0
    save(small, SMALL)
    both[1].until("5 of 5 points")


def test_ctrl_z_and_fg_draw_the_screen_again(small: Path) -> None:
    shell = Seen(["bash", "--norc", "-i"], str(small), {**os.environ})
    shell.send(f"PS1='ready> '; '{GRADE}' watch\r")
    shell.until("to do +scale", r"\? help$")
    shell.send("\x1a")
    shell.until("Stopped")
    assert shell.has_cursor
    shell.send("clear; stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e -icanon; echo as''ked\r")
    assert "icanon" in shell.until("asked")
    shell.send("fg\r")
    shell.until("to do +scale", r"\? help$", without="asked")
    assert not shell.has_cursor
    save(small, SMALL)
    shell.until("Lesson complete")
    shell.send("q")
    shell.until("1 of 1 exercises have passed", "ready>")
    shell.child.close(force=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_however_it_ends_the_terminal_is_as_before(small: Path, opened: Open, number: signal.Signals) -> None:
    seen = opened(small)
    seen.until("to do +scale")
    assert not termios.tcgetattr(seen.child.child_fd)[3] & termios.ICANON
    if number == signal.SIGINT:
        seen.send("\x03")
    else:
        seen.child.kill(number)
    comes_true(lambda: termios.tcgetattr(seen.child.child_fd)[3] & termios.ICANON)
    seen.end()
    assert seen.has_cursor
    assert "\x1b[?1049l" in seen.written
    assert "Traceback" not in seen.written


@pytest.mark.parametrize("words", [(), ("--plain",)], ids=["screen", "plain"])
def test_a_closed_terminal_ends_it_quietly(small: Path, words: tuple[str, ...], tmp_path: Path) -> None:
    complaints = tmp_path / "complaints"
    script = f"exec '{GRADE}' watch {' '.join(words)} 2> '{complaints}'"
    child = pexpect.spawn("sh", ["-c", script], cwd=str(small), encoding="utf-8", dimensions=(30, 100))
    child.expect("scale" if not words else "Loading")
    assert child.pid is not None
    os.close(child.child_fd)
    _, status = os.waitpid(child.pid, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert complaints.read_text() == ""


def test_a_dumb_terminal_gets_the_text_that_grows(small: Path) -> None:
    child = pexpect.spawn(
        grade_command()[0],
        [*grade_command()[1:], "watch"],
        cwd=str(small),
        env={**os.environ, "TERM": "dumb"},
        encoding="utf-8",
    )
    child.expect("0 of 5 points", timeout=600)
    assert isinstance(child.before, str)
    assert "\x1b" not in child.before
    child.close(force=True)
