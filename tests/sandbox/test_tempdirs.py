"""What a killed run leaves behind is removed by the next one, and nothing of a run that goes on."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox import tempdirs
from grader.sandbox.tempdirs import FEW, Scratch, remove
from tests.patience import comes_true

PROGRAM = """
import sys, time
from grader.sandbox.tempdirs import Scratch
scratch = Scratch()
(scratch.path / "1").mkdir()
print(scratch.path, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep away from the folders of real runs."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def test_it_is_gone_in_the_end(tmp_path: Path) -> None:
    with Scratch() as here:
        (here.path / "file").write_text("text")
        assert here.path.parent == tmp_path

    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_killed_run_is_removed_and_that_of_another_stays() -> None:
    with Scratch() as here:
        other = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True)
        assert other.stdout is not None
        folder = Path(other.stdout.readline().strip())
        with Scratch():
            assert (folder / "1").is_dir()
        other.kill()
        other.wait()
        other.stdout.close()
        with Scratch():
            assert not folder.exists()
        assert here.path.is_dir()


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "grade-run-of-mine").mkdir()
    (tmp_path / "grade-run.txt").write_text("mine")
    with Scratch():
        pass

    assert {path.name for path in tmp_path.iterdir()} == {"grade-run-of-mine", "grade-run.txt"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder."""
    made = tmp_path / "folder"
    made.mkdir()
    return made


def wait_until_gone(folder: Path) -> None:
    """Wait for a removal that may take longer than anybody waits for it."""
    assert comes_true(lambda: not folder.exists())


def test_what_is_few_is_removed_without_a_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(subprocess, "Popen")
    remove(folder)
    assert not folder.exists()
    folder.mkdir()
    for number in range(FEW - 2):
        (folder / str(number)).write_text("text")
    (folder / "empty").mkdir()
    (folder / "link").symlink_to(folder.parent)
    remove(folder)
    assert not folder.exists()
    remove(folder)  # nothing is said of one that is gone


def test_what_is_much_or_odd_is_removed_too(folder: Path) -> None:
    other = folder.parent / "other"
    (other / "inner").mkdir(parents=True)
    for number in range(FEW + 1):
        (folder / str(number)).mkdir()
    for name in (b"\xff\xfe", b"new\nline", b"-rf", b"* ?", b"\x1b[2J", b"$0", b"a" * 255):
        odd = folder / os.fsdecode(name)
        odd.mkdir()
        os.mkfifo(odd / "pipe")
    (folder / "closed").mkdir(mode=0)
    (folder / "0" / "link").symlink_to(other, target_is_directory=True)
    with contextlib.chdir(folder):
        for _ in range(1100):
            Path("d" * 100).mkdir()
            os.chdir("d" * 100)
    remove(folder)

    wait_until_gone(folder)
    assert (other / "inner").is_dir()


def children() -> set[str]:
    """Return the process numbers of this process's children, zombies too; other tests may have left some."""
    return {number for file in Path("/proc/self/task").glob("*/children") for number in file.read_text().split()}


SLOW = """#!/bin/sh
cut -d' ' -f6 /proc/$$/stat > "$NOTED"
until [ -e "$NOTED.go" ]; do sleep 0.02; done
/bin/rm "$@"
"""


def test_what_takes_long_goes_on_by_itself(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, noted = tmp_path / "bin" / "rm", tmp_path / "noted"
    slow.parent.mkdir()
    slow.write_text(SLOW)
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("NOTED", str(noted))
    monkeypatch.setattr(tempdirs, "REMOVAL_SECONDS", 0.1)
    (folder / "inner").mkdir()
    (folder / "inner" / "file").write_text("text")
    before = children()

    remove(folder)

    assert folder.exists()
    noted.with_name("noted.go").touch()
    wait_until_gone(folder)
    assert int(noted.read_text()) != os.getsid(0), "Ctrl-C would stop it"
    assert children() <= before, "it stays a zombie"
