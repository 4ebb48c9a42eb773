"""What a killed run leaves behind is removed by the next one, and nothing of a run that goes on."""

import subprocess
import sys
from pathlib import Path

import pytest

from grader.scratch import Scratch

PROGRAM = """
import sys, time
from grader.scratch import Scratch
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
    with Scratch() as scratch:
        (scratch.path / "file").write_text("text")
        assert scratch.path.parent == tmp_path

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
