"""The engine knows no course: none of its texts names this one, its lessons or its exercises."""

import ast
import re
from pathlib import Path

import pytest

from grader.course.model import read_course
from tests.conftest import ROOT

COURSE = read_course(ROOT)
NAMES = [
    COURSE.settings.title,
    "Training Loop Workbook",
    "training-loop-workbook",
    *(each.name for each in COURSE.lessons),
]
TEXTS = [
    path
    for suffix in ("py", "txt", "mplstyle", "html", "tsx", "ts", "css")
    for path in sorted((ROOT / "grader").rglob(f"*.{suffix}"))
    if not {"node_modules", "static", "tests", "__pycache__"}.intersection(path.relative_to(ROOT).parts)
]


def shown_by(path: Path) -> str:
    """Return the texts of a module that people may read: all but docstrings, where this course is an example."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return "\n".join(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    )


def test_there_are_texts_to_read() -> None:
    assert len(TEXTS) > 200


@pytest.mark.parametrize("name", NAMES)
def test_no_text_of_the_engine_names_the_course(name: str) -> None:
    found = [path.relative_to(ROOT).as_posix() for path in TEXTS if name.lower() in shown_by(path).lower()]

    assert found == []


def test_no_command_in_a_text_of_the_engine_names_a_lesson_of_the_course() -> None:
    command = re.compile(r"\bgrade (?:\w+ )?\d\.\d\b(?! momentum)")
    found = {path.name: command.findall(shown_by(path)) for path in TEXTS}

    assert {name: each for name, each in found.items() if each and name != "new.py"} == {}
