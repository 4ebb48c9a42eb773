"""Edits that are proposed for what a class shares: each gives every recorded answer, and can be pasted into a `.md`."""

import pytest

from grader.audit import hooks
from grader.audit.edits import single_edits
from grader.course.exercise_text import editable, edited
from grader.course.model import Course, Lesson
from grader.course.submission import Source
from grader.engine.grading import Options, Task, load
from grader.sandbox.zygote import Zygote
from tests.small_lesson import write_lesson


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return write_lesson(tmp_path_factory.mktemp("course"))


def reproduced(lesson: Lesson, code: str, zygote: Zygote) -> list[list[list[str]]]:
    source = Source("exercises/m9_1_scaling.py", f"import torch\n\n{code}\n".encode())
    options = Options(("scale",), shrinks=False)
    found = hooks.reproduce(Task(load(lesson), source, zygote, options))
    assert found["calls"] > 0
    edits: list[list[list[str]]] = found["edits"]
    return edits


@pytest.mark.parametrize(
    ("code", "new"),
    [
        ("def scale(x, factor):\n    return torch.stack([v / factor for v in x])", "x / factor"),
        ("def scale(x, factor):\n    return x.clone()", "x"),
    ],
)
def test_an_edit_that_gives_all_answers_is_found(code: str, new: str, small: Lesson, zygote: Zygote) -> None:
    assert [["x * factor", new]] in reproduced(small, code, zygote)


@pytest.mark.parametrize(
    "code",
    [
        "def scale(x, factor):\n    return x / factor if len(x) < 3 else x * factor + 1",
        "def scale(x, factor):\n    return x.flip(0) * factor + 7",
        "def scale(x, factor):\n    return x * factor",
    ],
)
def test_what_no_edit_gives_in_every_answer_gets_no_edit(code: str, small: Lesson, zygote: Zygote) -> None:
    assert reproduced(small, code, zygote) == []


def test_every_edit_applies_exactly_once_and_can_be_quoted(course: Course) -> None:
    lesson = course.find("1.4")
    for exercise in lesson.exercises[:2]:
        texts = editable(lesson.solution_module, exercise.name)
        found = list(single_edits(lesson, exercise.name))
        assert found
        for (edit,) in found:
            assert isinstance(edited(texts, (edit,)), dict)
            assert edit.old == edit.old.strip()
            assert "`" not in edit.old + edit.new
            assert edit.old.count("(") == edit.old.count(")")
