"""Answers of a quiz, read from a student's file and written into it, and nothing else of it changed."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.model import Course, read_course
from grader.course.quiz import LETTERS, answers_in, questions_of, with_answer
from grader.errors import UsageError
from grader.web.desk import Desk, NotFoundError
from grader.web.views import Conflict, FileView

QUESTIONS = tuple(f"q{number}" for number in range(1, 8))
BEFORE = "import torch\n\n\ndef other():\n    return {'q1': 'a'}\n\n\n"
AFTER = "\n\n\ndef last():\n    return 1  # é\n"


def file_with(body: str) -> str:
    return f'{BEFORE}def quiz():\n    """Answer.\n\n    return {{}}\n    """\n{body}{AFTER}'


@given(st.lists(st.tuples(st.sampled_from(QUESTIONS), st.sampled_from(LETTERS)), min_size=1, max_size=12))
def test_what_was_written_is_read_and_all_else_stays(clicks: list[tuple[str, str]]) -> None:
    source = file_with('    raise NotImplementedError("TODO: quiz")')
    for question, letter in clicks:
        changed = with_answer(source, "quiz", QUESTIONS, question, letter)
        assert changed is not None
        source = changed

    assert answers_in(source, "quiz") == {**dict.fromkeys(QUESTIONS, ""), **dict(clicks)}
    head, tail = file_with("\0").split("\0")
    assert source.startswith(head)
    assert source.endswith(tail)


@pytest.mark.parametrize(
    ("body", "answers"),
    [
        ("    raise NotImplementedError", None),
        ('    raise NotImplementedError("TODO")', {}),
        ("    return {}", {}),
        ("    return {'q1': 'b',\n        'q2': ''}", {"q1": "b", "q2": ""}),
        ("    return {'q1': 1}", None),
        ("    return dict(q1='a')", None),
        ("    x = 'a'\n    return {'q1': x}", None),
        ("    return {**{}, 'q1': 'a'}", None),
        ("    pass; return {'q1': 'a'}", None),
        ("    return {'q1': 'a'", None),
    ],
)
def test_only_a_dict_of_letters_is_read(body: str, answers: dict[str, str] | None) -> None:
    source = file_with(body)

    assert answers_in(source, "quiz") == answers
    assert (with_answer(source, "quiz", QUESTIONS, "q1", "a") is None) == (answers is None)


def test_a_file_without_the_function_has_no_answers() -> None:
    assert answers_in(BEFORE, "quiz") is None
    assert answers_in("def quiz(): return {}\n", "quiz") is None


def test_the_quizzes_of_the_course_are_known(course: Course) -> None:
    found = {name for lesson in course.lessons for name, file in lesson.files.items() if questions_of(file)}

    assert found == {"quiz"}
    assert all(questions_of(each.files["quiz"]) for each in course.lessons if "quiz" in each.files)


def test_every_question_stands_in_the_page_with_its_options(course: Course) -> None:
    for lesson in course.lessons:
        for file in lesson.files.values():
            text = (lesson.folder / "README.md").read_text(encoding="utf-8")
            for question in questions_of(file):
                part = text.partition(f"**Question {question[1:]}.** ")[2].partition("**Question")[0]
                options = [line[:4] for line in part.splitlines() if line.startswith("- ")][:4]
                assert options == [f"- {letter})"[:4] for letter in LETTERS], (lesson.id, question)


def test_a_click_writes_the_file_and_never_over_another_version(course: Course, tmp_path: Path) -> None:
    lesson = course.find("1.6")
    for folder in ("lessons", "solutions", "exercises"):
        (tmp_path / folder).mkdir()
    shutil.copytree(lesson.folder, tmp_path / "lessons" / lesson.name)
    shutil.copy(lesson.solution, tmp_path / "solutions")
    path = tmp_path / "exercises" / f"{lesson.name}.py"
    path.write_text(lesson.stub)
    copy = read_course(tmp_path)
    desk = Desk(lambda: copy, tmp_path / "exercises")
    (own,) = copy.lessons
    base = desk.file(own).digest

    view = desk.answer(own, own.exercise("quiz"), "q2", "c", base)

    assert isinstance(view, FileView)
    assert ("q2", "c") in [(each.question, each.letter) for each in view.letters]
    assert '"q2": "c"' in path.read_text()
    assert isinstance(desk.answer(own, own.exercise("quiz"), "q2", "d", base), Conflict)
    assert '"q2": "c"' in path.read_text()
    with pytest.raises(NotFoundError):
        desk.answer(own, own.exercise("quiz"), "q9", "a", view.digest)
    path.write_text(path.read_text().replace('return {"q1"', 'x = 1\n    return {"q1"'))
    with pytest.raises(UsageError, match="change it in the editor"):
        desk.answer(own, own.exercise("quiz"), "q1", "a", desk.file(own).digest)
