"""Every way in which an editor saves is seen, and nothing else is."""

import select
import time
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from grader.live.file_watcher import Files, events_arrive
from tests.patience import PATIENCE


def heard(files: Files) -> set[Path]:
    """Return what has changed, as soon as something is told."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        select.select([files], [], [], 0.5)
        if changed := files.changed():
            return changed
    return set()


def test_a_file_written_in_place(tmp_path: Path) -> None:
    path = tmp_path / "m1_4.py"
    path.write_text("a = 1")
    with Files([tmp_path]) as files:
        path.write_text("a = 22")

        assert heard(files) == {path}
        assert files.changed() == set()


def test_a_file_written_beside_and_renamed(tmp_path: Path) -> None:
    path = tmp_path / "m1_4.py"
    path.write_text("a = 1")
    with Files([tmp_path]) as files:
        beside = tmp_path / ".m1_4.py.swp~"
        beside.write_text("a = 2")
        beside.replace(path)

        assert path in heard(files)


def test_a_new_file_and_a_file_that_goes(tmp_path: Path) -> None:
    path = tmp_path / "compute_grid.md"
    with Files([tmp_path]) as files:
        path.write_text("new")
        assert heard(files) == {path}
        path.unlink()
        assert heard(files) == {path}


def test_without_events_a_look_finds_the_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchdog.observers.Observer", MagicMock())
    path = tmp_path / "m1_4.py"
    path.write_text("a = 1")
    with Files([tmp_path]) as files:
        path.write_text("a = 22")

        assert files.changed() == {path}


def test_where_nothing_can_be_told_a_look_finds_the_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchdog.observers.Observer", MagicMock(side_effect=OSError("inotify watch limit reached")))
    with Files([tmp_path]) as files:
        (tmp_path / "m1_4.py").write_text("a = 22")

        assert files.changed() == {tmp_path / "m1_4.py"}
    assert not events_arrive(tmp_path)


def test_who_reads_is_not_told(tmp_path: Path) -> None:
    path = tmp_path / "m1_4.py"
    path.write_text("a = 1")
    with Files([tmp_path]) as files:
        for _ in range(3):
            path.read_text()
            files.changed()

        assert select.select([files], [], [], 0.5)[0] == []


def test_a_file_that_is_written_all_the_time_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "m1_4.py"
    with Files([tmp_path]) as files:
        seen = False
        deadline = time.monotonic() + PATIENCE
        while not seen and time.monotonic() < deadline:
            path.write_text(f"a = {time.monotonic()}")
            seen = bool(select.select([files], [], [], 0.005)[0])

        assert seen
        assert files.changed() == {path}


def test_folders_that_do_not_exist_are_no_error(tmp_path: Path) -> None:
    with Files([tmp_path / "nowhere"]) as files:
        assert files.changed() == set()


def test_events_arrive_on_this_disk(tmp_path: Path) -> None:
    assert events_arrive(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_where_events_do_not_arrive_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchdog.observers.Observer", MagicMock())
    monkeypatch.setattr("grader.live.file_watcher.PROBE_SECONDS", 0.2)

    assert not events_arrive(tmp_path)
    assert list(tmp_path.iterdir()) == []
