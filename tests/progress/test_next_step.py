"""The next step is one answer: from the current lesson on, what counts and has not passed."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from grader.course.model import Course, Lesson
from grader.progress.next_step import Kind, Progress, next_step, progress_of
from grader.verdict import CheckVerdict, ExerciseVerdict, Status

PASSED, TODO, BEGUN, FAILED = Progress.PASSED, Progress.TODO, Progress.BEGUN, Progress.FAILED


def all_of(lesson: Lesson, progress: Progress = TODO, **others: Progress) -> dict[str, Progress]:
    return dict.fromkeys((exercise.name for exercise in lesson.exercises), progress) | others


def said(course: Course, known: Mapping[str, Mapping[str, Progress]], current: str = "") -> str:
    names = {lesson.name: known.get(lesson.id, all_of(lesson)) for lesson in course.lessons}
    current = course.find(current).name if current else ""
    return next_step(course.lessons, lambda lesson: names[lesson.name], current).sentence


def test_a_fresh_course_begins_with_its_first_lesson(course: Course) -> None:
    assert said(course, {}) == "Next: lesson 1.1, What is a training loop?"
    assert said(course, {}, "1.3") == "Next: write split_batches, then grade 1.3 split_batches"


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (TODO, "Next: write training_step, then grade 1.1 training_step"),
        (BEGUN, "Next: finish training_step, then grade 1.1 training_step"),
        (FAILED, "Next: fix training_step, then grade 1.1 training_step"),
        (Progress.UNGRADED, "Next: grade 1.1 training_step"),
    ],
)
def test_in_a_lesson_it_is_the_first_exercise_that_has_not_passed(
    course: Course, progress: Progress, words: str
) -> None:
    lesson = course.find("1.1")

    assert (
        said(course, {"1.1": all_of(lesson, step_downhill=PASSED, best_constant=PASSED, training_step=progress)})
        == words
    )


def test_one_that_was_never_graded_is_graded(course: Course) -> None:
    assert said(course, {"1.1": {"training_step": TODO, "train": TODO}}) == "Next: grade 1.1 step_downhill"
    assert said(course, {"1.1": {"step_downhill": PASSED}}) == "Next: grade 1.1 best_constant"


def test_after_a_lesson_the_following_one_comes_and_after_the_last_one_what_was_left_out(course: Course) -> None:
    passed = {lesson.id: all_of(lesson, PASSED) for lesson in course.lessons}
    last = course.lessons[-1].id

    assert said(course, {"1.1": passed["1.1"]}, "1.1") == f"Next: lesson 1.2, {course.find('1.2').title}"
    open_first = {**passed, "1.1": all_of(course.find("1.1"), PASSED, train=FAILED)}
    assert said(course, open_first, last) == "Next: fix train, then grade 1.1 train"
    assert said(course, passed, last) == "Everything that counts has passed."


def test_a_bonus_is_no_next_step_unless_there_is_nothing_else(course: Course) -> None:
    lesson = course.find("1.4")
    known = all_of(lesson, PASSED, plot_descent=TODO)
    bonus = Lesson(lesson.root, lesson.name)
    bonus.__dict__["exercises"] = tuple(replace(each, bonus=True) for each in lesson.exercises)

    assert next_step([lesson], lambda _: known).kind is Kind.DONE
    assert next_step([bonus], lambda _: known).exercise == "plot_descent"


@pytest.mark.parametrize(
    ("statuses", "progress"),
    [
        ((Status.PASSED,), PASSED),
        ((Status.TODO,), TODO),
        ((Status.PASSED, Status.TODO), BEGUN),
        ((Status.WRONG, Status.TODO), FAILED),
        ((Status.FAULT,), FAILED),
    ],
)
def test_a_verdict_says_how_far_an_exercise_is(statuses: tuple[Status, ...], progress: Progress) -> None:
    checks = tuple(CheckVerdict("c", "It holds.", status) for status in statuses)

    assert progress_of(ExerciseVerdict("f", False, checks)) is progress
