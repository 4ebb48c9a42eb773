"""What the text alone proves unwritten gets the engine's verdict, word for word, and starts no process."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.commands import Context, grade
from grader.course.model import Course, Lesson
from grader.course.submission import Source, Unreadable
from grader.engine.grading import Options
from grader.engine.unwritten import is_untouched, unwritten, verdict_of
from grader.pool.parallel import grade_abreast
from grader.pool.pool import Pool
from grader.progress.store import Store
from grader.reports.text import Style
from grader.sandbox.zygote import Zygote
from grader.verdict import EVERYTHING, PUBLIC, LessonVerdict, Visibility
from tests.commands.test_grade import options
from tests.conftest import ROOT
from tests.grading import grade as grade_here

LESSONS = sorted(path.stem for path in (ROOT / "exercises").glob("m*.py"))
TODO = 'raise NotImplementedError("TODO: compute_grid")'


def source_of(lesson: Lesson, content: str | None = None) -> Source:
    text = lesson.stub if content is None else content
    return Source(f"exercises/{lesson.name}.py", text.encode())


def timeless(verdict: LessonVerdict) -> LessonVerdict:
    """Return the verdict without what a clock says."""
    exercises = (
        replace(each, checks=tuple(replace(check, duration_ms=0.0) for check in each.checks))
        for each in verdict.exercises
    )
    return replace(verdict, exercises=tuple(exercises))


@pytest.mark.parametrize("checks", [PUBLIC, EVERYTHING], ids=["public", "everything"])
@pytest.mark.parametrize("name", LESSONS)
def test_a_stub_gets_the_verdict_of_the_engine(
    name: str, checks: frozenset[Visibility], course: Course, zygote: Zygote
) -> None:
    lesson = course.find(name)
    source, names = source_of(lesson), [exercise.name for exercise in lesson.exercises]

    functions = [exercise.name for exercise in lesson.exercises if not exercise.is_class]
    by_text = verdict_of(lesson, source, functions, checks)
    by_engine = grade_here(lesson, source, zygote, Options(tuple(functions), checks=checks))

    assert unwritten(lesson, source) == set(names)
    assert by_text == timeless(by_engine.lesson)
    assert (verdict_of(lesson, source, names, checks) is None) == (functions != names)


CHANGES: dict[str, Callable[[str], str]] = {
    "line ends": lambda stub: stub.replace("\n", "\r\n"),
    "another exercise written": lambda stub: stub.replace(
        'raise NotImplementedError("TODO: run_descent")', "return []"
    ),
    "another exercise that warns": lambda stub: stub.replace(
        'raise NotImplementedError("TODO: run_descent")', "return '\\d' is 1"
    ),
    "pass for the TODO": lambda stub: stub.replace(TODO, "pass"),
    "another comment": lambda stub: stub + "# mine\n",
}
"""Files whose text shows that compute_grid is unwritten."""


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_file_that_runs_what_the_stub_runs_gets_the_verdict_of_the_engine(
    change: Callable[[str], str], lesson: Lesson, zygote: Zygote
) -> None:
    source = source_of(lesson, change(lesson.stub))

    assert "compute_grid" in unwritten(lesson, source)
    by_engine = grade_here(lesson, source, zygote, Options(("compute_grid",)))
    assert verdict_of(lesson, source, ["compute_grid"], EVERYTHING) == timeless(by_engine.lesson)


OTHERS: dict[str, Callable[[str], str]] = {
    "written": lambda stub: stub.replace(TODO, "return x"),
    "a line that raises": lambda stub: stub + "\n1 / 0\n",
    "an import": lambda stub: f"import no_such_module\n{stub}",
    "a decorator": lambda stub: stub.replace("def compute_grid(", "@print\ndef compute_grid("),
    "a default": lambda stub: stub.replace("b_values: Tensor)", "b_values: Tensor = 1 / 0)", 1),
    "an annotation": lambda stub: stub.replace("w_values: Tensor", "w_values: 1 / 0", 1),
    "a second definition": lambda stub: f"{stub}\n\ndef compute_grid(x, y, w_values, b_values):\n    return x\n",
    "another name": lambda stub: stub.replace("def compute_grid(", "def compute_gird("),
    "a definition elsewhere": lambda stub: stub.replace(
        'raise NotImplementedError("TODO: run_descent")', "def compute_grid(x):\n        return x\n"
    ),
    "a body that does not compile": lambda stub: stub.replace(
        'raise NotImplementedError("TODO: run_descent")', "nonlocal x"
    ),
    "a syntax error": lambda stub: f"{stub}\ndef\n",
    "too deep": lambda stub: f"{stub}\nx = {'(' * 5000}\n",
    "nothing": lambda _: "\n",
}
"""Files of which the text does not show that compute_grid is to do."""


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_any_other_file_is_left_to_the_engine(change: Callable[[str], str], lesson: Lesson) -> None:
    stub = lesson.stub
    assert change(stub) != stub

    source = source_of(lesson, change(stub))

    assert "compute_grid" not in unwritten(lesson, source)
    assert not is_untouched(lesson, source)


def test_an_unreadable_file_and_a_changed_lesson_are_left_to_the_engine(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unwritten(lesson, Unreadable("exercises/x.py", "There is no file.")) == set()
    monkeypatch.setattr("grader.course.shipped.is_as_shipped", lambda _: False)
    assert verdict_of(lesson, source_of(lesson), ["compute_grid"], PUBLIC) is None


def refuse(*_: object, **__: object) -> None:
    raise AssertionError("a process is started")


def test_unwritten_exercises_start_no_process(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a stub does, nor the unwritten exercises of a file with others."""
    (tmp_path / "exercises").mkdir()
    for name in LESSONS:
        written = course.find(name).stub.replace('raise NotImplementedError("TODO: run_descent")', "return []")
        (tmp_path / "exercises" / f"{name}.py").write_text(written)
    own = Context(replace(course, root=tmp_path), tmp_path / "exercises", Store(None, tmp_path), Style(), lambda _: "")
    monkeypatch.setattr(Pool, "__init__", refuse)

    for words in (["1.1"], ["1.6"], ["1.4", "compute_grid"]):
        assert "to do    " in grade.command(own, options(*words)).text
    with pytest.raises(AssertionError, match="a process is started"):
        grade.command(own, options("1.4"))

    lessons = [course.find(name) for name in LESSONS]
    stubs = [lesson for lesson in lessons if not any(exercise.is_class for exercise in lesson.exercises)]
    sources = {lesson.name: source_of(lesson) for lesson in stubs}
    report = grade_abreast(stubs, sources, {}, dict.fromkeys(sources, 0), PUBLIC)
    assert [lesson.status for lesson in report.lessons] == ["todo"] * len(stubs)
