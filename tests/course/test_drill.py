"""A drill shows one mistake and no more: what a student has not solved is not in it."""

import ast
import itertools
from pathlib import Path

import pytest

from grader.course.drill import drills_of, needed_for
from grader.course.model import Lesson, read_course
from tests.conftest import ROOT
from tests.small_lesson import THREE_SOLUTION, write_three

EXERCISES = [(lesson, each.name) for lesson in read_course(ROOT).lessons for each in lesson.exercises]


@pytest.mark.parametrize(("lesson", "name"), EXERCISES, ids=[f"{lesson.id} {name}" for lesson, name in EXERCISES])
def test_a_drill_is_the_exercise_with_its_docstring_and_what_it_uses(lesson: Lesson, name: str) -> None:
    solution = {node.name: node for node in lesson.solution_module.definitions()}
    drills = list(itertools.islice(drills_of(lesson, name), 40))

    assert len({drill.label for drill in drills}) == len({drill.text for drill in drills}) == len(drills)
    for drill in drills:
        defined = {node.name: node for node in ast.parse(drill.text).body if isinstance(node, type(solution[name]))}
        assert ast.get_docstring(defined[name]) == ast.get_docstring(solution[name])
        assert {each.name for each in lesson.exercises if each.name in drill.text.partition('"""\n')[2]} >= {name}
        assert {each for each in defined if not each.startswith("_")} <= needed_for(lesson, name)
        compile(drill.text, "drill.py", "exec")


def test_known_mistakes_come_first_and_then_small_changes(tmp_path: Path) -> None:
    lesson = write_three(tmp_path)
    drills = list(drills_of(lesson, "scale"))

    assert drills[0].label == "scale__added"
    assert drills[0].explanation == "You add the factor, and it is to be multiplied."
    assert "return x + factor" in drills[0].text
    assert len(drills) > 3
    assert all(drill.explanation.startswith("One small thing is changed: ") for drill in drills[1:])
    assert drills == list(drills_of(lesson, "scale"))


def test_what_an_exercise_calls_belongs_to_its_drill(tmp_path: Path) -> None:
    lesson = write_three(tmp_path)
    lesson.solution.write_text(THREE_SOLUTION.replace("return x + offset", "return scale(x + offset, 1.0)"))

    assert needed_for(lesson, "total") == {"total"}
    assert needed_for(lesson, "shift") == {"shift", "scale"}
    assert "def scale" in next(drills_of(lesson, "shift")).text
