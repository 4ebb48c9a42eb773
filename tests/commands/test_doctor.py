"""`grade doctor`: each thing that can be amiss is told, with the step that mends it, and nothing else is in its way."""

import importlib.metadata
import locale
import os
import shutil
import subprocess
import sys
import tempfile
import types
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from grader.commands import Context, doctor
from grader.commands.doctor import FAIL, NOTE, OK, SLOW, Finding
from grader.course.model import Course
from grader.errors import UsageError
from grader.progress.store import Store
from grader.reports.text import Style
from grader.sandbox import confinement


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """An empty course with a place for everything."""
    (tmp_path / "exercises").mkdir()
    return Context(Course(tmp_path, ()), tmp_path / "exercises", Store.open(tmp_path), Style(), lambda _: "")


def subprocess_that(
    monkeypatch: pytest.MonkeyPatch, code: int = 0, output: str = "", errors: str = "", seconds: float = 1.0
) -> None:
    """Let the next process end like this, as if it had taken so long."""
    times = iter([0.0, seconds])
    done = subprocess.CompletedProcess([], code, output, errors)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    monkeypatch.setattr("grader.commands.doctor.time", types.SimpleNamespace(monotonic=lambda: next(times)))


def raising(error: Exception) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise error

    return fail


# the whole


def test_a_sound_machine_is_found_sound(context: Context) -> None:
    answer = doctor.run(context, [])

    words = [line.split()[0] for line in answer.text.splitlines() if line and not line.startswith(" ")]
    assert answer.exit_code == 0, answer.text
    assert FAIL not in words
    assert len([word for word in words if word in (OK, SLOW, NOTE)]) == 13
    assert "torch" in answer.text
    assert answer.text.endswith("Everything that grade needs is in place.")
    assert list(context.submission.iterdir()) == []


def test_one_failure_is_exit_code_1(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [Finding(OK, "fine"), Finding(FAIL, "broken", "mend --it")]
    monkeypatch.setattr(doctor, "examine", lambda _: findings)

    answer = doctor.run(context, [])

    assert answer.exit_code == 1
    assert answer.text.splitlines()[:2] == ["ok    fine", "FAIL  broken. mend --it"]
    assert "1 of these must be fixed" in answer.text


def test_it_takes_no_words(context: Context) -> None:
    with pytest.raises(UsageError):
        doctor.run(context, ["1.4"])


def test_long_lines_are_wrapped_and_commands_kept_whole() -> None:
    text = doctor.render([Finding(NOTE, "word " * 30, "uv run --a-long-option=/a-path-that-is/not-broken")], Style())

    first, *others = text.splitlines()[:-2]
    assert first.startswith("note  word")
    assert all(line.startswith("      ") for line in others)
    assert "--a-long-option=/a-path-that-is/not-broken" in text


def test_colour_only_adds_to_the_words() -> None:
    assert "\x1b[31mFAIL\x1b[0m  x" in doctor.render([Finding(FAIL, "x")], Style(colour=True))


def test_nothing_of_it_imports_torch() -> None:
    program = (
        "import sys; from grader.commands import doctor; doctor.python(); doctor.matplotlib(); doctor.isolation();"
        "sys.exit('torch' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("project", "step"),
    [
        ("", "uv sync"),
        ("[tool.uv]\nmanaged = true\n", "uv sync"),
        ("[tool.uv]\nmanaged = false\n", "uv pip install -r pyproject.toml"),
        ("[tool.uv\n", "uv sync"),
        ("tool = 1\n", "uv sync"),
    ],
)
def test_the_step_works_in_the_folder(
    context: Context, monkeypatch: pytest.MonkeyPatch, project: str, step: str
) -> None:
    (context.course.root / "pyproject.toml").write_text(project)
    monkeypatch.setattr(doctor, "torch", lambda: Finding(FAIL, "torch is not installed", "uv sync"))

    assert Finding(FAIL, "torch is not installed", step) in doctor.examine(context)


# each thing


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))

    assert doctor.python() == Finding(FAIL, "Python 3.10.9 is too old, 3.11 is required", "uv sync --python 3.11")


def test_no_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)

    assert doctor.uv().word == NOTE


@pytest.mark.parametrize(
    ("seconds", "output", "word", "said"),
    [
        (1.5, "CPU\t\n", OK, "built for CPU; a fresh process imports it in 1.5 s"),
        (1.5, "CUDA 12.8\twith a usable GPU\n", OK, "CUDA 12.8 with a usable GPU"),
        (30.0, "CPU\t\n", SLOW, "30.0 s"),
    ],
)
def test_torch(monkeypatch: pytest.MonkeyPatch, seconds: float, output: str, word: str, said: str) -> None:
    subprocess_that(monkeypatch, output=output, seconds=seconds)

    found = doctor.torch()

    assert found.word == word
    assert said in found.what


def test_torch_that_does_not_import(monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess_that(monkeypatch, code=1, errors="Traceback\nImportError: libgomp.so.1 is missing\n")

    found = doctor.torch()

    assert found.word == FAIL
    assert found.what.endswith("does not import: ImportError: libgomp.so.1 is missing")
    assert found.mend == "uv sync --reinstall-package torch"


@pytest.mark.parametrize("error", [subprocess.TimeoutExpired("python", 1), OSError("no such interpreter")])
def test_torch_whose_process_fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(subprocess, "run", raising(error))

    assert doctor.torch().word == FAIL


def test_no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "version", raising(importlib.metadata.PackageNotFoundError("torch")))

    assert doctor.torch() == Finding(FAIL, "torch is not installed", "uv sync")


def test_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("matplotlib.get_cachedir", lambda: str(tmp_path))
    assert doctor.matplotlib().word == NOTE
    (tmp_path / "fontlist-v390.json").touch()
    assert doctor.matplotlib().word == OK


def test_no_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    assert doctor.matplotlib().word == FAIL


def test_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert doctor.writable(tmp_path, "").word == OK
    assert doctor.writable(tmp_path / "gone", "make it") == Finding(
        FAIL, f"{tmp_path / 'gone'} is not a folder", "make it"
    )
    # Root may write everywhere, so a refusal is played.
    monkeypatch.setattr(tempfile, "TemporaryFile", raising(PermissionError(13, "Permission denied")))
    refused = doctor.writable(tmp_path, "")
    assert refused == Finding(FAIL, f"{tmp_path} is not writable: Permission denied", f"chmod u+rwx {tmp_path}")


def test_a_damaged_store(context: Context) -> None:
    assert doctor.store(context).word == OK
    context.store.close()
    for path in (context.course.root / ".grade").glob("verdicts*"):
        path.unlink()
    (context.course.root / ".grade" / "verdicts.sqlite3").write_text("no database " * 100)
    damaged = Context(context.course, context.submission, Store.open(context.course.root), Style(), context.ask)

    found = doctor.store(damaged)

    assert found.word == FAIL
    assert "damaged" in found.what


def test_the_watcher_hears_a_real_file(tmp_path: Path) -> None:
    assert doctor.watcher(tmp_path).word == OK
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [(lambda _: False, "looks every 0.3 s instead"), (raising(OSError(30, "Read-only file system")), "Read-only")],
)
def test_a_deaf_watcher(monkeypatch: pytest.MonkeyPatch, answer: Callable[..., object], said: str) -> None:
    monkeypatch.setattr(doctor, "events_arrive", answer)

    found = doctor.watcher(Path())

    assert found.word == NOTE
    assert said in found.what


@pytest.mark.parametrize(
    ("reason", "mend"),
    [
        ("Landlock and seccomp exist only on Linux, and this is darwin", "your own code"),
        ("the confinement libraries cannot be loaded: libseccomp.so.2", "apt install libseccomp2"),
        ("this kernel has Landlock version 0; version 3 is required (Linux 6.2)", "Linux 6.2 or newer"),
    ],
)
def test_without_confinement(monkeypatch: pytest.MonkeyPatch, reason: str, mend: str) -> None:
    monkeypatch.setattr(confinement, "missing", lambda: reason)

    found = doctor.isolation()

    assert found.word == NOTE
    assert reason in found.what
    assert mend in found.mend


def test_text_that_is_not_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locale, "getencoding", lambda: "ISO-8859-1")

    found = doctor.encoding()

    assert found.word == NOTE
    assert "ISO-8859-1" in found.what


@pytest.mark.parametrize(
    ("environment", "columns", "style", "expected"),
    [
        ({}, 120, Style(colour=True), "ok: 120 columns, colour"),
        ({"NO_COLOR": "1"}, 120, Style(), "ok: 120 columns, no colour, because NO_COLOR is set"),
        ({"TERM": "dumb"}, 120, Style(), "ok: 120 columns, no colour, because TERM is dumb"),
        ({}, 120, Style(), "ok: 120 columns, no colour, because of --plain or --output"),
        ({}, 40, Style(colour=True), "ok: 40 columns, colour"),
        ({}, 39, Style(colour=True), "note: 39 columns, colour"),
    ],
)
def test_the_terminal(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], columns: int, style: Style, expected: str
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with monkeypatch.context() as patch:
        # Only while it is looked at: pytest asks for the width too.
        patch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((columns, 24)))
        patch.setattr(sys, "stdout", types.SimpleNamespace(isatty=lambda: True))
        found = doctor.terminal(style)

    word, _, said = expected.partition(": ")
    assert (found.word, found.what) == (word, f"a terminal with {said}")


def test_one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)

    assert doctor.processors().word == NOTE


@pytest.mark.parametrize(("free", "word"), [(None, NOTE), (doctor.GIB, SLOW), (doctor.ENOUGH_MEMORY, OK)])
def test_memory(monkeypatch: pytest.MonkeyPatch, free: int | None, word: str) -> None:
    monkeypatch.setattr(doctor, "free_memory", lambda: free)

    assert doctor.memory().word == word


@pytest.mark.parametrize(
    ("group", "free"),
    [(("max", "5"), 4096 * 1024), (("3000", "1000"), 2000), (("1000", "3000"), 0), ((), 4096 * 1024)],
)
def test_free_memory_is_what_a_container_leaves(tmp_path: Path, group: Sequence[str], free: int) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9999 kB\nMemAvailable:    4096 kB\n")
    for name, value in zip(("memory.max", "memory.current"), group, strict=False):
        (tmp_path / name).write_text(f"{value}\n")

    assert doctor.free_memory(tmp_path, tmp_path) == free
    assert doctor.free_memory(tmp_path / "none", tmp_path) is None
