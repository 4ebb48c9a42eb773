"""What a worker may read: the packages, and never a course that is installed beside them."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course.locations import refuse_exposed
from grader.course.model import Course, Lesson, read_course
from grader.errors import UsageError
from grader.sandbox import confinement, readable
from grader.sandbox.zygote import Zygote
from grader.verdict import Status
from tests.conftest import ROOT
from tests.grading import report_on
from tests.small_lesson import write_three

ATTACK = ROOT / "tests" / "cases" / "hostile" / "solution_of_an_installed_course.py"
NEEDS_CONFINEMENT = pytest.mark.skipif(bool(confinement.missing()), reason="this machine cannot confine code")


@pytest.fixture(autouse=True)
def _looks_again() -> Iterator[None]:
    readable.paths.cache_clear()
    yield
    readable.paths.cache_clear()


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The packages of a prefix that workers may read."""
    prefix = tmp_path / "prefix"
    folder = prefix / "lib" / "python{}.{}".format(*sys.version_info) / "site-packages"
    (folder / "other" / "inner").mkdir(parents=True)
    (folder / "other" / "__init__.py").write_text("")
    (folder / "single.py").write_text("")
    (prefix / "lib64").symlink_to("lib")
    monkeypatch.setattr(sys, "exec_prefix", str(prefix))
    return folder


def installed(packages: Path, lesson: Lesson) -> Path:
    """Return the folder of a course that is installed there."""
    folder = packages / "training_loop_workbook"
    shutil.copytree(lesson.folder, folder / "lessons" / lesson.name)
    (folder / "solutions").mkdir()
    shutil.copy(lesson.solution, folder / "solutions")
    (folder / readable.MARK).write_text('title = "Small"\n')
    return folder


def is_covered(path: Path) -> bool:
    return any(path == Path(each) or path.is_relative_to(each) for each in readable.paths())


def test_without_a_course_the_prefixes_are_granted_whole(packages: Path) -> None:
    assert str(packages.parents[2]) in readable.paths()
    assert os.path.realpath(sys.prefix) in readable.paths()


def test_an_installed_course_is_left_out_and_all_beside_it_is_granted(packages: Path, lesson: Lesson) -> None:
    course = installed(packages, lesson)

    assert not is_covered(course / "solutions" / lesson.solution.name)
    assert not any(Path(each).is_relative_to(course) for each in readable.paths())
    assert is_covered(packages / "other" / "inner")
    assert is_covered(packages / "single.py")


def test_a_course_without_its_mark_is_left_out_too(packages: Path, lesson: Lesson) -> None:
    course = installed(packages, lesson)
    (course / readable.MARK).unlink()

    assert not is_covered(course / "solutions" / lesson.solution.name)


def test_a_copy_deeper_among_the_packages_is_refused(packages: Path, lesson: Lesson, course: Course) -> None:
    inner = packages / "bundle" / "course" / "solutions"
    inner.mkdir(parents=True)
    shutil.copy(lesson.solution, inner)

    with pytest.raises(UsageError, match="bundle/course"):
        refuse_exposed(course)


def test_no_link_leads_around(packages: Path, lesson: Lesson) -> None:
    course = installed(packages, lesson)
    (packages / "alias").symlink_to(course)
    (packages.parents[2] / "up").symlink_to(packages.parents[2])

    real = [os.path.realpath(each) for each in readable.paths()]

    assert not any(course.is_relative_to(each) for each in real)


@pytest.mark.parametrize(
    ("roots", "hidden", "expected"),
    [
        (["a", "b"], [], ["a", "b"]),
        (["a"], ["b"], ["a"]),
        (["a"], ["a"], []),
        (["a/c"], ["a"], []),
        (["a"], ["a/c"], ["a/d", "a/e.py"]),
        (["a"], ["a/c", "a/d"], ["a/e.py"]),
        (["a", "a/c"], ["a/c/x"], ["a/c/y", "a/d", "a/e.py", "a/c/y"]),
        (["b"], ["bb"], ["b"]),
    ],
)
def test_granted(tmp_path: Path, roots: list[str], hidden: list[str], expected: list[str]) -> None:
    for folder in ("a/c/x", "a/c/y", "a/d", "b"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "a" / "e.py").write_text("")

    found = readable.granted([str(tmp_path / each) for each in roots], [str(tmp_path / each) for each in hidden])

    assert list(found) == [str(tmp_path / each) for each in expected]


@NEEDS_CONFINEMENT
@pytest.mark.parametrize("is_recognised", [True, False])
def test_a_worker_cannot_read_the_solution_of_an_installed_course(
    packages: Path, lesson: Lesson, tmp_path: Path, *, is_recognised: bool
) -> None:
    course = installed(packages, lesson)
    if not is_recognised:  # then nothing hides it: the attack is a real one
        (course / readable.MARK).unlink()
        shutil.rmtree(course / "lessons")
        with pytest.raises(UsageError, match="training_loop_workbook"):  # and grade class refuses
            refuse_exposed(read_course(ROOT))
    submission = tmp_path / "submission"
    submission.mkdir()
    shutil.copy(ATTACK, submission / f"{lesson.name}.py")

    with Zygote.forked() as zygote:
        report = report_on(lesson, submission, zygote)

    status = {each.name: each.status for each in report.lessons[0].exercises}["compute_grid"]
    assert status is (Status.WRONG if is_recognised else Status.PASSED)


def test_the_course_of_a_clone_is_not_exposed(course: Course) -> None:
    refuse_exposed(course)


def test_an_installed_course_is_not_exposed(packages: Path, lesson: Lesson) -> None:
    refuse_exposed(read_course(installed(packages, lesson)))


@pytest.mark.parametrize("place", ["", "share/course", "lib/course"])
def test_a_course_below_a_prefix_that_is_not_among_its_packages_is_refused(packages: Path, place: str) -> None:
    root = packages.parents[2] / place
    root.mkdir(exist_ok=True, parents=True)
    lesson = write_three(root)

    with pytest.raises(UsageError, match=r"could read the solutions in .*prefix.* Move that folder"):
        refuse_exposed(read_course(lesson.root))


def test_a_copy_of_the_lessons_below_a_prefix_is_refused(packages: Path, lesson: Lesson, course: Course) -> None:
    copy = packages.parents[2] / "share" / "old"
    (copy / "solutions").mkdir(parents=True)
    shutil.copy(lesson.solution, copy / "solutions")

    with pytest.raises(UsageError, match="share/old"):
        refuse_exposed(course)


def test_other_solutions_below_a_prefix_do_not_count(packages: Path, course: Course) -> None:
    other = packages.parents[2] / "share" / "other" / "solutions"
    other.mkdir(parents=True)
    (other / "m9_9_unknown.py").write_text("")

    refuse_exposed(course)


def test_a_course_with_its_environment_inside_is_not_exposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = write_three(tmp_path)
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(sys, "exec_prefix", str(tmp_path / ".venv"))

    refuse_exposed(read_course(lesson.root))
