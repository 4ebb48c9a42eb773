"""Imports run one way, in the order of pyproject.toml, and the worker imports its side of the boundary alone."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

from tests.conftest import ROOT

GRADER = ROOT / "grader"
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
LAYERS = next(each["layers"] for each in LINTER["contracts"] if each["type"] == "layers")
WORKER_SIDE = {
    "grader.errors",
    "grader.syntax",
    *(
        f"grader.sandbox.{name}"
        for name in ("arrays", "figure", "confinement", "outline", "readable", "recorder", "wire")
    ),
}


def section(file: str, title: str) -> str:
    """Return a section of a document."""
    return (ROOT / file).read_text().partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_imports_run_one_way() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_contributing_shows_the_rooms_in_their_order() -> None:
    shown = re.findall(r"^\| `(\w+)` \|", section("CONTRIBUTING.md", "I want to change the grader"), re.MULTILINE)

    assert shown == [room for layer in LAYERS for room in re.split(r"\s*[|:]\s*", layer)]


def test_the_map_of_the_readme_names_what_there_is() -> None:
    named = re.findall(r"`([\w./]+)`", section("README.md", "Map"))

    assert len(named) >= 10
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("module", ["grader.sandbox.worker", "grader.sandbox.wire"])
def test_the_worker_imports_its_side_of_the_boundary_alone(module: str) -> None:
    graph = grimp.build_graph("grader", cache_dir=None)

    assert graph.find_modules_directly_imported_by(module) <= WORKER_SIDE


def test_the_engine_knows_no_lesson() -> None:
    lessons = {path.name for path in (ROOT / "lessons").iterdir() if path.is_dir()}
    names = {name for path in (ROOT / "solutions").glob("*.py") for name in functions_of(path)}
    for path in GRADER.rglob("*.py"):
        known = [text for text in strings_in(path) if text in names or not lessons.isdisjoint(re.split("[/.]", text))]
        assert known == [], path


def functions_of(path: Path) -> list[str]:
    """Return the names of the functions of a file."""
    return [node.name for node in ast.parse(path.read_bytes()).body if isinstance(node, ast.FunctionDef)]


def strings_in(path: Path) -> list[str]:
    """Return every string constant of a file."""
    nodes = ast.walk(ast.parse(path.read_bytes()))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@pytest.mark.parametrize(
    "module", ["grader", "grader.cli", "grader.sandbox.zygote", "grader.pytest_plugin", "grader.course.model"]
)
def test_what_answers_at_once_imports_no_torch(module: str) -> None:
    program = f"import sys, {module}; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_lesson_imports_authoring_alone() -> None:
    imported = {
        f"{path.parent.name}/{path.name}: {node.module}"
        for path in (ROOT / "lessons").glob("*/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("grader") and not node.level
    }

    assert {name for name in imported if not name.endswith(": grader.authoring")} == set()
