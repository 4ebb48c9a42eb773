"""What a worker uses is seen whatever hides it, and what is ordinary is never too much."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.sandbox import footprint
from grader.sandbox.confinement import MIB, Limits
from grader.sandbox.footprint import Excess, Footprint, count_files

needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only /proc tells")


def test_files_and_folders_are_counted_however_deep(tmp_path: Path) -> None:
    assert count_files(str(tmp_path), 10) == 0
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path)

    assert count_files(str(tmp_path), 10) == 4


def test_no_more_are_counted_than_it_takes_to_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(100):
        (tmp_path / f"{number}").mkdir()
    assert count_files(str(tmp_path), 10) == 11

    looked = 0
    real = os.scandir

    def scandir(path: str) -> object:
        nonlocal looked
        looked += 1
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    count_files(str(tmp_path), 10)
    assert looked == 1


def test_a_folder_whose_path_is_too_long_hides_nothing(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("x" * 250, dir_fd=folder)
        inner = os.open("x" * 250, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)

    assert count_files(str(tmp_path), 1000) == 1001
    subprocess.run(["rm", "-rf", tmp_path], check=True)


def test_a_folder_that_may_not_be_read_hides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("secret"):
            raise PermissionError  # as for everybody but root
        return real(path)

    (tmp_path / "secret").mkdir(0o300)
    monkeypatch.setattr(os, "scandir", scandir)
    assert count_files(str(tmp_path), 1000) == 1001


def test_a_folder_that_is_removed_meanwhile_is_gone(tmp_path: Path) -> None:
    assert count_files(str(tmp_path / "gone"), 10) == 0


def of_this_process(tmp_path: Path, **limits: int) -> Footprint:
    return Footprint(os.getpid(), str(tmp_path), Limits(**{"threads": 10_000, "written": 2**50, **limits}))


def hold_memory() -> object:
    return bytearray(os.urandom(1) * (64 * MIB))


def start_threads() -> object:
    done = threading.Event()
    threads = [threading.Thread(target=done.wait, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    return done


@needs_proc
@pytest.mark.parametrize(
    ("limits", "use", "says"),
    [
        ({"memory": 16 * MIB}, hold_memory, "more than 16 MiB of memory"),
        ({"threads": 2}, start_threads, "more than 2 threads"),
    ],
    ids=["memory", "threads"],
)
def test_memory_and_threads_are_seen(
    limits: dict[str, int], use: Callable[[], object], says: str, tmp_path: Path
) -> None:
    of_this_process(tmp_path).check()
    looked_at = of_this_process(tmp_path, **limits)
    held = use()
    with pytest.raises(Excess, match=says):
        looked_at.check()
    if isinstance(held, threading.Event):
        held.set()


@needs_proc
def test_what_was_written_counts_when_its_file_is_gone(tmp_path: Path) -> None:
    before = footprint._written(os.getpid())
    looked_at = of_this_process(tmp_path, written=before + MIB)
    looked_at.check()
    with (tmp_path / "file").open("wb") as file:
        (tmp_path / "file").unlink()
        file.write(bytes(2 * MIB))

    assert count_files(str(tmp_path), 10) == 0
    with pytest.raises(Excess, match="wrote more than"):
        of_this_process(tmp_path, written=before + MIB).check()


def test_too_many_files_are_seen(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}").touch()
    of_this_process(tmp_path, files=12).check()
    with pytest.raises(Excess, match="more than 11 files and folders"):
        of_this_process(tmp_path, files=11).check()


def test_between_two_looks_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("grader.sandbox.footprint.time.monotonic", lambda: now)
    looked_at = of_this_process(tmp_path, files=0)
    looked_at.check()
    (tmp_path / "file").touch()
    looked_at.check()
    now += 2 * footprint.LOOK_SECONDS
    with pytest.raises(Excess):
        looked_at.check()


def test_a_process_that_has_ended_uses_nothing(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    Footprint(ended.pid, str(tmp_path), Limits()).check()
