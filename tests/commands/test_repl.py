"""`grade repl` as a student uses it: the failing call is at hand, pasting it fails again, and Ctrl-C ends nothing."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
import torch

from grader.commands import Context, repl
from grader.course.model import Lesson, read_course
from grader.course.stub import derive_stub
from grader.engine.reference import Reference
from grader.errors import UsageError
from grader.feedback.format_value import call as call_text
from grader.progress.store import Store
from grader.reports.text import Style
from grader.verdict import CheckVerdict, ExerciseVerdict, LessonVerdict, Status
from tests.conftest import ROOT
from tests.patience import PATIENCE

LESSON = "m1_4_loss_landscape"
SOLUTION = (ROOT / "solutions" / f"{LESSON}.py").read_text()
FIRST_LINE = "    predictions = w_values[:, None, None]"
SUMMED = SOLUTION.replace(".mean(dim=-1)", ".sum(dim=-1)")
FAILING = """\
compute_grid(
    x=torch.tensor([0.0, 1.0]),
    y=torch.tensor([1.0, 3.0]),
    w_values=torch.tensor([0.0, 2.0]),
    b_values=torch.tensor([0.0, 1.0, 2.0]),
)
"""
RETURNED = "tensor([[10.,  4.,  2.],\n        [ 2.,  0.,  2.]])"
WANTED = "tensor([[5., 2., 1.],\n        [1., 0., 1.]])"
COMMAND = f"""
import sys
from pathlib import Path
sys.path.append({str(ROOT)!r})
from grader.commands import repl
from grader.commands import Context
from grader.course.model import read_course
from grader.reports.text import Style
from grader.progress.store import Store
course = read_course(Path(sys.argv[1]))
answer = repl.run(Context(course, course.root / "exercises", Store.open(course.root), Style(), input), sys.argv[2:])
print(answer.text, flush=True)
sys.exit(answer.exit_code)
"""
"""What the command line does for `grade repl`."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of one lesson, with a file that sums where it should average."""
    root = tmp_path / "the course"
    for folder in ("lessons", "solutions", "exercises"):
        (root / folder).mkdir(parents=True)
    shutil.copytree(ROOT / "lessons" / LESSON, root / "lessons" / LESSON)
    (root / "solutions" / f"{LESSON}.py").write_text(SOLUTION)
    shutil.copy(ROOT / "course.toml", root)
    write(root, SUMMED)
    return root


@pytest.fixture
def context(root: Path) -> Context:
    """What the command line gives to a command."""
    return Context(read_course(root), root / "exercises", Store.open(root), Style(), lambda _: "")


@pytest.fixture(scope="module")
def reference() -> Reference:
    """The solution, loaded once."""
    return Reference(Lesson(ROOT, LESSON))


def write(root: Path, source: str) -> None:
    (root / "exercises" / f"{LESSON}.py").write_text(source)


def verdict(exercise: str = "compute_grid", status: Status = Status.WRONG, text: str = FAILING) -> LessonVerdict:
    checks = (CheckVerdict("a", "It holds.", Status.PASSED), CheckVerdict("b", "So.", status, counterexample=text))
    return LessonVerdict("1.4", LESSON, "", (ExerciseVerdict(exercise, False, checks),))


def remember(root: Path, known: LessonVerdict) -> None:
    """Remember a verdict on the file as it is now."""
    store = Store.open(root)
    store.remember("key", (root / "exercises" / f"{LESSON}.py").read_bytes(), known)
    store.close()


def command(root: Path, *words: str) -> list[str]:
    return [sys.executable, "-c", COMMAND, str(root), *words]


def session(root: Path, typed: str, *words: str, code: int = 0) -> str:
    """Type into a session and return what it says, errors last."""
    done = subprocess.run(
        command(root, *words), input=typed, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def scene(reference: Reference, known: LessonVerdict | None, exercise: str = "compute_grid") -> repl.Scene:
    return repl.find_scene(reference.lesson.exercise(exercise), known, reference)


# a session


def test_the_pasted_call_fails_as_the_check_did_and_what_is_wanted_is_at_hand(root: Path) -> None:
    remember(root, verdict())

    said = session(
        root, f"{FAILING}wanted\ntorch.equal(call(), 2 * wanted)\n[name for name in inputs]\nx\n1 / 0\n", "1.4"
    )

    pasteable, _, after = said.partition("Available:")
    assert f"\n{FAILING}" in pasteable
    assert after.index(RETURNED) < after.index(WANTED) < after.index("True")
    assert "['x', 'y', 'w_values', 'b_values']" in after
    assert "tensor([0., 1.])" in after
    assert "ZeroDivisionError" in after
    assert "Next: grade 1.4 compute_grid" in after


def test_breakpoint_works_and_calls_leave_the_inputs_alone(root: Path) -> None:
    stop = "    x.zero_(); breakpoint()\n"
    zeroing = SUMMED.replace(FIRST_LINE, stop + FIRST_LINE, 1)
    write(root, zeroing)

    said = session(
        root, "_ = call()\np float(y.sum())\nw_values = w_values * 3\nc\nx\nstudent.__name__\nexit(5)\n", "1.4"
    )

    assert "(Pdb)" in said
    assert "4.0" in said
    assert "tensor([0., 1.])" in said
    assert LESSON in said.partition("Leave with")[2]


def test_a_save_is_loaded_before_the_next_line(root: Path) -> None:
    path = f"exercises/{LESSON}.py"
    change = "from pathlib import Path; path = Path(student.__file__); mine = path.read_text(); "
    lines = [
        change + "_ = path.write_text(mine.replace('.sum(dim=-1)', '.mean(dim=-1)'))",
        "torch.equal(call(), wanted)",
        "_ = path.write_text('1 / 0')",
        "torch.equal(call(), wanted)",
    ]
    remember(root, verdict())

    said = session(root, "".join(f"{line}\n" for line in lines), "1.4")

    assert said.count("True") == 2
    assert said.count(f"({path} was saved: loaded again.)") == 1
    assert "ZeroDivisionError" in said
    assert "Your saved file does not load. The functions here are still those from before." in said


def test_a_file_that_does_not_load_shows_its_own_lines_only(root: Path) -> None:
    write(root, f"{SOLUTION}\nraise ValueError('at the top')\n")

    said = session(root, "1 + 1\n", "1.4", code=1)

    assert "ValueError: at the top" in said
    assert f"{LESSON}.py" in said
    assert "repl.py" not in said
    assert "Fix that first, then: grade repl 1.4 compute_grid" in said


def test_what_a_file_raises_when_it_loads_is_text_for_a_terminal(root: Path) -> None:
    write(root, f"{SOLUTION}\nraise ValueError('\\x1b]0;title\\x07\\x1b[2J')\n")

    said = session(root, "", "1.4", code=1)

    assert "ValueError: \\x1b]0;title\\x07\\x1b[2J" in said
    assert "\x1b" not in said


def test_a_file_that_is_no_python_is_told_by_line(root: Path) -> None:
    write(root, "def compute_grid(:\n")

    said = session(root, "", "1.4", code=1)

    assert "SyntaxError" in said
    assert "repl.py" not in said


def test_a_session_that_the_code_ends_is_told(root: Path) -> None:
    said = session(root, "import os\nos._exit(9)\n", "1.4", code=1)

    assert "with exit code 9" in said


@pytest.mark.skipif(sys.platform == "win32", reason="has no such terminals")
def test_ctrl_c_stops_a_call_and_nothing_else(root: Path) -> None:
    endless = SUMMED.replace(FIRST_LINE, "    while True: pass\n" + FIRST_LINE, 1)
    write(root, endless)
    program, *arguments = command(root, "1.4")
    terminal = pexpect.spawn(program, arguments, timeout=PATIENCE, encoding="utf-8", dimensions=(40, 120))
    try:
        terminal.expect_exact(">>> ")
        # Tab completes what is at hand.
        terminal.send("wan\t")
        terminal.expect_exact("wanted")
        terminal.sendline("")
        terminal.expect_exact(">>> ")
        terminal.sendline("print('be' + 'gun'); call()")
        terminal.expect_exact("begun")
        terminal.sendintr()
        terminal.expect_exact("KeyboardInterrupt")
        terminal.expect_exact(">>> ")
        terminal.sendline("40 + 2")
        terminal.expect_exact("42")
        terminal.expect_exact(">>> ")
        terminal.sendeof()
        terminal.expect_exact("Next: grade 1.4 compute_grid")
        terminal.expect(pexpect.EOF)
        terminal.wait()
        assert terminal.exitstatus == 0
    finally:
        terminal.close(force=True)


# which exercise


def test_a_lesson_alone_opens_its_first_failing_call(
    root: Path, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(root, verdict("run_descent"))
    started = starts(monkeypatch)

    repl.run(context, ["1.4"])
    repl.run(context, ["1.4", "fixed_bias_slice"])

    assert started == ["run_descent", "fixed_bias_slice"]


def test_ctrl_c_is_as_before_after_a_session(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGINT)
    during = []

    def start(*_: object, **__: object) -> subprocess.CompletedProcess[bytes]:
        during.append(signal.getsignal(signal.SIGINT))
        return subprocess.CompletedProcess([], -signal.SIGSEGV)

    monkeypatch.setattr(subprocess, "run", start)
    answer = repl.run(context, ["1.4"])

    assert signal.getsignal(signal.SIGINT) == before != during[0]
    assert during[0] != signal.SIG_IGN
    assert answer.exit_code == 1
    assert "signal 11" in answer.text


def starts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the exercises of the sessions that would start."""
    started: list[str] = []

    def start(arguments: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        started.append(arguments[-1])
        return subprocess.CompletedProcess(arguments, 0)

    monkeypatch.setattr(subprocess, "run", start)
    return started


def test_the_file_of_somebody_else_is_never_run(root: Path, context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = root / "theirs"
    shutil.copytree(root / "exercises", theirs)
    started = starts(monkeypatch)

    with pytest.raises(UsageError, match="unconfined"):
        repl.run(Context(context.course, theirs, context.store, Style(), lambda _: ""), ["1.4"])

    assert started == []


@pytest.mark.parametrize("words", [[], ["1.4", "compute_grid", "more"]])
def test_other_words_get_the_usage(context: Context, words: list[str]) -> None:
    with pytest.raises(UsageError, match=r"grade repl 1\.4"):
        repl.run(context, words)


def test_a_file_that_cannot_be_read_is_told_before_anything_starts(root: Path, context: Context) -> None:
    path = root / "exercises" / f"{LESSON}.py"
    path.unlink()
    with pytest.raises(UsageError, match="There is no file"):
        repl.run(context, ["1.4"])
    path.symlink_to(root / "solutions" / f"{LESSON}.py")
    with pytest.raises(UsageError, match="is a link"):
        repl.run(context, ["1.4"])


# which call


def test_the_failing_call_of_the_verdict_is_the_scene(reference: Reference) -> None:
    found = scene(reference, verdict())

    assert found.text == FAILING
    assert found.call is not None
    assert list(found.call.arguments) == ["x", "y", "w_values", "b_values"]
    assert torch.equal(found.call.arguments["w_values"], torch.tensor([0.0, 2.0]))


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (None, "No failing call of compute_grid is known for the saved file: grade 1.4 compute_grid"),
        (verdict("run_descent"), "No failing call of compute_grid is known"),
        (verdict(status=Status.PASSED), "compute_grid has passed."),
        (verdict(status=Status.TODO, text=""), "compute_grid is not written yet."),
        (verdict(text="compute_grid(x=<tensor of shape (500,)>)"), "not a single call that can be shown"),
        (verdict(text="compute_grid(1.0, 2.0)"), "not a single call that can be shown"),
    ],
)
def test_else_it_is_the_example_of_the_docstring(
    reference: Reference, known: LessonVerdict | None, reason: str
) -> None:
    found = scene(reference, known)

    assert reason in found.title
    assert "the docstring example" in found.title
    assert f"{found.text}\n" == FAILING


def test_a_driven_exercise_without_an_example_has_no_call(reference: Reference) -> None:
    known = verdict("save_frames", text="save_frames(w_values=torch.tensor([0.0]), b_values=torch.tensor([0.0]))")

    found = scene(reference, known, "save_frames")

    assert found.call is None
    assert "no example" in found.title
    assert "wanted" not in repl.banner(reference.lesson, reference.lesson.exercise("save_frames"), found, ["a", "b"])


def test_every_literal_of_a_report_is_read_back(reference: Reference) -> None:
    values = {
        "x": torch.tensor([float("nan"), float("-inf"), 0.1]),
        "y": torch.zeros(0, 3),
        "w_values": [1, (2.5,), None, {"a": float("inf")}, complex(1, -2)],
        "b_values": torch.tensor([1, 2], dtype=torch.int32),
    }
    text = call_text("compute_grid", [], values, [])

    bound = repl.bind(text, reference.solution.compute_grid, {"torch": torch})

    assert bound is not None
    assert call_text("compute_grid", [], bound.arguments, []) == text


def test_a_class_has_no_call() -> None:
    assert repl.bind("int(3)", int, {}) is None


def test_the_answer_is_not_given_away(root: Path) -> None:
    write(root, derive_stub(SOLUTION))

    said = session(root, "call()\nprint([name for name in dir() if 'sol' in name or 'ref' in name])\n", "1.4")

    assert "NotImplementedError: TODO: compute_grid" in said
    assert "[]" in said
