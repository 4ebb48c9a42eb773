"""`grade doctor`, thing by thing: what is amiss is told with what mends it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import confine
from grader.commands import doctor


def raising(error: Exception) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise error

    return fail


def test_an_old_python_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))

    found = doctor.python()

    assert (found.word, found.what) == ("FAIL", "Python 3.10.9 is too old.")
    assert "uv sync" in found.mend


def test_torch_that_does_not_import_fails_with_its_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.CompletedProcess([], 1, "", "Traceback\nImportError: libgomp.so.1 is missing\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)

    found = doctor.torch()

    assert (found.word, found.what) == ("FAIL", "torch does not import: ImportError: libgomp.so.1 is missing")
    assert "uv sync --reinstall-package torch" in found.mend


def test_torch_that_takes_for_ever_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", raising(subprocess.TimeoutExpired("python", 1)))

    assert doctor.torch().word == "FAIL"


@pytest.mark.parametrize(
    ("answer", "said"),
    [(lambda _: False, "does not tell"), (raising(OSError(30, "Read-only file system")), "Read-only file system")],
)
def test_a_watcher_that_hears_nothing_is_a_note(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[..., object], said: str
) -> None:
    monkeypatch.setattr("grader.files.events_arrive", answer)

    found = doctor.watcher(Path())

    assert found.word == "note"
    assert said in found.what


def test_a_real_file_is_heard_and_nothing_stays(tmp_path: Path) -> None:
    (tmp_path / ".grade").mkdir()

    assert doctor.watcher(tmp_path).word in ("ok", "note")
    assert list((tmp_path / ".grade").iterdir()) == []


def test_without_confinement_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confine, "missing", lambda: "this kernel has Landlock version 0")

    found = doctor.isolation()

    assert found.word == "note"
    assert "this kernel has Landlock version 0" in found.what
    assert "Linux 6.2" in found.mend


def test_nothing_of_it_imports_torch() -> None:
    program = "import sys; from grader.commands import doctor; doctor.python(); sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
