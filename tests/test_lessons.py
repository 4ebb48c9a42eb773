"""Every lesson as its readers meet it; the rules are those of `grade audit`, one implementation for both."""

import pytest

from grader.audit import predictions, programs, text
from grader.audit.text import Rule
from grader.course.model import Lesson, read_course
from grader.engine.reference import Reference
from tests.conftest import ROOT

LESSONS = read_course(ROOT).lessons
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


@each_lesson
@pytest.mark.parametrize("rule", text.RULES, ids=lambda rule: rule.__name__)
def test_the_text_keeps_the_rule(rule: Rule, lesson: Lesson) -> None:
    assert [str(finding) for finding in rule(lesson)] == []


@each_lesson
def test_the_code_of_the_readme_runs_prints_what_it_says_and_draws_the_figures(lesson: Lesson) -> None:
    assert [str(finding) for finding in programs.blocks_run(lesson)] == []


@each_lesson
def test_the_examples_of_the_solution_hold(lesson: Lesson) -> None:
    assert [str(finding) for finding in programs.examples_hold(lesson)] == []


@each_lesson
def test_the_file_itself_draws_the_picture_of_the_student(lesson: Lesson) -> None:
    assert [str(finding) for finding in programs.file_draws(lesson)] == []


@each_lesson
def test_the_predictions_can_be_asked_and_come_true(lesson: Lesson) -> None:
    assert [str(finding) for finding in predictions.are_well_written(lesson)] == []
    assert [str(finding) for finding in predictions.come_true(Reference(lesson))] == []
