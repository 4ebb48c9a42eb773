"""The worker and its channel: deadlines, crashes, what is printed, what is left behind, and the call after it all."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.course.model import Lesson, read_course
from grader.course.submission import Source
from grader.engine.reference import Asked, Raised, Reference, Returned, Unanswerable
from grader.engine.student import Student
from grader.engine.worker_session import Runner
from grader.errors import Fault
from grader.feedback.call_failure import CallFailed, CallLost
from grader.sandbox import ipc
from grader.sandbox.clock import LOOKS
from grader.sandbox.confinement import Limits
from grader.sandbox.connection import SHOWN_FOLDERS, Channel
from grader.sandbox.zygote import Zygote
from grader.verdict import Status
from tests import nursery
from tests.conftest import ROOT, is_alive
from tests.patience import comes_true
from tests.small_lesson import write_lesson

X, Y = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0])
PART_OF_HALF_A_SECOND = Limits(lesson_seconds=0.5 * len(read_course(ROOT).find("1.4").exercises))
"""Half a second for each of the exercises."""
ARGUMENTS = (X, Y, torch.tensor([0.0, 2.0]), torch.tensor([0.0, 1.0, 2.0]))


def student_of(text: str, lesson: Lesson, zygote: Zygote, limits: Limits | None = None) -> Student:
    """Return a student whose file holds the text, with torch imported and compute_grid right unless it is replaced."""
    right = "def compute_grid(x, y, ws, bs):\n    return ((y - ws[:, None, None] * x - bs[:, None]) ** 2).mean(-1)\n"
    source = Source("exercises/file.py", f"import os, sys, time, torch\n{right}{text}".encode())
    return Student(Runner(lesson, source, zygote, limits or Limits()), Reference(lesson))


def call(student: Student, lesson: Lesson) -> Any:
    """Call compute_grid."""
    return student.function(lesson.exercise("compute_grid"))(*ARGUMENTS)


def inside(statement: str) -> str:
    """Return a compute_grid that runs a statement and raises what it finds out as a text."""
    return f"def compute_grid(x, y, ws, bs):\n    {statement}\n"


def test_a_call_returns_the_value(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of("", lesson, zygote)

    value = call(student, lesson)
    student.close()

    assert isinstance(value, torch.Tensor)
    assert value.tolist() == [[5, 2, 1], [1, 0, 1]]


@pytest.mark.parametrize(
    ("statement", "status", "words"),
    [
        ("raise ValueError('no')", Status.RAISED, "ValueError: no"),
        ("sys.exit(0)", Status.CRASHED, "ended the program"),
        ("os._exit(0)", Status.CRASHED, "exit code 0"),
        ("raise MemoryError", Status.CRASHED, "memory"),
        ("torch.zeros(10**12)", Status.CRASHED, "memory: 1024 MiB is the limit"),
        ("import ctypes; ctypes.string_at(0)", Status.CRASHED, "segmentation fault"),
        ("os.close(3); time.sleep(9)", Status.CRASHED, "closed the channel"),
        ("os.write(3, b'garbage garbage'); time.sleep(9)", Status.CRASHED, "own channel"),
        ("time.sleep(9)", Status.TIMEOUT, "of sleep, and its limit is 0.3 seconds"),
        ("return [[]] * 30_000", Status.WRONG, "holds more than"),
        ("raise NotImplementedError('TODO: compute_grid')", Status.RAISED, "NotImplementedError: TODO"),
    ],
)
def test_every_end_of_a_call_has_its_words(
    statement: str, status: Status, words: str, lesson: Lesson, zygote: Zygote
) -> None:
    limits = Limits(call_seconds=0.3)
    # More than one statement, so that nobody takes it for the stub.
    student = student_of(inside(f"x = x; {statement}"), lesson, zygote, limits)

    with pytest.raises((CallFailed, CallLost)) as caught:
        call(student, lesson)
    student.close()
    error = caught.value

    assert isinstance(error, (CallFailed, CallLost))
    assert error.ending.status is status
    assert words in error.ending.message


def test_after_a_time_out_an_exercise_is_not_waited_for_again(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(inside("time.sleep(60)"), lesson, zygote, Limits(call_seconds=0.5))
    with pytest.raises(CallLost):
        call(student, lesson)

    spent = dict(student.runner.spent)
    for _ in range(50):
        with pytest.raises(CallLost):
            call(student, lesson)
    student.close()

    assert student.runner.spent == spent, "nobody waited again"


BUSY = """
import threading
def busy():
    while True:
        sum(range(1000))
def compute_grid(x, y, ws, bs):
    threading.Thread(target=busy, daemon=True).start()
    return torch.zeros(2, 3)
"""


def test_what_threads_do_between_the_calls_counts_as_their_time(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(BUSY, lesson, zygote, PART_OF_HALF_A_SECOND)
    assert isinstance(call(student, lesson), torch.Tensor)
    assert student.runner.channel is not None
    pid = student.runner.channel.pid

    def is_stopped() -> bool:
        student.begin_check()
        return student.runner.channel is None

    assert comes_true(is_stopped)
    with pytest.raises(CallLost, match=r"0\.5 seconds together, and that is used up: 2 calls"):
        call(student, lesson)
    student.close()
    assert comes_true(lambda: not is_alive(pid)), "threads that nobody waits for take the time of the checks"


def test_a_worker_that_sleeps_between_the_calls_pays_nothing(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of("", lesson, zygote, PART_OF_HALF_A_SECOND)
    for _ in range(4):
        student.begin_check()
        call(student, lesson)
        time.sleep(0.2)
    student.close()


SLEEPY = """
def compute_grid(x, y, ws, bs):
    time.sleep(0.06)
    end = time.process_time() + 0.12
    while time.process_time() < end:
        pass
    time.sleep(0.4)
    return torch.zeros(2, 3)
"""


def test_a_call_that_sleeps_pays_for_its_sleep_however_much_it_works(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(SLEEPY, lesson, zygote, Limits(call_seconds=10, long_call_seconds=10, lesson_seconds=100))
    call(student, lesson)  # the reference has its answer from now on, and takes no time
    before = student.runner.used("compute_grid")
    call(student, lesson)
    after = student.runner.used("compute_grid")
    student.close()

    assert 0.12 <= after.processor - before.processor < 0.4
    # What it slept before the first look and after the last one is free.
    assert 0.46 - LOOKS[0] - LOOKS[-1] - 0.01 <= after.slept - before.slept <= 0.46 + 0.1


WORKING = """
def compute_grid(x, y, ws, bs):
    end = time.process_time() + 0.4
    while time.process_time() < end:
        pass
    return torch.zeros(2, 3)
"""


def test_a_worker_that_others_keep_from_the_processor_does_not_pay_for_them(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(WORKING, lesson, zygote, Limits(call_seconds=10, long_call_seconds=10, lesson_seconds=100))
    call(student, lesson)  # the reference has its answer from now on, and takes no time
    assert student.runner.channel is not None
    core = {min(os.sched_getaffinity(0))}
    os.sched_setaffinity(student.runner.channel.pid, core)
    # A session of its own for each: Linux shares the processor among sessions first (sched_autogroup).
    loop = [sys.executable, "-c", "while True: pass"]
    others = [subprocess.Popen(loop, start_new_session=True) for _ in range(3)]
    for other in others:
        os.sched_setaffinity(other.pid, core)
    before, started = student.runner.used("compute_grid"), time.monotonic()
    call(student, lesson)
    took, after = time.monotonic() - started, student.runner.used("compute_grid")
    for other in others:
        other.kill()
        other.wait()
    student.close()

    assert took > 0.8, "the others have not kept it from the processor"
    assert 0.4 <= after.processor - before.processor <= 0.5
    assert after.slept - before.slept <= 0.05


CROWDED = """
import threading
def work():
    end = time.thread_time() + 0.1
    while time.thread_time() < end:
        pass
def compute_grid(x, y, ws, bs):
    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return torch.zeros(2, 3)
"""


@pytest.mark.parametrize("is_counted", [True, False], ids=["counted", "not counted"])
def test_a_worker_pays_for_threads_of_its_own(
    lesson: Lesson, zygote: Zygote, monkeypatch: pytest.MonkeyPatch, *, is_counted: bool
) -> None:
    if not is_counted:
        monkeypatch.setattr("grader.sandbox.clock._waited_seconds", lambda _: None)
    student = student_of(CROWDED, lesson, zygote, Limits(call_seconds=10, long_call_seconds=10, lesson_seconds=100))
    call(student, lesson)
    used = student.runner.used("compute_grid")
    student.close()

    assert 0.5 <= used.processor < 1.0
    assert used.slept < 0.2, "the threads that it waits for were at work, or waited for a processor"


def test_a_short_call_asks_the_system_nothing(lesson: Lesson, zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    student = student_of("", lesson, zygote)
    student.runner.load()
    asked: list[object] = []
    monkeypatch.setattr("grader.sandbox.clock._moment", lambda *asked_for: asked.append(asked_for))
    monkeypatch.setattr("grader.sandbox.clock.LOOKS", (10.0,))  # however slow the machine is
    call(student, lesson)
    monkeypatch.undo()
    student.close()

    assert asked == []


SLOW_AT_FIRST = """
calls = 0
def compute_grid(x, y, ws, bs):
    global calls
    calls += 1
    if calls == 3:
        while True:
            pass
    return torch.full((2, 3), float(calls))
"""


def test_a_call_that_uses_up_its_limit_is_made_once_more_alone(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(SLOW_AT_FIRST, lesson, zygote, Limits(call_seconds=0.3))
    returned = [float(call(student, lesson).max()) for _ in range(4)]
    used = student.runner.used("compute_grid")
    student.close()

    assert returned == [1, 2, 1, 2], "the third call was made again in a fresh worker"
    assert 0.1 <= used.processor <= 0.5, "and its first try counts, up to half of the limit"


SLOW = """
def compute_grid(x, y, ws, bs):
    end = time.process_time() + 0.35
    while time.process_time() < end:
        pass
    return torch.zeros(2, 3)
"""


def test_an_answer_between_the_half_and_the_whole_of_its_limit_is_taken(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(SLOW, lesson, zygote, Limits(call_seconds=0.5))
    for _ in range(3):
        assert isinstance(call(student, lesson), torch.Tensor)
    used = student.runner.used("compute_grid")
    student.close()

    assert used.processor < 0.25 + 3 * 0.35 + 0.2, "only the first of them was made twice"


IMPORTS_AT_FIRST_USE = """
import importlib
def compute_grid(x, y, ws, bs):
    importlib.import_module("torch._dyn" + "amo")
    return torch.zeros(2, 3)
"""


def test_what_torch_imports_slowly_is_no_time_out_whatever_word_makes_it_import(lesson: Lesson) -> None:
    with Zygote() as zygote:
        student = student_of(IMPORTS_AT_FIRST_USE, lesson, zygote, Limits(call_seconds=0.5))
        assert isinstance(call(student, lesson), torch.Tensor)
        student.close()


DRIPS = """
import os
def compute_grid(x, y, ws, bs):
    os.write(3, bytes([0, 1, 0, 0]))
    while True:
        os.write(3, b".")
        time.sleep(0.002)
"""
PRINTS = """
def compute_grid(x, y, ws, bs):
    while True:
        print(".")
        time.sleep(0.002)
"""
OTHER_ANSWERS = """
import os
def compute_grid(x, y, ws, bs):
    from grader.sandbox import wire
    document = wire.encode({"end": "returned", "id": 10**6})
    while True:
        os.write(3, len(document).to_bytes(4, "big") + document)
        time.sleep(0.002)
"""


@pytest.mark.parametrize("source", [DRIPS, PRINTS, OTHER_ANSWERS], ids=["drips", "prints", "other answers"])
def test_a_worker_that_says_something_now_and_then_pays_for_its_sleep(
    source: str, lesson: Lesson, zygote: Zygote
) -> None:
    student = student_of(source, lesson, zygote, Limits(call_seconds=0.3))
    with pytest.raises(CallLost) as caught:
        call(student, lesson)
    used = student.runner.used("compute_grid")
    student.close()

    assert caught.value.ending.status is Status.TIMEOUT
    assert used.total < 1.0


SLEEPS_A_WHOLE_PIPE = """
def compute_grid(x, y, ws, bs):
    for _ in range(40):
        print("." * 60_000)
    return torch.zeros(2, 3)
"""


def test_a_worker_does_not_pay_for_a_grader_that_is_busy(
    lesson: Lesson, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = student_of(SLEEPS_A_WHOLE_PIPE, lesson, zygote, Limits(call_seconds=0.3))
    drain = Channel._drain

    def slowly(channel: Channel, most: int = 64) -> int:
        time.sleep(0.05)
        return drain(channel, most)

    monkeypatch.setattr(Channel, "_drain", slowly)
    assert isinstance(call(student, lesson), torch.Tensor)
    used = student.runner.used("compute_grid")
    student.close()

    assert used.slept < 0.2, "it waited two seconds for its pipe to be read"


COUNTING = """
calls = 0
def compute_grid(x, y, ws, bs):
    global calls
    calls += 1
    print("call", calls)
    if len(x) == 1:
        raise ValueError("one point")
    return torch.full((2, 3), float(calls))
"""


def test_what_is_asked_once_is_answered_as_before(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(COUNTING, lesson, zygote)
    compute_grid = student.function(lesson.exercise("compute_grid"))
    answers = []
    for _ in range(2):
        student.begin_check()
        answers += [compute_grid.once(*ARGUMENTS), compute_grid(*ARGUMENTS)]
    other = compute_grid.once(X, Y + 1, *ARGUMENTS[2:])
    shown = [(call.output, call.is_repeated) for call in student.example]
    student.close()

    assert [float(answer.max()) for answer in (*answers, other)] == [1, 2, 1, 3, 4]
    assert shown == [("call 1\n", True), ("call 3\n", False), ("call 4\n", False)]
    # A repeated answer tells the diagnosis nothing that it does not know, and belongs to each check that has asked.
    assert len(student.history["compute_grid"]) == 4
    assert [call.output for call in student.first_calls["compute_grid"]] == ["call 1\n", "call 1\n"]


def test_what_is_asked_once_raises_as_before(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(COUNTING, lesson, zygote)
    compute_grid = student.function(lesson.exercise("compute_grid"))
    for _ in range(2):
        student.begin_check()
        with pytest.raises(CallFailed, match="one point"):
            compute_grid.once(X[:1], Y[:1], *ARGUMENTS[2:])
    (call,) = student.example
    student.close()

    assert call.output == "call 1\n"


class SlowReference(Reference):
    """A reference that takes its time, and for arguments of another dtype breaks."""

    def wanted(self, asked: Asked) -> Returned | Raised:
        time.sleep(0.4)
        if asked.args[0].dtype is torch.float64:
            raise Fault("the solution is broken")
        return super().wanted(asked)


def test_an_answer_that_came_while_the_reference_was_at_it_is_in_time(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of("", lesson, zygote, Limits(call_seconds=0.2))
    student.standing(lesson.exercise("compute_grid"))
    student.reference = SlowReference(lesson)

    value = call(student, lesson)
    student.close()

    assert isinstance(value, torch.Tensor)
    assert value.tolist() == [[5, 2, 1], [1, 0, 1]]


def test_a_call_that_never_returns_is_stopped_however_long_the_reference_takes(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(inside("while True: pass"), lesson, zygote, Limits(call_seconds=0.2))
    student.reference = SlowReference(lesson)

    with pytest.raises(CallLost, match=r"its limit is 0\.2 seconds"):
        call(student, lesson)
    student.close()


class TimedReference(Reference):
    """A reference that says it has taken so long."""

    seconds = 0.0

    def wanted(self, asked: Asked) -> Returned | Raised:
        return replace(super().wanted(asked), seconds=self.seconds)


def test_a_slow_reference_lets_a_call_take_longer(lesson: Lesson, zygote: Zygote) -> None:
    sleeps = "answer = compute_grid\n" + inside("time.sleep(0.6); return answer(x, y, ws, bs)")
    student = student_of(sleeps, lesson, zygote, Limits(call_seconds=0.1))
    student.reference = reference = TimedReference(lesson)

    reference.seconds = 0.1
    assert isinstance(call(student, lesson), torch.Tensor)
    reference.seconds = 0.0  # and its answer is known now
    with pytest.raises(CallLost, match=r"its limit is 0\.1 seconds"):
        call(student, lesson)
    student.close()


def test_a_file_may_take_longer_to_load_than_a_call_to_return(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of("time.sleep(0.6)\n", lesson, zygote, Limits(call_seconds=0.1))

    assert isinstance(call(student, lesson), torch.Tensor)
    student.close()


def test_a_fault_of_the_reference_leaves_no_answer_for_the_next_call(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of("", lesson, zygote)
    student.reference = SlowReference(lesson)
    with pytest.raises(Fault, match="the solution is broken"):
        student.function(lesson.exercise("compute_grid"))(*(argument.double() * 3 for argument in ARGUMENTS))

    value = call(student, lesson)
    student.close()

    assert isinstance(value, torch.Tensor)
    assert value.tolist() == [[5, 2, 1], [1, 0, 1]]


def test_modules_are_asked_for_before_the_zygote_is_ready(lesson: Lesson) -> None:
    with Zygote() as zygote:
        for _ in range(2):
            zygote.import_modules(["colorsys", "no_module_of_this_name"])
        student = student_of(inside("raise RuntimeError('colorsys' in sys.modules)"), lesson, zygote)

        with pytest.raises(CallFailed, match="RuntimeError: True"):
            call(student, lesson)
        student.close()


def test_another_exercise_gets_a_new_worker_after_a_crash(lesson: Lesson, zygote: Zygote) -> None:
    text = (
        inside("os._exit(3)")
        + "def fixed_bias_slice(x, y, ws, b):\n    return ((y - ws[:, None] * x - b) ** 2).mean(1)\n"
    )
    student = student_of(text, lesson, zygote)
    with pytest.raises(CallLost):
        call(student, lesson)

    value = student.function(lesson.exercise("fixed_bias_slice"))(X, Y, torch.tensor([0.0, 2.0, 4.0]), 1.0)
    student.close()

    assert value.tolist() == [2, 0, 2]


def test_what_is_printed_belongs_to_the_call(lesson: Lesson, zygote: Zygote) -> None:
    statement = "print('a line'); os.write(2, b'bytes \\xff'); return torch.zeros(2, 3)"
    student = student_of(inside(statement), lesson, zygote)

    call(student, lesson)
    student.close()

    assert student.example[0].output == "a line\nbytes \\xff"


def test_a_flood_is_cut_and_does_not_block(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(inside("print('x' * 10_000_000); return torch.zeros(2, 3)"), lesson, zygote)

    call(student, lesson)
    student.close()
    output = student.example[0].output

    assert len(output) < 70_000
    assert output.endswith("[more was printed; the first 64 KiB are kept]")


UNSTEADY = """
import tempfile
class Thing:
    pass
def compute_grid(x, y, ws, bs):
    print(os.getcwd(), tempfile.mkdtemp(), Thing(), compute_grid, 0x1234567)
    open(os.path.join(tempfile.mkdtemp(), "no such folder", "frame.png"), "w")
"""


def test_what_is_another_name_in_every_run_is_shown_as_one(lesson: Lesson, zygote: Zygote) -> None:
    seen = []
    for _ in range(2):
        student = student_of(UNSTEADY, lesson, zygote)
        with pytest.raises(CallFailed) as caught:
            call(student, lesson)
        student.close()
        seen.append((student.example[0].output, caught.value.ending.message))

    assert seen[0] == seen[1]
    folder, within = SHOWN_FOLDERS
    things = "<m1_4_loss_landscape.Thing object at 0x...> <function compute_grid at 0x...> 19088743"
    assert seen[0][0] == f"{folder} {within} {things}\n"
    assert seen[0][1].endswith(f"No such file or directory: '{within}/no such folder/frame.png'")


def test_every_call_starts_from_the_same_seed(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(inside("return torch.rand(2, 3)"), lesson, zygote)

    first, second = call(student, lesson), call(student, lesson)
    student.close()

    assert isinstance(first, torch.Tensor)
    assert isinstance(second, torch.Tensor)
    assert torch.equal(first, second)
    assert not student.conduct["compute_grid"], "drawing from the global generator is fine"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("x += 1", "changed its argument `x` in place"),
        ("bs.zero_()", "changed its argument `b_values` in place"),
        ("torch.manual_seed(0)", "sets the seed"),
        ("torch.set_default_dtype(torch.float64)", "default dtype"),
        ("torch.set_grad_enabled(False)", "gradients"),
        ("torch.set_num_threads(2)", "number of threads"),
    ],
)
def test_bad_conduct_is_seen(statement: str, words: str, lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(inside(f"{statement}; return torch.zeros(2, 3)"), lesson, zygote)

    call(student, lesson)
    call(student, lesson)
    student.close()
    (text,) = student.conduct["compute_grid"]

    assert words in text


def test_bad_conduct_of_one_call_does_not_reach_the_next(lesson: Lesson, zygote: Zygote) -> None:
    statement = "torch.set_default_dtype(torch.float64); return torch.zeros(2, 3)"
    text = inside(f"dtype = torch.zeros(1).dtype; assert dtype is torch.float32, dtype; {statement}")
    student = student_of(text, lesson, zygote)

    call(student, lesson)
    call(student, lesson)
    student.close()


@pytest.mark.parametrize(
    "statement",
    [
        "open('/etc/passwd').read()",
        "open('/proc/self/environ').read()",
        "os.listdir('/')",
        f"open({str(ROOT / 'solutions' / 'm1_4_loss_landscape.py')!r}).read()",
        f"os.chmod({__file__!r}, 0o644)",
        f"os.utime({__file__!r})",
        "os.kill(os.getppid(), 0)",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "open('/tmp/grade-escape', 'w')",
        "import fcntl; fcntl.fcntl(3, 8, os.getppid())",
        "os.symlink('/etc/passwd', 'link'); open('link').read()",
    ],
)
def test_the_operating_system_forbids(statement: str, lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(inside(statement), lesson, zygote)

    with pytest.raises(CallFailed, match=r"PermissionError: \[Errno (1|13)\]"):
        call(student, lesson)
    student.close()


def test_a_limit_cannot_be_raised_again(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(inside("import resource; resource.setrlimit(resource.RLIMIT_CPU, (100, 100))"), lesson, zygote)

    with pytest.raises(CallFailed, match="ValueError: not allowed to raise maximum limit"):
        call(student, lesson)
    student.close()


def test_a_worker_knows_nothing_of_the_environment(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of(inside("raise RuntimeError(sorted(os.environ))"), lesson, zygote)

    with pytest.raises(CallFailed) as caught:
        call(student, lesson)
    student.close()

    assert caught.value.ending.message == "RuntimeError: ['HOME', 'MPLBACKEND', 'TMPDIR']"


def test_temporary_files_go_to_the_folder_of_the_worker(lesson: Lesson) -> None:
    with Zygote() as zygote:
        # It asks for the folder of temporary files when it is imported.
        zygote.import_modules(["torch._dynamo.eval_frame"])
        text = inside("import tempfile; raise RuntimeError(tempfile.mkdtemp().startswith(os.getcwd()))")
        student = student_of(text, lesson, zygote)

        with pytest.raises(CallFailed, match="RuntimeError: True"):
            call(student, lesson)
        student.close()


def test_an_optimizer_needs_no_compiler_and_is_the_same(lesson: Lesson) -> None:
    statement = (
        "p = torch.nn.Parameter(torch.tensor([1.0]))\n"
        "    optimizer = torch.optim.AdamW([p], lr=0.5, weight_decay=0.0)\n"
        "    (3 * p).sum().backward()\n"
        "    optimizer.step(); optimizer.zero_grad(); optimizer.load_state_dict(optimizer.state_dict())\n"
        "    found = any(name.endswith('convert_frame') for name in sys.modules)\n"
        "    raise RuntimeError(f'{p.item():.4f} {p.grad} {found}')"
    )
    with Zygote() as zygote:  # another one may have imported the compiler for another test
        student = student_of(inside(statement), lesson, zygote)
        with pytest.raises(CallFailed) as caught:
            call(student, lesson)
        student.close()

    assert caught.value.ending.message == "RuntimeError: 0.5000 None False"


@pytest.mark.parametrize(
    "statement",
    [
        "import torch._dynamo.config; from torch._dynamo import is_compiling",
        "torch._dynamo.reset()",
        "import inspect; inspect.getmodule(inspect.currentframe()); torch._dynamo.allow_in_graph(len)",
    ],
)
def test_what_needs_the_compiler_finds_it(statement: str, lesson: Lesson, zygote: Zygote) -> None:
    text = inside(f"{statement}; raise RuntimeError('torch._dynamo.eval_frame' in sys.modules)")
    student = student_of(text, lesson, zygote)

    with pytest.raises(CallFailed, match="RuntimeError: True"):
        call(student, lesson)
    student.close()


def test_a_worker_has_four_descriptors(lesson: Lesson, zygote: Zygote) -> None:
    statement = (
        "x = 0\n"
        "    for number in range(300):\n"
        "        try: os.fstat(number); x += 1\n"
        "        except OSError: pass\n"
        "    raise RuntimeError(x)"
    )
    student = student_of(inside(statement), lesson, zygote)

    with pytest.raises(CallFailed, match="RuntimeError: 4"):
        call(student, lesson)
    student.close()


def test_a_lost_worker_leaves_no_process_and_no_folder(lesson: Lesson, zygote: Zygote) -> None:
    text = inside("open('file', 'w').write(os.getcwd()); raise RuntimeError(f'{os.getpid()}')")
    student = student_of(text, lesson, zygote)
    with pytest.raises(CallFailed) as caught:
        call(student, lesson)
    pid = caught.value.ending.message.removeprefix("RuntimeError: ")
    assert student.runner.channel is not None
    folder = student.runner.channel.scratch
    assert Path(folder, "file").exists()

    student.close()

    assert not Path(folder).exists()
    assert comes_true(lambda: not is_alive(int(pid)))


def test_killed_workers_are_cleared_away_at_the_next_request(lesson: Lesson) -> None:
    with Zygote() as zygote:
        for _ in range(3):
            student = student_of("", lesson, zygote)
            call(student, lesson)
            student.close()
        assert zygote._process._process is not None
        pid = zygote._process._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children")

        def are_cleared_away() -> bool:
            zygote.connect().close()
            return children.read_text() == ""

        assert comes_true(are_cleared_away)


def test_the_death_of_the_zygote_is_a_fault_and_the_next_run_works(lesson: Lesson) -> None:
    with Zygote() as zygote:
        assert zygote.isolation == "confined"
        assert zygote._process._process is not None
        zygote._process._process.kill()
        student = student_of("", lesson, zygote)
        with pytest.raises(Fault, match="The submission did not cause this"):
            call(student, lesson)

        student = student_of("", lesson, zygote)
        call(student, lesson)
        student.close()


def test_a_zygote_that_does_not_start_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    monkeypatch.setattr(ipc, "launch", nursery.real_launch)
    with Zygote() as zygote, pytest.raises(Fault, match="could not be started"):
        zygote.start()


def test_an_argument_that_cannot_be_sent_has_no_answer(lesson: Lesson, zygote: Zygote) -> None:
    student = student_of("", lesson, zygote)

    with pytest.raises(Unanswerable, match="the check passes compute_grid an argument that holds a tensor of shape"):
        student.function(lesson.exercise("compute_grid"))(*ARGUMENTS[:3], torch.zeros(10**6))
    student.close()


def test_advice_is_given_beside_a_right_value(lesson: Lesson, zygote: Zygote) -> None:
    text = inside("return ((y - ws[:, None, None] * x - bs[:, None]) ** 2).mean(-1).float().requires_grad_()")
    student = student_of(text, lesson, zygote)

    student.function(lesson.exercise("compute_grid"))(*(argument.double() for argument in ARGUMENTS))
    student.close()

    assert [text.split(".")[0] for text in student.advice["compute_grid"]] == [
        "Your result still carries its gradient history",
        "For float64 data your result is float32, which loses half of the digits",
    ]


def test_who_calls_what_is_still_to_do_has_written_something(lesson: Lesson, zygote: Zygote) -> None:
    """The stub of another exercise is to do, and not the one that was called."""
    stub = "def fixed_bias_slice(x, y, ws, b):\n    raise NotImplementedError('TODO: write fixed_bias_slice')\n"
    student = student_of(
        stub + inside("return torch.stack([fixed_bias_slice(x, y, ws, b) for b in bs])"), lesson, zygote
    )
    with pytest.raises(CallFailed) as failed:
        call(student, lesson)
    student.close()

    assert failed.value.ending.status is Status.RAISED
    assert failed.value.ending.message == (
        "compute_grid calls fixed_bias_slice, which is still to do. Write fixed_bias_slice first."
    )


def test_a_solution_and_a_student_may_return_containers_of_their_own(tmp_path: Path, zygote: Zygote) -> None:
    body = "    return OrderedDict(shape=x.shape, largest=x.max(dim=0))\n"
    lesson = write_lesson(
        tmp_path,
        solution=("    return x * factor\n", f"    from collections import OrderedDict\n{body}"),
    )
    right = b"def scale(x, factor):\n    value, index = x.max(dim=0)\n"
    right += b"    return {'shape': tuple(x.shape), 'largest': (value, index)}\n"
    for content in (lesson.solution.read_bytes(), right):
        student = Student(Runner(lesson, Source("exercises/file.py", content), zygote, Limits()), Reference(lesson))
        value = student.function(lesson.exercise("scale"))(torch.tensor([1.0, 3.0, 2.0]), 2.0)
        student.close()

        assert value == {"shape": (3,), "largest": (torch.tensor(3.0), torch.tensor(1))}
        assert [type(part) for part in value.values()] == [tuple, tuple]
