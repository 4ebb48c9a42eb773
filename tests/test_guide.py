"""The guide for authors in CONTRIBUTING.md: its commands are run, in order, and say what the guide says."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.nursery import grade_command

GUIDE = (ROOT / "CONTRIBUTING.md").read_text().partition("## I want to write a lesson\n")[2].partition("\n## ")[0]
STEP = re.compile(r"^```sh\nuv run (grade [^\n]*)\n```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STEPS = STEP.findall(GUIDE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A scratch copy of the course."""
    for folder in ("lessons", "solutions", "exercises"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.toml", tmp_path)
    return tmp_path


def test_the_commands_of_the_guide_say_what_it_says(root: Path) -> None:
    assert [command.split()[1] for command, _ in STEPS] == ["new", "new", "sync", "audit"]
    for command, wanted in STEPS:
        # A smaller proof of the same eight things: the whole one takes a minute.
        smaller = ["--quick"] if "audit" in command else []
        program = [*grade_command(), *shlex.split(command)[1:], *smaller]
        done = subprocess.run(program, cwd=root, capture_output=True, text=True, check=False)

        assert done.returncode == 0, f"{command}: {done.stdout} {done.stderr}"
        said = iter(done.stdout.splitlines())
        for line in filter(None, wanted.splitlines()):
            assert line in said, f"{command} does not say {line!r} in this order:\n{done.stdout}"
