"""`grade init`: a folder to work in, from an installed course, a folder or a wheel; nothing is overwritten."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import files
from grader.commands import init
from grader.course import installed, layout
from grader.course.model import Course, read_course
from grader.errors import Fault, UsageError
from tests.patience import PATIENCE
from tests.small_lesson import THREE, write_three


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The folder of a small course."""
    root = tmp_path / "source"
    write_three(root)
    (root / "course.toml").write_text('title = "Small"\nlanguage = "en"\n')
    (root / "README.md").write_text("# Small\n")
    (root / "lessons" / THREE / "__pycache__").mkdir()
    (root / "lessons" / THREE / "__pycache__" / "scale.pyc").write_text("")
    (root / ".grade").mkdir()
    return root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mine"


def packed(source: Path, wheel: Path, inside: str = "small") -> Path:
    with zipfile.ZipFile(wheel, "w") as archive:
        for path in source.rglob("*"):
            if path.is_file():
                archive.writestr(f"{inside}/{path.relative_to(source)}", path.read_bytes())
    return wheel


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_gets_the_course_its_stubs_and_its_environment(source: Path, folder: Path) -> None:
    answer = init.lay_out(folder, str(source), is_gpu=False)

    course = read_course(folder)
    found = contents(folder)
    assert found[f"exercises/{THREE}.py"].decode() == course.lessons[0].stub
    assert set(found) == {
        *layout.course_files(read_course(source)),
        *(f"exercises/{THREE}.py", "pyproject.toml", ".gitignore"),
    }
    assert not any("__pycache__" in name for name in found)
    assert "uv pip install -r pyproject.toml" in answer.text
    assert f"cd {folder}" in answer.text


@pytest.mark.parametrize(("is_gpu", "backend"), [(False, "cpu"), (True, "auto")])
def test_the_project_pins_the_grader_and_says_which_torch(
    source: Path, folder: Path, backend: str, *, is_gpu: bool
) -> None:
    init.lay_out(folder, str(source), is_gpu=is_gpu)

    project = tomllib.loads((folder / "pyproject.toml").read_text())
    (needed,) = project["project"]["dependencies"]
    assert needed.startswith("workbook-grader[torch]==")
    assert project["tool"]["uv"] == {"managed": False, "pip": {"torch-backend": backend}}


def test_a_wheel_gives_the_same_folder(source: Path, folder: Path, tmp_path: Path) -> None:
    init.lay_out(folder, str(source), is_gpu=False)
    wheel = packed(source, tmp_path / "small-1-py3-none-any.whl")

    init.lay_out(tmp_path / "other", str(wheel), is_gpu=False)

    assert contents(folder) == contents(tmp_path / "other")


def test_the_installed_course_is_found(
    source: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "packages").mkdir()
    source.rename(tmp_path / "packages" / "small")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "packages")])

    init.lay_out(folder, "", is_gpu=False)

    assert (folder / "course.toml").is_file()


def test_without_an_installed_course_the_next_step_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])

    with pytest.raises(UsageError, match=r"No course is installed .* --from FOLDER"):
        init.lay_out(folder, "", is_gpu=False)


def test_of_several_installed_courses_one_must_be_named(
    source: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_three(tmp_path / "second")
    shutil.copy(source / "course.toml", tmp_path / "second")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])

    with pytest.raises(UsageError, match=r"Several courses .*second.*source"):
        init.lay_out(folder, "", is_gpu=False)


def test_a_second_run_writes_nothing(source: Path, folder: Path) -> None:
    init.lay_out(folder, str(source), is_gpu=False)
    before = contents(folder)

    assert "complete" in init.lay_out(folder, str(source), is_gpu=False).text
    assert contents(folder) == before


def test_what_is_missing_is_completed_and_the_students_file_stays(source: Path, folder: Path) -> None:
    init.lay_out(folder, str(source), is_gpu=False)
    mine = folder / "exercises" / f"{THREE}.py"
    mine.write_text("# mine\n")
    (folder / "course.toml").unlink()

    answer = init.lay_out(folder, str(source), is_gpu=False)

    assert mine.read_text() == "# mine\n"
    assert (folder / "course.toml").is_file()
    assert f"Kept your exercises/{THREE}.py" in answer.text


@pytest.mark.parametrize("name", ["pyproject.toml", "README.md", ".gitignore", f"lessons/{THREE}/README.md"])
def test_a_file_in_the_way_is_named_and_nothing_is_written(source: Path, folder: Path, name: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True)
    path.write_text("mine\n")

    with pytest.raises(UsageError, match=rf"{name}.* Nothing was written. Move"):
        init.lay_out(folder, str(source), is_gpu=False)

    assert contents(folder) == {name: b"mine\n"}


def test_another_version_of_the_course_is_sent_to_update(source: Path, folder: Path) -> None:
    init.lay_out(folder, str(source), is_gpu=False)
    (source / "course.toml").write_text('title = "Other"\nlanguage = "en"\n')

    with pytest.raises(UsageError, match="grade update"):
        init.lay_out(folder, str(source), is_gpu=False)


def test_no_link_is_written_through(source: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder.mkdir()
    (folder / "lessons").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UsageError, match="is a link"):
        init.lay_out(folder, str(source), is_gpu=False)

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_in_place_of_the_folder_is_told(source: Path, folder: Path) -> None:
    folder.write_text("")

    with pytest.raises((UsageError, Fault), match="cannot be written"):
        init.lay_out(folder, str(source), is_gpu=False)


def test_an_interrupted_run_is_completed(source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, count = files.write, iter(range(100))

    def fail(path: Path, content: bytes, *, is_precious: bool = True) -> None:
        if next(count) == 4:
            raise OSError(28, "No space left on device")
        write(path, content, is_precious=is_precious)

    monkeypatch.setattr(files, "write", fail)
    with pytest.raises(Fault, match=r"No space left .* completes the folder later"):
        init.lay_out(folder, str(source), is_gpu=False)
    assert not (folder / "course.toml").exists()
    init.lay_out(folder, str(source), is_gpu=False)

    assert read_course(folder).lessons[0].stub == (folder / "exercises" / f"{THREE}.py").read_text()


BROKEN: dict[str, Callable[[Path, Path], object]] = {
    "missing": lambda _source, _wheel: None,
    "garbage": lambda _source, wheel: wheel.write_bytes(b"PK\3\4 garbage"),
    "empty": lambda _source, wheel: wheel.write_bytes(b""),
    "without a course": lambda source, wheel: packed(source / "lessons", wheel),
    "a way out": lambda source, wheel: packed(source, wheel, "../small"),
    "absolute": lambda source, wheel: packed(source, wheel, "/small"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_not_the_wheel_of_a_course_is_refused(source: Path, folder: Path, tmp_path: Path, kind: str) -> None:
    wheel = tmp_path / "broken.whl"
    BROKEN[kind](source, wheel)

    with pytest.raises(UsageError, match=r"broken\.whl"):
        init.lay_out(folder, str(wheel), is_gpu=False)

    assert not folder.exists()


def test_a_wheel_that_unpacks_to_too_much_is_refused(
    source: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "MAX_BYTES", 100)

    with pytest.raises(UsageError, match="larger than any course"):
        init.lay_out(folder, str(packed(source, tmp_path / "big.whl")), is_gpu=False)


def test_the_whole_course_is_laid_out_by_the_command(course: Course, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from grader.cli import main; main()", "init", "mine"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert done.returncode == 0, done.stderr
    assert "Next:" in done.stdout
    assert [lesson.name for lesson in read_course(tmp_path / "mine").lessons] == [each.name for each in course.lessons]
    assert not list((tmp_path / "mine").rglob("__pycache__"))
