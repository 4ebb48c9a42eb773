"""The settings of a course: what they may say, and how an error in them reads."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.model import find_course, read_course
from grader.course.settings import FILE, MAX_BYTES, Settings, natural, parse_settings, read_settings
from grader.errors import CourseError
from tests.conftest import ROOT
from tests.small_lesson import write_settings


def test_this_course_has_a_title_and_a_language() -> None:
    found = read_settings(ROOT)
    assert (found.title, found.language) == ("Learn the Training Loop with PyTorch", "en")


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    text = """
title = "Lineare Algebra"
language = "de-CH"
welcome = '''
Willkommen.
Viel Spass!
'''
arrays = "numpy"
lessons = ["week2", "intro"]
"""
    write_settings(tmp_path, text)
    assert read_settings(tmp_path) == Settings(
        "Lineare Algebra", "de-CH", "Willkommen.\nViel Spass!\n", "numpy", ("week2", "intro")
    )


def test_lessons_come_in_natural_order_and_listed_ones_first(tmp_path: Path) -> None:
    for name in ("week10", "week2", "intro", "m1_10_a", "m1_9_b"):
        (tmp_path / "lessons" / name).mkdir(parents=True)
    assert [lesson.name for lesson in read_course(tmp_path).lessons] == [
        "intro",
        "m1_9_b",
        "m1_10_a",
        "week2",
        "week10",
    ]

    write_settings(tmp_path, 'title = "A"\nlessons = ["week2", "intro"]')
    assert [lesson.name for lesson in find_course(tmp_path).lessons] == [
        "week2",
        "intro",
        "m1_9_b",
        "m1_10_a",
        "week10",
    ]


def test_a_listed_lesson_is_there(tmp_path: Path) -> None:
    (tmp_path / "lessons" / "intro").mkdir(parents=True)
    write_settings(tmp_path, 'title = "A"\n\nlessons = ["intr"]')
    with pytest.raises(CourseError) as caught:
        read_course(tmp_path)
    told = "there is no folder lessons/intr. Did you mean intro? Correct or remove the name."
    assert str(caught.value) == f"course.toml:3: {told}"


WRONG = {
    "": 'course.toml:1: has no title. Add a line: title = "The name of the course"',
    'language = "de"': "course.toml:1: has no title.",
    "title": "course.toml:1: is not TOML: ",
    'title = "A"\nlanguage = "de': "course.toml:1: is not TOML: ",
    "title = " + "[" * 100_000: "course.toml:1: has 100,008 bytes",
    "title = " + "[" * 30_000: "course.toml:1: is not TOML: ",
    "title = 3": 'course.toml:1: Expected `str`, got `int` - at `$.title`. Write for example: title = "text"',
    'title = " "': "course.toml:1: the title must be one line of 1 to 200 characters.",
    'title = "a\\u001b[2J"': "course.toml:1: the title must be one line of 1 to 200 characters.",
    f'title = "{"x" * 201}"': "course.toml:1: the title must be one line of 1 to 200 characters.",
    'title = "A"\n# c\nlanguage = "<b>"': "course.toml:3: '<b>' is not the tag of a language, such as en, de or pt-BR.",
    'title = "A"\nlangage = "de"': "course.toml:2: 'langage' is not a setting of a course. Did you mean language?",
    'title = "A"\n[x]\ny = 1': "is not a setting of a course. The keys are: title, language, welcome, arrays, lessons.",
    'title = "A"\nlessons = "a"': "course.toml:2: Expected `array`, got `str` - at `$.lessons`. Write for example: "
    'lessons = ["intro", "week2"]',
    'title = "A"\nlessons = ["a", "a"]': "course.toml:2: 'a' is named twice. Remove one of them.",
    'title = "A"\narrays = "jax"': "course.toml:2: Invalid enum value 'jax' - at `$.arrays`.",
}


@pytest.mark.parametrize("text", WRONG)
def test_an_error_names_its_line_and_the_next_step(tmp_path: Path, text: str) -> None:
    write_settings(tmp_path, text)
    with pytest.raises(CourseError) as caught:
        read_settings(tmp_path)
    assert WRONG[text] in str(caught.value)


def test_settings_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'title = "\xff"')
    with pytest.raises(CourseError, match=r"course.toml:1: cannot be read: .* Save it as UTF-8 text"):
        read_settings(tmp_path)
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    with pytest.raises(CourseError, match=r"course.toml:1: cannot be read: .*"):
        read_settings(tmp_path)


@given(st.text(max_size=200) | st.text("=[]\"'\n{}title langue0.", max_size=60))
def test_any_text_is_settings_or_an_error_of_the_course(text: str) -> None:
    assert len(text.encode()) < MAX_BYTES
    with contextlib.suppress(CourseError):
        assert parse_settings(text).title


@given(st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), unique=True))
def test_any_names_have_one_order(names: list[str]) -> None:
    assert sorted(names, key=natural) == sorted(reversed(names), key=natural)  # noqa: C414  the order of the names must not matter
