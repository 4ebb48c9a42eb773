"""The folder that a student works in: which files of a course it gets, and those that are made for it."""

import json
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.course.model import Course
from grader.sandbox.readable import MARK

ENGINE = "workbook-grader"
"""The distribution of the grader."""
PROJECT = "pyproject.toml"
_FOLDERS = ("lessons", "solutions")
_TEXTS = ("*.md", "LICENSE*", MARK)
IGNORED = (
    *(".venv/", ".grade/", ".hypothesis/", ".mypy_cache/", ".pytest_cache/", ".ruff_cache/", "__pycache__/"),
    *("my_*.png", "exercises/drill.py", "exercises/drill.before*.py", "appeal-*.json"),
)
_PROJECT = """\
# The environment of this folder: uv venv, then uv pip install -r pyproject.toml
[project]
name = "exercises"
version = "0"
requires-python = ">=3.11"
dependencies = [{requirement}]

[tool.uv]
# `uv run` takes the environment as it is: it never replaces torch by another build.
managed = false

[tool.uv.pip]
# Which build of torch is installed: cpu, auto (the one for this machine), or another that uv knows.
torch-backend = "{backend}"

[tool.pytest.ini_options]
# `pytest` runs the checks of the lessons on the files in exercises/, for the test panel of an editor.
testpaths = ["lessons"]
addopts = ["--import-mode=importlib"]
"""


def course_files(course: Course) -> dict[str, bytes]:
    """Return the files that belong to the course, by their path in a folder; the file that marks it comes last."""
    found = {path.relative_to(course.root).as_posix(): path.read_bytes() for path in _paths(course.root)}
    # A folder that was written in part has no mark yet.
    return dict(sorted(found.items(), key=lambda pair: (pair[0] == MARK, pair[0])))


def exercise_files(course: Course) -> dict[str, bytes]:
    """Return the files that the student fills in; raises GraderError for a lesson that cannot be read."""
    return {f"exercises/{lesson.name}.py": lesson.stub.encode() for lesson in course.lessons}


def made_files(*, is_gpu: bool) -> dict[str, bytes]:
    """Return the files that the folder needs besides: its environment, and what Git ignores."""
    backend = "auto" if is_gpu else "cpu"
    project = _PROJECT.format(requirement=json.dumps(requirement()), backend=backend)
    return {PROJECT: project.encode(), ".gitignore": "".join(f"{each}\n" for each in IGNORED).encode()}


def requirement() -> str:
    """Return the grader as a requirement: its version, and torch, with which it computes whatever the course uses."""
    return f"{ENGINE}[torch]{_pin()}"


def _pin() -> str:
    """Return the version of this grader; empty where it is not installed as a package."""
    try:
        return f"=={version(ENGINE)}"
    except PackageNotFoundError:
        return ""


def _paths(root: Path) -> Iterator[Path]:
    for name in _FOLDERS:
        for path in (root / name).rglob("*"):
            inner = path.relative_to(root).parts
            if path.is_file() and not path.is_symlink() and not any(each.startswith((".", "__")) for each in inner):
                yield path
    for pattern in _TEXTS:
        yield from (path for path in root.glob(pattern) if path.is_file() and not path.is_symlink())
