"""The two distributions of this repository: what their wheels hold, and that a source archive builds the same wheel."""

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from grader.course.model import Course
from tests.conftest import ROOT
from tests.patience import PATIENCE

ENGINE, COURSE = "workbook_grader", "training_loop_workbook"
SOURCES = {ENGINE: ROOT / "grader", COURSE: ROOT}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheels and the source archives of both, and in `again/` the wheels built from the archives."""
    folder = tmp_path_factory.mktemp("distributions")
    for name, source in SOURCES.items():
        _build(source, folder, "--target", "sdist", "--target", "wheel")
        with tarfile.open(archive := only(folder, f"{name}-*.tar.gz")) as packed:
            packed.extractall(folder / "unpacked", filter="data")
        _build(folder / "unpacked" / archive.name.removesuffix(".tar.gz"), folder / "again", "--target", "wheel")
    return folder


def _build(source: Path, folder: Path, *targets: str) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder), *targets]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def present() -> list[str]:
    """Return the files of the repository: those that Git knows, and new ones that it does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [path for path in said.stdout.split("\0")[:-1] if (ROOT / path).exists()]


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def metadata(wheel: Path) -> Message:
    text = next(content for name, content in contents(wheel).items() if name.endswith("/METADATA"))
    return Parser().parsestr(text.decode())


@pytest.mark.parametrize("name", SOURCES)
def test_a_wheel_from_the_source_archive_is_the_wheel(built: Path, name: str) -> None:
    assert contents(only(built, f"{name}-*.whl")) == contents(only(built / "again", f"{name}-*.whl"))


def test_the_engine_holds_what_it_runs_on_and_no_sources_of_the_page(built: Path) -> None:
    packed = {name for name in contents(only(built, f"{ENGINE}-*.whl")) if ".dist-info/" not in name}
    apart = ("grader/web/frontend/", "grader/pyproject.toml", "grader/README.md", "grader/LICENSE")
    here = {path for path in present() if path.startswith("grader/") and not path.startswith(apart)}

    assert packed == here
    assert {"grader/py.typed", "grader/web/static/app.js", "grader/template/course/course.toml.txt"} <= packed


def test_the_course_holds_lessons_and_solutions_and_no_module_of_its_own(built: Path, course: Course) -> None:
    packed = {name for name in contents(only(built, f"{COURSE}-*.whl")) if ".dist-info/" not in name}
    inside = {name.removeprefix(f"{COURSE}/") for name in packed}
    here = {path for path in present() if path.startswith(("lessons/", "solutions/"))}

    assert all(name.startswith(f"{COURSE}/") for name in packed)
    assert {name for name in inside if "/" in name} == here
    assert {name for name in inside if "/" not in name} == {
        *("course.toml", "README.md", "LICENSE"),
        *("CHANGELOG.md", "CONTRIBUTING.md", "COURSES.md", "SECURITY.md"),
    }
    assert {f"solutions/{lesson.name}.py" for lesson in course.lessons} <= inside


@pytest.mark.parametrize("name", SOURCES)
def test_the_metadata_is_complete(built: Path, name: str) -> None:
    said = metadata(only(built, f"{name}-*.whl"))

    assert said["License-Expression"] == "MIT"
    assert said["License-File"] == "LICENSE"
    assert said["Requires-Python"] == ">=3.11"
    assert said["Summary"]
    assert str(said.get_payload()).startswith("# ")
    assert all(each in str(said.get_all("Classifier")) for each in ("Education", "Python :: 3", "POSIX :: Linux"))


def test_only_an_extra_brings_torch(built: Path) -> None:
    needed = [
        Requirement(each)
        for name in SOURCES
        for each in metadata(only(built, f"{name}-*.whl")).get_all("Requires-Dist", [])
    ]
    by_default = {each.name for each in needed if "extra" not in str(each.marker)}
    version = tomllib.loads((ROOT / "grader/pyproject.toml").read_text())["project"]["version"]
    engine = next(each for each in needed if each.name == "workbook-grader" and not each.extras)

    assert "torch" not in by_default
    assert "numpy" in by_default
    assert engine.specifier.contains(version)


def test_the_commands_and_the_plugin_are_declared(built: Path) -> None:
    engine, course = (
        next(text.decode() for name, text in contents(only(built, f"{each}-*.whl")).items() if "entry_points" in name)
        for each in (ENGINE, COURSE)
    )

    assert "grade = grader.cli:main" in engine
    assert "grader = grader.pytest_plugin" in engine
    assert "training-loop-workbook = grader.cli:main" in course


def test_the_engine_has_the_licence_of_the_repository() -> None:
    assert (ROOT / "grader" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
