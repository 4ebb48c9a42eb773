"""A course of NumPy, made from nothing by the commands and the files of COURSES.md, audited, and graded as a class."""

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from grader import cli
from grader.course.model import read_course
from tests.conftest import ROOT
from tests.nursery import grade_command
from tests.patience import PATIENCE

GUIDE = (ROOT / "COURSES.md").read_text(encoding="utf-8").partition("\n## A course of your own\n")[2]
FILE = re.compile(r"^`([\w/.]+)`\n\n(`{3,4})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
MADE, PROVED, (GRADED,) = ([shlex.split(line) for line in block.splitlines()] for block in BLOCKS)
WRONG = """\
import numpy as np


def unit(x):
    return x / (x**2).sum()


def cosine(x, y):
    return float(unit(x) @ unit(y))
"""
HOSTILE = """\
import os
import numpy as np

for path in ("../solutions/vectors.py", "solutions/vectors.py", os.path.join(os.getcwd(), "solutions", "vectors.py")):
    try:
        exec(open(path).read())
    except Exception:
        pass


class Liar(np.ndarray):
    def __eq__(self, other):
        return True


def unit(x):
    os.environ["X"] = "1"
    return np.zeros(len(x)).view(Liar)


def cosine(x, y):
    os._exit(0)
"""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the guide in a folder."""
    program = [*grade_command(), *words[1:]]
    return subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course as the guide makes it."""
    folder = tmp_path_factory.mktemp("guide")
    before = Path.cwd()
    try:
        for words in MADE:
            if words[0] == "cd":
                folder = folder / words[1]
            else:
                assert words[0] == "grade"
                os.chdir(folder)
                assert cli.run(words[1:]) == 0
        for name, _, text in FILE.findall(GUIDE):
            assert (folder / name).is_file() or "cosine" in name, f"{name} replaces a file that grade new has written"
            (folder / name).write_text(text, encoding="utf-8")
        for words in PROVED[:2]:
            if words[0] == "rm":
                (folder / words[1]).unlink()
            else:
                assert cli.run(words[1:]) == 0
    finally:
        os.chdir(before)
    return folder


def test_the_guide_has_the_commands_that_are_run_here() -> None:
    assert [words[:2] for words in [*MADE, *PROVED, GRADED]] == [
        ["grade", "init"],
        ["cd", "linear-algebra"],
        ["grade", "new"],
        ["rm", "lessons/vectors/figures/error.svg"],
        ["grade", "sync"],
        ["grade", "audit"],
        ["grade", "class"],
    ]


def test_the_course_is_the_one_of_the_guide(course: Path) -> None:
    found = read_course(course)

    assert found.settings.title == "Linear algebra"
    assert [(lesson.id, lesson.title) for lesson in found.lessons] == [("vectors", "Vectors")]
    assert [exercise.name for exercise in found.lessons[0].exercises] == ["unit", "cosine"]


def test_the_machine_proves_the_lesson(course: Path) -> None:
    done = run(course, *PROVED[2], "--quick", "--seeds", "1")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "All proofs hold for vectors." in done.stdout


def test_a_class_of_three_is_graded(course: Path) -> None:
    right = (course / "solutions" / "vectors.py").read_text()
    for student, text in {"ann": right, "bob": WRONG, "eve": HOSTILE}.items():
        (course / "submissions" / student).mkdir(parents=True)
        (course / "submissions" / student / "vectors.py").write_text(text)
    done = run(course, *GRADED)

    assert done.returncode == 0, done.stdout + done.stderr
    reports = {path.stem: json.loads(path.read_text()) for path in (course / "results" / "students").glob("*.json")}
    assert set(reports) == {"ann", "bob", "eve"}
    assert reports["ann"]["points"] == reports["ann"]["max_points"] == 10
    assert reports["bob"]["points"] == 0
    assert "square of the length" in json.dumps(reports["bob"])
    assert reports["eve"]["points"] == 0
