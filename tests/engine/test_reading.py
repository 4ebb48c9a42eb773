"""A check process that dies of an answer leaves a note of whose it was; one that runs out of memory says it itself."""

import signal
import subprocess
import sys
from contextvars import copy_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from grader.course.model import Lesson
from grader.engine.reading import is_out_of_memory, keep_note, last_read, reading
from grader.feedback import coercion
from grader.verdict import Status
from tests.conftest import Grade
from tests.patience import PATIENCE


def test_the_note_says_whose_answer_is_read_and_nothing_before_and_after(tmp_path: Path) -> None:
    def read() -> None:
        with reading("unkept"):
            assert last_read(str(tmp_path)) == ""
        keep_note(str(tmp_path))
        for name in ("compute_grid_of_a_long_name", "short"):
            with reading(name):
                assert last_read(str(tmp_path)) == name
            assert last_read(str(tmp_path)) == ""
        with pytest.raises(ValueError, match="broken"), reading("short"):
            raise ValueError("broken")
        assert last_read(str(tmp_path)) == ""

    copy_context().run(read)
    assert last_read(str(tmp_path / "none")) == ""


def test_a_process_that_is_killed_leaves_its_note(tmp_path: Path) -> None:
    code = "import os, sys; from grader.engine.reading import *; keep_note(sys.argv[1])"
    code += "\nwith reading('train'): os.kill(os.getpid(), 9)"
    assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False).returncode == -signal.SIGKILL
    assert last_read(str(tmp_path)) == "train"


def test_torch_and_python_say_in_two_ways_that_there_is_no_memory() -> None:
    with pytest.raises(RuntimeError) as refused:
        torch.empty(2**60, dtype=torch.uint8)
    assert is_out_of_memory(refused.value)
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(RuntimeError("shapes do not fit"))


def test_a_check_process_has_limits() -> None:
    start = "from grader.sandbox.confinement import *; set_check_limits(Limits(check_memory=64 * MIB, check_seconds=1))"
    for code, ends in (
        ("bytes(16 * MIB)", 0),
        ("try: bytes(128 * MIB)\nexcept MemoryError: raise SystemExit(7)", 7),
        ("while True: pass", -signal.SIGKILL),
    ):
        process = subprocess.run([sys.executable, "-c", f"{start}\n{code}"], check=False, timeout=PATIENCE)
        assert process.returncode == ends, code


def is_grid(value: object) -> bool:
    return isinstance(value, torch.Tensor) and value.ndim == 2


def test_an_answer_that_takes_all_memory_to_look_at_has_crashed(
    grade_text: Grade, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = coercion.coerce

    def coerce(value: Any, *more: Any) -> Any:
        if is_grid(value):
            raise MemoryError
        return real(value, *more)

    monkeypatch.setattr("grader.engine.student.coercion", SimpleNamespace(coerce=coerce))
    report = grade_text(lesson.solution.read_text(), "compute_grid", "fixed_bias_slice")
    grid, line = report.lessons[0].exercises

    assert (grid.status, grid.points, line.status) == (Status.CRASHED, 0, Status.PASSED)
    assert {check.status for check in grid.checks if "conduct" not in check.name} == {Status.CRASHED}
    assert grid.checks[0].message.startswith("The check process ended while it read what your function returned.")
    assert "1,024 MiB of memory and 120 seconds" in grid.checks[0].message


def test_an_answer_that_takes_all_memory_to_explain_has_crashed(
    grade_text: Grade, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    def diagnose(*_: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")

    monkeypatch.setattr("grader.engine.diagnosis.diagnose", diagnose)
    wrong = lesson.solution.read_text().replace("w_values[:, None, None]", "2 * w_values[:, None, None]")
    grid, line = grade_text(wrong, "compute_grid", "fixed_bias_slice").lessons[0].exercises

    assert (grid.status, grid.points, line.status) == (Status.CRASHED, 0, Status.PASSED)


def test_a_check_that_takes_all_memory_before_an_answer_is_a_fault(
    grade_text: Grade, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    def standing(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("grader.engine.student.Student.standing", standing)
    (grid,) = grade_text(lesson.solution.read_text(), "compute_grid").lessons[0].exercises

    assert grid.status is Status.FAULT
