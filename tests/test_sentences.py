"""What a report says about a wrong answer, in the words that its student reads."""

import pytest

from grader.course import Course
from grader.reports import text
from tests.test_cases import CASES, Grade, grade_case

__all__ = ["grade_case"]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("m1_6_recap/quiz__cyrillic_letter", "Here 'а' is CYRILLIC SMALL LETTER A (U+0430)."),  # noqa: RUF001  the case
        ("m1_4_loss_landscape/plot_descent__losses_not_turned", "the picture shows the height"),
        ("m1_4_loss_landscape/plot_descent__lines_only", "The figure is drawn with contour, expected contourf."),
    ],
)
def test_a_sentence_is_true_of_the_answer(case: str, said: str, course: Course, grade_case: Grade) -> None:
    """Neither a right letter nor a number of axes is held against it."""
    name, _, stem = case.partition("/")
    lesson = course.find(name)
    content = lesson.solution.read_bytes() + b"\n\n" + (CASES / "wrong" / f"{case}.py").read_bytes()
    shown = " ".join(text.render(grade_case(lesson, content, stem.partition("__")[0]), text.Style(), 0).split())

    assert said in shown
    assert "the check wants" not in shown
