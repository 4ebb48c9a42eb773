"""A right letter earns its question's point, a wrong one gets its explanation, and a missing one is still to do."""

from grader.authoring import Quiz, StudentFunction, points, variant

QUIZ = Quiz(__file__, questions=7)


@points(0)
def test_answers_are_letters(quiz: StudentFunction) -> None:
    """Every key names a question, and every answer is one of the letters a, b, c and d.

    Capitals, spaces and the order do not matter, and you may leave a question out. This check comes first, because
    the others cannot read answers in any other form.
    """
    QUIZ.check_form(quiz)


@points(0)
def test_no_answer_is_wrong(quiz: StudentFunction) -> None:
    """None of the answers that you have given is wrong.

    This check explains all wrong answers at once, and each question below is worth one point.
    """
    QUIZ.check_all(quiz)


def test_question_1(quiz: StudentFunction) -> None:
    """Question 1 is answered correctly: the first step of Adam."""
    QUIZ.check_question(quiz, 1)


def test_question_2(quiz: StudentFunction) -> None:
    """Question 2 is answered correctly: a rate that is lowered without noise."""
    QUIZ.check_question(quiz, 2)


def test_question_3(quiz: StudentFunction) -> None:
    """Question 3 is answered correctly: twenty ReLU layers."""
    QUIZ.check_question(quiz, 3)


def test_question_4(quiz: StudentFunction) -> None:
    """Question 4 is answered correctly: a gradient that is clipped."""
    QUIZ.check_question(quiz, 4)


def test_question_5(quiz: StudentFunction) -> None:
    """Question 5 is answered correctly: shards of different sizes."""
    QUIZ.check_question(quiz, 5)


def test_question_6(quiz: StudentFunction) -> None:
    """Question 6 is answered correctly: predictions in a column, targets in a row."""
    QUIZ.check_question(quiz, 6)


def test_question_7(quiz: StudentFunction) -> None:
    """Question 7 is answered correctly: a network that gives two answers."""
    QUIZ.check_question(quiz, 7)


# Right answers in other styles


@variant
def capitals_and_spaces() -> dict[str, str]:
    """Capital letters, spaces and a closing bracket, as copied from the lesson."""
    return {"q1": "D", "q2": " b ", "q3": "B)", "q4": "a", "q5": "c\n", "q6": "D", "q7": "C."}


@variant
def another_order() -> dict[str, str]:
    """A dict built from keywords, from the last question to the first."""
    return dict(q7="c", q6="d", q5="c", q4="a", q3="b", q2="b", q1="d")  # noqa: C408  a style that students use


@variant
def zipped() -> dict[str, str]:
    """One string of letters, paired with the names of the questions."""
    return {f"Q{number}": letter for number, letter in enumerate("dbbacdc", start=1)}
